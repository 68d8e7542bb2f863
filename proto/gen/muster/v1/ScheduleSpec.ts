// Original file: muster/v1/schedule.proto

import type { ScheduleTiming as _muster_v1_ScheduleTiming, ScheduleTiming__Output as _muster_v1_ScheduleTiming__Output } from '../../muster/v1/ScheduleTiming.ts';
import type { ScheduledTask as _muster_v1_ScheduledTask, ScheduledTask__Output as _muster_v1_ScheduledTask__Output } from '../../muster/v1/ScheduledTask.ts';
import type { MisfirePolicy as _muster_v1_MisfirePolicy, MisfirePolicy__Output as _muster_v1_MisfirePolicy__Output } from '../../muster/v1/MisfirePolicy.ts';
import type { OverlapPolicy as _muster_v1_OverlapPolicy, OverlapPolicy__Output as _muster_v1_OverlapPolicy__Output } from '../../muster/v1/OverlapPolicy.ts';

/**
 * A schedule as its owner writes it.
 */
export interface ScheduleSpec {
  /**
   * Unique in the namespace: 1 to 128 of `a-z 0-9 . _ - /`, beginning with a letter or digit.
   */
  'name'?: (string);
  /**
   * For people, at most 1 KiB.
   */
  'description'?: (string);
  /**
   * When.
   */
  'timing'?: (_muster_v1_ScheduleTiming | null);
  /**
   * What.
   */
  'task'?: (_muster_v1_ScheduledTask | null);
  /**
   * What becomes of times that could not be kept.
   */
  'misfire'?: (_muster_v1_MisfirePolicy | null);
  /**
   * What becomes of a time while tasks of the same schedule are unfinished.
   */
  'overlap'?: (_muster_v1_OverlapPolicy | null);
  /**
   * The schedule pauses itself after so many tasks in a row have failed: 1 to 1,000. 0: never.
   */
  'failuresMax'?: (number);
}

/**
 * A schedule as its owner writes it.
 */
export interface ScheduleSpec__Output {
  /**
   * Unique in the namespace: 1 to 128 of `a-z 0-9 . _ - /`, beginning with a letter or digit.
   */
  'name': (string);
  /**
   * For people, at most 1 KiB.
   */
  'description': (string);
  /**
   * When.
   */
  'timing': (_muster_v1_ScheduleTiming__Output | null);
  /**
   * What.
   */
  'task': (_muster_v1_ScheduledTask__Output | null);
  /**
   * What becomes of times that could not be kept.
   */
  'misfire': (_muster_v1_MisfirePolicy__Output | null);
  /**
   * What becomes of a time while tasks of the same schedule are unfinished.
   */
  'overlap': (_muster_v1_OverlapPolicy__Output | null);
  /**
   * The schedule pauses itself after so many tasks in a row have failed: 1 to 1,000. 0: never.
   */
  'failuresMax': (number);
}
