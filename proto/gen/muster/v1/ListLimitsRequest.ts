// Original file: muster/v1/limit_service.proto


/**
 * Asks for a page of shared limits.
 */
export interface ListLimitsRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * At most this many: 1 to 1,000. Default 100.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken'?: (string);
}

/**
 * Asks for a page of shared limits.
 */
export interface ListLimitsRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * At most this many: 1 to 1,000. Default 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken': (string);
}
