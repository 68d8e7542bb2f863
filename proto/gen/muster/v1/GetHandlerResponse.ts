// Original file: muster/v1/handler_service.proto

import type { Handler as _muster_v1_Handler, Handler__Output as _muster_v1_Handler__Output } from '../../muster/v1/Handler.ts';

/**
 * One handler.
 */
export interface GetHandlerResponse {
  /**
   * The handler.
   */
  'handler'?: (_muster_v1_Handler | null);
}

/**
 * One handler.
 */
export interface GetHandlerResponse__Output {
  /**
   * The handler.
   */
  'handler': (_muster_v1_Handler__Output | null);
}
