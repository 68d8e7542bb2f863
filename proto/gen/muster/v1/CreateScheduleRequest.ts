// Original file: muster/v1/schedule_service.proto

import type { ScheduleSpec as _muster_v1_ScheduleSpec, ScheduleSpec__Output as _muster_v1_ScheduleSpec__Output } from '../../muster/v1/ScheduleSpec.ts';

/**
 * Asks for a new schedule.
 */
export interface CreateScheduleRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * As it should be.
   */
  'spec'?: (_muster_v1_ScheduleSpec | null);
  /**
   * Not empty: it is made paused, with this note.
   */
  'pauseNote'?: (string);
}

/**
 * Asks for a new schedule.
 */
export interface CreateScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * As it should be.
   */
  'spec': (_muster_v1_ScheduleSpec__Output | null);
  /**
   * Not empty: it is made paused, with this note.
   */
  'pauseNote': (string);
}
