// Original file: muster/v1/agent_service.proto


/**
 * The attempt was given back.
 */
export interface Interrupted {
  /**
   * For people, at most 1 KiB.
   */
  'reason'?: (string);
}

/**
 * The attempt was given back.
 */
export interface Interrupted__Output {
  /**
   * For people, at most 1 KiB.
   */
  'reason': (string);
}
