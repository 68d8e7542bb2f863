// Original file: muster/v1/namespace_service.proto


/**
 * Asks for a page of namespaces.
 */
export interface ListNamespacesRequest {
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
 * Asks for a page of namespaces.
 */
export interface ListNamespacesRequest__Output {
  /**
   * At most this many: 1 to 1,000. Default 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken': (string);
}
