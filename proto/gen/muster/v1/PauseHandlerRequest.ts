// Original file: muster/v1/limit_service.proto


/**
 * Asks for no more hand-overs of a handler.
 */
export interface PauseHandlerRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Name of the handler.
   */
  'handler'?: (string);
  /**
   * Why, for people; at most 1 KiB.
   */
  'note'?: (string);
}

/**
 * Asks for no more hand-overs of a handler.
 */
export interface PauseHandlerRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Name of the handler.
   */
  'handler': (string);
  /**
   * Why, for people; at most 1 KiB.
   */
  'note': (string);
}
