// Original file: muster/v1/agent_service.proto


/**
 * The attempt was cancelled.
 */
export interface Cancelled {
  /**
   * True if the handler had not ended when its grace was over.
   */
  'outlivedGrace'?: (boolean);
}

/**
 * The attempt was cancelled.
 */
export interface Cancelled__Output {
  /**
   * True if the handler had not ended when its grace was over.
   */
  'outlivedGrace': (boolean);
}
