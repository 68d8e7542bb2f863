// Original file: muster/v1/namespace_service.proto


/**
 * Asks for one namespace.
 */
export interface GetNamespaceRequest {
  /**
   * Empty: `default`.
   */
  'name'?: (string);
}

/**
 * Asks for one namespace.
 */
export interface GetNamespaceRequest__Output {
  /**
   * Empty: `default`.
   */
  'name': (string);
}
