// Original file: muster/v1/fleet_service.proto


/**
 * Asks for a page of coordinators.
 */
export interface ListCoordinatorsRequest {
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
 * Asks for a page of coordinators.
 */
export interface ListCoordinatorsRequest__Output {
  /**
   * At most this many: 1 to 1,000. Default 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken': (string);
}
