// Original file: muster/v1/schedule_service.proto

import type { ApplyAction as _muster_v1_ApplyAction, ApplyAction__Output as _muster_v1_ApplyAction__Output } from '../../muster/v1/ApplyAction.ts';
import type { ScheduleSpec as _muster_v1_ScheduleSpec, ScheduleSpec__Output as _muster_v1_ScheduleSpec__Output } from '../../muster/v1/ScheduleSpec.ts';

/**
 * What applying did, or would do, to one schedule.
 */
export interface AppliedSchedule {
  /**
   * Which one.
   */
  'name'?: (string);
  /**
   * What it did.
   */
  'action'?: (_muster_v1_ApplyAction);
  /**
   * UPDATED: the parts of the spec that differ, as in a mask of UpdateSchedule.
   */
  'changedFields'?: (string)[];
  /**
   * UPDATED: the spec before.
   */
  'specBefore'?: (_muster_v1_ScheduleSpec | null);
}

/**
 * What applying did, or would do, to one schedule.
 */
export interface AppliedSchedule__Output {
  /**
   * Which one.
   */
  'name': (string);
  /**
   * What it did.
   */
  'action': (_muster_v1_ApplyAction__Output);
  /**
   * UPDATED: the parts of the spec that differ, as in a mask of UpdateSchedule.
   */
  'changedFields': (string)[];
  /**
   * UPDATED: the spec before.
   */
  'specBefore': (_muster_v1_ScheduleSpec__Output | null);
}
