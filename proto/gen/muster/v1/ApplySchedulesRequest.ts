// Original file: muster/v1/schedule_service.proto

import type { ScheduleSpec as _muster_v1_ScheduleSpec, ScheduleSpec__Output as _muster_v1_ScheduleSpec__Output } from '../../muster/v1/ScheduleSpec.ts';

/**
 * Asks for many schedules.
 */
export interface ApplySchedulesRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * 1 to 10,000, with distinct names.
   */
  'specs'?: (_muster_v1_ScheduleSpec)[];
  /**
   * True: nothing is stored; the answer says what would be.
   */
  'validateOnly'?: (boolean);
}

/**
 * Asks for many schedules.
 */
export interface ApplySchedulesRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * 1 to 10,000, with distinct names.
   */
  'specs': (_muster_v1_ScheduleSpec__Output)[];
  /**
   * True: nothing is stored; the answer says what would be.
   */
  'validateOnly': (boolean);
}
