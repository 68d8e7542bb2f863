// Original file: muster/v1/limit_service.proto

import type { Limit as _muster_v1_Limit, Limit__Output as _muster_v1_Limit__Output } from '../../muster/v1/Limit.ts';

/**
 * A page of shared limits.
 */
export interface ListLimitsResponse {
  /**
   * By name.
   */
  'limits'?: (_muster_v1_Limit)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of shared limits.
 */
export interface ListLimitsResponse__Output {
  /**
   * By name.
   */
  'limits': (_muster_v1_Limit__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
