// Original file: muster/v1/namespace_service.proto


/**
 * Asks for a deletion.
 */
export interface DeleteNamespaceRequest {
  /**
   * Which one.
   */
  'name'?: (string);
}

/**
 * Asks for a deletion.
 */
export interface DeleteNamespaceRequest__Output {
  /**
   * Which one.
   */
  'name': (string);
}
