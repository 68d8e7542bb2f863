// Original file: muster/v1/limit_service.proto


/**
 * Asks for the end of a handler's pause.
 */
export interface ResumeHandlerRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Name of the handler.
   */
  'handler'?: (string);
}

/**
 * Asks for the end of a handler's pause.
 */
export interface ResumeHandlerRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Name of the handler.
   */
  'handler': (string);
}
