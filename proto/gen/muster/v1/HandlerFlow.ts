// Original file: muster/v1/limit.proto

import type { HandlerLimits as _muster_v1_HandlerLimits, HandlerLimits__Output as _muster_v1_HandlerLimits__Output } from '../../muster/v1/HandlerLimits.ts';

/**
 * How a handler's work stands.
 */
export interface HandlerFlow {
  /**
   * Namespace that it belongs to.
   */
  'namespace'?: (string);
  /**
   * Name of the handler.
   */
  'handler'?: (string);
  /**
   * Its limits. All fields unset: none.
   */
  'limits'?: (_muster_v1_HandlerLimits | null);
  /**
   * False: tasks that it had before its limits came or went are still being moved, and none is handed over under limits.
   */
  'settled'?: (boolean);
  /**
   * Somebody paused the handler.
   */
  'paused'?: (boolean);
  /**
   * Somebody paused its namespace.
   */
  'namespacePaused'?: (boolean);
  /**
   * What whoever paused the handler said. Empty: nothing.
   */
  'pauseNote'?: (string);
  /**
   * Attempts that run under its limits now.
   */
  'running'?: (number);
  /**
   * Tasks that wait in its lanes, counted up to 10,000.
   */
  'waiting'?: (number);
}

/**
 * How a handler's work stands.
 */
export interface HandlerFlow__Output {
  /**
   * Namespace that it belongs to.
   */
  'namespace': (string);
  /**
   * Name of the handler.
   */
  'handler': (string);
  /**
   * Its limits. All fields unset: none.
   */
  'limits': (_muster_v1_HandlerLimits__Output | null);
  /**
   * False: tasks that it had before its limits came or went are still being moved, and none is handed over under limits.
   */
  'settled': (boolean);
  /**
   * Somebody paused the handler.
   */
  'paused': (boolean);
  /**
   * Somebody paused its namespace.
   */
  'namespacePaused': (boolean);
  /**
   * What whoever paused the handler said. Empty: nothing.
   */
  'pauseNote': (string);
  /**
   * Attempts that run under its limits now.
   */
  'running': (number);
  /**
   * Tasks that wait in its lanes, counted up to 10,000.
   */
  'waiting': (number);
}
