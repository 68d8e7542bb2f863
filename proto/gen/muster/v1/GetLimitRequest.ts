// Original file: muster/v1/limit_service.proto


/**
 * Asks for one shared limit.
 */
export interface GetLimitRequest {
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
 * Asks for one shared limit.
 */
export interface GetLimitRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which one.
   */
  'name': (string);
}
