// Original file: muster/v1/schedule_service.proto

import type { Schedule as _muster_v1_Schedule, Schedule__Output as _muster_v1_Schedule__Output } from '../../muster/v1/Schedule.ts';
import type { UnservedHandler as _muster_v1_UnservedHandler, UnservedHandler__Output as _muster_v1_UnservedHandler__Output } from '../../muster/v1/UnservedHandler.ts';

/**
 * The changed schedule.
 */
export interface UpdateScheduleResponse {
  /**
   * As stored.
   */
  'schedule'?: (_muster_v1_Schedule | null);
  /**
   * Its handler, if no agent serves it at this moment.
   */
  'unservedHandler'?: (_muster_v1_UnservedHandler | null);
}

/**
 * The changed schedule.
 */
export interface UpdateScheduleResponse__Output {
  /**
   * As stored.
   */
  'schedule': (_muster_v1_Schedule__Output | null);
  /**
   * Its handler, if no agent serves it at this moment.
   */
  'unservedHandler': (_muster_v1_UnservedHandler__Output | null);
}
