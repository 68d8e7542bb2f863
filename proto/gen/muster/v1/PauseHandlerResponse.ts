// Original file: muster/v1/limit_service.proto

import type { HandlerFlow as _muster_v1_HandlerFlow, HandlerFlow__Output as _muster_v1_HandlerFlow__Output } from '../../muster/v1/HandlerFlow.ts';

/**
 * It is paused.
 */
export interface PauseHandlerResponse {
  /**
   * How it stands.
   */
  'flow'?: (_muster_v1_HandlerFlow | null);
}

/**
 * It is paused.
 */
export interface PauseHandlerResponse__Output {
  /**
   * How it stands.
   */
  'flow': (_muster_v1_HandlerFlow__Output | null);
}
