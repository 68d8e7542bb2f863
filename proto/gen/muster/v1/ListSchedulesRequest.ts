// Original file: muster/v1/schedule_service.proto

import type { ScheduleState as _muster_v1_ScheduleState, ScheduleState__Output as _muster_v1_ScheduleState__Output } from '../../muster/v1/ScheduleState.ts';

/**
 * Asks for a page of schedules.
 */
export interface ListSchedulesRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Only those for this handler. Empty: any.
   */
  'handler'?: (string);
  /**
   * Only those in one of these states. None: any.
   */
  'states'?: (_muster_v1_ScheduleState)[];
  /**
   * At most this many: 1 to 1,000. Default 50. A page also ends at 2 MiB.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before, with the same filters. Empty: the first page.
   */
  'pageToken'?: (string);
}

/**
 * Asks for a page of schedules.
 */
export interface ListSchedulesRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Only those for this handler. Empty: any.
   */
  'handler': (string);
  /**
   * Only those in one of these states. None: any.
   */
  'states': (_muster_v1_ScheduleState__Output)[];
  /**
   * At most this many: 1 to 1,000. Default 50. A page also ends at 2 MiB.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before, with the same filters. Empty: the first page.
   */
  'pageToken': (string);
}
