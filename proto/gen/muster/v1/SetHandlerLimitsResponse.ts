// Original file: muster/v1/limit_service.proto

import type { HandlerFlow as _muster_v1_HandlerFlow, HandlerFlow__Output as _muster_v1_HandlerFlow__Output } from '../../muster/v1/HandlerFlow.ts';

/**
 * The limits that were set.
 */
export interface SetHandlerLimitsResponse {
  /**
   * How the handler stands.
   */
  'flow'?: (_muster_v1_HandlerFlow | null);
}

/**
 * The limits that were set.
 */
export interface SetHandlerLimitsResponse__Output {
  /**
   * How the handler stands.
   */
  'flow': (_muster_v1_HandlerFlow__Output | null);
}
