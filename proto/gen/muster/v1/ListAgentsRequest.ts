// Original file: muster/v1/fleet_service.proto

import type { SessionState as _muster_v1_SessionState, SessionState__Output as _muster_v1_SessionState__Output } from '../../muster/v1/SessionState.ts';

/**
 * Asks for a page of agents.
 */
export interface ListAgentsRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * In this state. Default: attached and detached ones.
   */
  'state'?: (_muster_v1_SessionState);
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
 * Asks for a page of agents.
 */
export interface ListAgentsRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * In this state. Default: attached and detached ones.
   */
  'state': (_muster_v1_SessionState__Output);
  /**
   * At most this many: 1 to 1,000. Default 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before. Empty: the first page.
   */
  'pageToken': (string);
}
