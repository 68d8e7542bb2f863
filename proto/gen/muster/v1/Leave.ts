// Original file: muster/v1/agent_service.proto


/**
 * The session ends in order.
 */
export interface Leave {
  /**
   * For people, at most 1 KiB.
   */
  'reason'?: (string);
}

/**
 * The session ends in order.
 */
export interface Leave__Output {
  /**
   * For people, at most 1 KiB.
   */
  'reason': (string);
}
