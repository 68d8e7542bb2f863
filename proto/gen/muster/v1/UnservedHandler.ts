// Original file: muster/v1/task_service.proto


/**
 * A handler that no agent serves at this moment. Its tasks stay READY until one does.
 */
export interface UnservedHandler {
  /**
   * As submitted.
   */
  'handler'?: (string);
  /**
   * The nearest name that some agent has registered; empty if none is near.
   */
  'nearestHandler'?: (string);
  /**
   * True if some agent has registered this name before.
   */
  'known'?: (boolean);
}

/**
 * A handler that no agent serves at this moment. Its tasks stay READY until one does.
 */
export interface UnservedHandler__Output {
  /**
   * As submitted.
   */
  'handler': (string);
  /**
   * The nearest name that some agent has registered; empty if none is near.
   */
  'nearestHandler': (string);
  /**
   * True if some agent has registered this name before.
   */
  'known': (boolean);
}
