// Original file: muster/v1/agent_service.proto


/**
 * The agent takes nothing more.
 */
export interface Draining {
  /**
   * For people, at most 1 KiB.
   */
  'reason'?: (string);
}

/**
 * The agent takes nothing more.
 */
export interface Draining__Output {
  /**
   * For people, at most 1 KiB.
   */
  'reason': (string);
}
