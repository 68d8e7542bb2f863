// Original file: muster/v1/limit_service.proto


/**
 * Asks for no more hand-overs in a namespace.
 */
export interface PauseNamespaceRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Why, for people; at most 1 KiB.
   */
  'note'?: (string);
}

/**
 * Asks for no more hand-overs in a namespace.
 */
export interface PauseNamespaceRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Why, for people; at most 1 KiB.
   */
  'note': (string);
}
