// Original file: muster/v1/limit_service.proto

import type { HandlerFlow as _muster_v1_HandlerFlow, HandlerFlow__Output as _muster_v1_HandlerFlow__Output } from '../../muster/v1/HandlerFlow.ts';

/**
 * How a handler stands.
 */
export interface GetHandlerFlowResponse {
  /**
   * It.
   */
  'flow'?: (_muster_v1_HandlerFlow | null);
}

/**
 * How a handler stands.
 */
export interface GetHandlerFlowResponse__Output {
  /**
   * It.
   */
  'flow': (_muster_v1_HandlerFlow__Output | null);
}
