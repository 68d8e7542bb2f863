// Original file: muster/v1/limit_service.proto


/**
 * Asks how a handler stands.
 */
export interface GetHandlerFlowRequest {
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
 * Asks how a handler stands.
 */
export interface GetHandlerFlowRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Name of the handler.
   */
  'handler': (string);
}
