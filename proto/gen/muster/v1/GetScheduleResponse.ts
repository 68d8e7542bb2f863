// Original file: muster/v1/schedule_service.proto

import type { Schedule as _muster_v1_Schedule, Schedule__Output as _muster_v1_Schedule__Output } from '../../muster/v1/Schedule.ts';

/**
 * One schedule.
 */
export interface GetScheduleResponse {
  /**
   * The schedule.
   */
  'schedule'?: (_muster_v1_Schedule | null);
}

/**
 * One schedule.
 */
export interface GetScheduleResponse__Output {
  /**
   * The schedule.
   */
  'schedule': (_muster_v1_Schedule__Output | null);
}
