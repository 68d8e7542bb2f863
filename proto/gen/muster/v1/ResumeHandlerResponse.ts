// Original file: muster/v1/limit_service.proto

import type { HandlerFlow as _muster_v1_HandlerFlow, HandlerFlow__Output as _muster_v1_HandlerFlow__Output } from '../../muster/v1/HandlerFlow.ts';

/**
 * It is not paused.
 */
export interface ResumeHandlerResponse {
  /**
   * How it stands; its namespace may be paused still.
   */
  'flow'?: (_muster_v1_HandlerFlow | null);
}

/**
 * It is not paused.
 */
export interface ResumeHandlerResponse__Output {
  /**
   * How it stands; its namespace may be paused still.
   */
  'flow': (_muster_v1_HandlerFlow__Output | null);
}
