// Original file: muster/v1/schedule_service.proto

import type { FireDecision as _muster_v1_FireDecision, FireDecision__Output as _muster_v1_FireDecision__Output } from '../../muster/v1/FireDecision.ts';

/**
 * Asks for a page of fire records.
 */
export interface ListFiresRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Which schedule.
   */
  'name'?: (string);
  /**
   * Only those with one of these decisions. None: any.
   */
  'decisions'?: (_muster_v1_FireDecision)[];
  /**
   * At most this many: 1 to 1,000. Default 50.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken'?: (string);
}

/**
 * Asks for a page of fire records.
 */
export interface ListFiresRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which schedule.
   */
  'name': (string);
  /**
   * Only those with one of these decisions. None: any.
   */
  'decisions': (_muster_v1_FireDecision__Output)[];
  /**
   * At most this many: 1 to 1,000. Default 50.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken': (string);
}
