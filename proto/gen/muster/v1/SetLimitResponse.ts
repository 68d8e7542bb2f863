// Original file: muster/v1/limit_service.proto

import type { Limit as _muster_v1_Limit, Limit__Output as _muster_v1_Limit__Output } from '../../muster/v1/Limit.ts';

/**
 * The limit that was set.
 */
export interface SetLimitResponse {
  /**
   * As it stands.
   */
  'limit'?: (_muster_v1_Limit | null);
}

/**
 * The limit that was set.
 */
export interface SetLimitResponse__Output {
  /**
   * As it stands.
   */
  'limit': (_muster_v1_Limit__Output | null);
}
