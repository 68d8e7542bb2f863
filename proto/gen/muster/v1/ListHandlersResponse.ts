// Original file: muster/v1/handler_service.proto

import type { Handler as _muster_v1_Handler, Handler__Output as _muster_v1_Handler__Output } from '../../muster/v1/Handler.ts';

/**
 * A page of handlers.
 */
export interface ListHandlersResponse {
  /**
   * By name.
   */
  'handlers'?: (_muster_v1_Handler)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of handlers.
 */
export interface ListHandlersResponse__Output {
  /**
   * By name.
   */
  'handlers': (_muster_v1_Handler__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
