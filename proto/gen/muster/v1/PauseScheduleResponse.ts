// Original file: muster/v1/schedule_service.proto

import type { Schedule as _muster_v1_Schedule, Schedule__Output as _muster_v1_Schedule__Output } from '../../muster/v1/Schedule.ts';

/**
 * The paused schedule.
 */
export interface PauseScheduleResponse {
  /**
   * As stored.
   */
  'schedule'?: (_muster_v1_Schedule | null);
}

/**
 * The paused schedule.
 */
export interface PauseScheduleResponse__Output {
  /**
   * As stored.
   */
  'schedule': (_muster_v1_Schedule__Output | null);
}
