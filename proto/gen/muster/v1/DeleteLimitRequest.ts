// Original file: muster/v1/limit_service.proto


/**
 * Asks for the end of a shared limit.
 */
export interface DeleteLimitRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Which one.
   */
  'name'?: (string);
}

/**
 * Asks for the end of a shared limit.
 */
export interface DeleteLimitRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
}
