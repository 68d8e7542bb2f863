// Original file: muster/v1/limit_service.proto

import type { HandlerLimits as _muster_v1_HandlerLimits, HandlerLimits__Output as _muster_v1_HandlerLimits__Output } from '../../muster/v1/HandlerLimits.ts';

/**
 * Asks for a handler's limits to be as these.
 */
export interface SetHandlerLimitsRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Name of the handler.
   */
  'handler'?: (string);
  /**
   * Unset: no limits.
   */
  'limits'?: (_muster_v1_HandlerLimits | null);
}

/**
 * Asks for a handler's limits to be as these.
 */
export interface SetHandlerLimitsRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Name of the handler.
   */
  'handler': (string);
  /**
   * Unset: no limits.
   */
  'limits': (_muster_v1_HandlerLimits__Output | null);
}
