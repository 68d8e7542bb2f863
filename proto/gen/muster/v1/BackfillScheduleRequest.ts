// Original file: muster/v1/schedule_service.proto

import type { TimeRange as _muster_v1_TimeRange, TimeRange__Output as _muster_v1_TimeRange__Output } from '../../muster/v1/TimeRange.ts';

/**
 * Asks for the tasks of a range.
 */
export interface BackfillScheduleRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Which one. One with `end_delay` has no times of its own to fill.
   */
  'name'?: (string);
  /**
   * The range, in the past. At most 1,000 nominal times, and not older than fire records are kept (setting
   * `fire-retention-window`) unless the schedule was made after.
   */
  'range'?: (_muster_v1_TimeRange | null);
  /**
   * True: nothing is stored; the answer says what would be.
   */
  'validateOnly'?: (boolean);
}

/**
 * Asks for the tasks of a range.
 */
export interface BackfillScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one. One with `end_delay` has no times of its own to fill.
   */
  'name': (string);
  /**
   * The range, in the past. At most 1,000 nominal times, and not older than fire records are kept (setting
   * `fire-retention-window`) unless the schedule was made after.
   */
  'range': (_muster_v1_TimeRange__Output | null);
  /**
   * True: nothing is stored; the answer says what would be.
   */
  'validateOnly': (boolean);
}
