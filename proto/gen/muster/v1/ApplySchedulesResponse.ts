// Original file: muster/v1/schedule_service.proto

import type { AppliedSchedule as _muster_v1_AppliedSchedule, AppliedSchedule__Output as _muster_v1_AppliedSchedule__Output } from '../../muster/v1/AppliedSchedule.ts';
import type { UnservedHandler as _muster_v1_UnservedHandler, UnservedHandler__Output as _muster_v1_UnservedHandler__Output } from '../../muster/v1/UnservedHandler.ts';

/**
 * What became of each.
 */
export interface ApplySchedulesResponse {
  /**
   * One per spec, in the order of the request.
   */
  'schedules'?: (_muster_v1_AppliedSchedule)[];
  /**
   * Their handlers that no agent serves at this moment. At most 20.
   */
  'unservedHandlers'?: (_muster_v1_UnservedHandler)[];
}

/**
 * What became of each.
 */
export interface ApplySchedulesResponse__Output {
  /**
   * One per spec, in the order of the request.
   */
  'schedules': (_muster_v1_AppliedSchedule__Output)[];
  /**
   * Their handlers that no agent serves at this moment. At most 20.
   */
  'unservedHandlers': (_muster_v1_UnservedHandler__Output)[];
}
