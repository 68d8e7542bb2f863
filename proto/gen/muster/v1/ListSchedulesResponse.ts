// Original file: muster/v1/schedule_service.proto

import type { Schedule as _muster_v1_Schedule, Schedule__Output as _muster_v1_Schedule__Output } from '../../muster/v1/Schedule.ts';

/**
 * A page of schedules.
 */
export interface ListSchedulesResponse {
  /**
   * By name.
   */
  'schedules'?: (_muster_v1_Schedule)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of schedules.
 */
export interface ListSchedulesResponse__Output {
  /**
   * By name.
   */
  'schedules': (_muster_v1_Schedule__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
