// Original file: muster/v1/limit_service.proto

import type { Limit as _muster_v1_Limit, Limit__Output as _muster_v1_Limit__Output } from '../../muster/v1/Limit.ts';

/**
 * One shared limit.
 */
export interface GetLimitResponse {
  /**
   * As it stands.
   */
  'limit'?: (_muster_v1_Limit | null);
}

/**
 * One shared limit.
 */
export interface GetLimitResponse__Output {
  /**
   * As it stands.
   */
  'limit': (_muster_v1_Limit__Output | null);
}
