// Original file: muster/v1/handler_service.proto


/**
 * Asks for one handler.
 */
export interface GetHandlerRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Name of the handler.
   */
  'name'?: (string);
}

/**
 * Asks for one handler.
 */
export interface GetHandlerRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Name of the handler.
   */
  'name': (string);
}
