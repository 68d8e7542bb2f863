// Original file: muster/v1/schedule_service.proto

import type { Fire as _muster_v1_Fire, Fire__Output as _muster_v1_Fire__Output } from '../../muster/v1/Fire.ts';

/**
 * A page of fire records.
 */
export interface ListFiresResponse {
  /**
   * Newest first.
   */
  'fires'?: (_muster_v1_Fire)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of fire records.
 */
export interface ListFiresResponse__Output {
  /**
   * Newest first.
   */
  'fires': (_muster_v1_Fire__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
