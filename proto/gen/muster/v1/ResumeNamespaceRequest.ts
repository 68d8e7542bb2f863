// Original file: muster/v1/limit_service.proto


/**
 * Asks for the end of a namespace's pause.
 */
export interface ResumeNamespaceRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
}

/**
 * Asks for the end of a namespace's pause.
 */
export interface ResumeNamespaceRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
}
