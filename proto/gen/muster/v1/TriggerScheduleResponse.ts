// Original file: muster/v1/schedule_service.proto

import type { Fire as _muster_v1_Fire, Fire__Output as _muster_v1_Fire__Output } from '../../muster/v1/Fire.ts';

/**
 * The task that was made.
 */
export interface TriggerScheduleResponse {
  /**
   * Its record; the nominal time is that of the call, in milliseconds.
   */
  'fire'?: (_muster_v1_Fire | null);
}

/**
 * The task that was made.
 */
export interface TriggerScheduleResponse__Output {
  /**
   * Its record; the nominal time is that of the call, in milliseconds.
   */
  'fire': (_muster_v1_Fire__Output | null);
}
