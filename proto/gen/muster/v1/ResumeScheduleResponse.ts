// Original file: muster/v1/schedule_service.proto

import type { Schedule as _muster_v1_Schedule, Schedule__Output as _muster_v1_Schedule__Output } from '../../muster/v1/Schedule.ts';

/**
 * The resumed schedule.
 */
export interface ResumeScheduleResponse {
  /**
   * As stored. Its count of failures begins anew.
   */
  'schedule'?: (_muster_v1_Schedule | null);
}

/**
 * The resumed schedule.
 */
export interface ResumeScheduleResponse__Output {
  /**
   * As stored. Its count of failures begins anew.
   */
  'schedule': (_muster_v1_Schedule__Output | null);
}
