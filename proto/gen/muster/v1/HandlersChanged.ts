// Original file: muster/v1/agent_service.proto

import type { HandlerRegistration as _muster_v1_HandlerRegistration, HandlerRegistration__Output as _muster_v1_HandlerRegistration__Output } from '../../muster/v1/HandlerRegistration.ts';

/**
 * The handlers of the agent from now on.
 */
export interface HandlersChanged {
  /**
   * All of them: 1 to 1,000.
   */
  'handlers'?: (_muster_v1_HandlerRegistration)[];
}

/**
 * The handlers of the agent from now on.
 */
export interface HandlersChanged__Output {
  /**
   * All of them: 1 to 1,000.
   */
  'handlers': (_muster_v1_HandlerRegistration__Output)[];
}
