// Original file: muster/v1/agent_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * The agent is asked to connect elsewhere, or later. Its session and what it runs go on.
 */
export interface GoAway {
  /**
   * Coordinators to try first. May be empty. At most 100.
   */
  'addresses'?: (string)[];
  /**
   * Wait before the next dial. Unset: none.
   */
  'reconnectDelay'?: (_google_protobuf_Duration | null);
  /**
   * For people.
   */
  'reason'?: (string);
}

/**
 * The agent is asked to connect elsewhere, or later. Its session and what it runs go on.
 */
export interface GoAway__Output {
  /**
   * Coordinators to try first. May be empty. At most 100.
   */
  'addresses': (string)[];
  /**
   * Wait before the next dial. Unset: none.
   */
  'reconnectDelay': (_google_protobuf_Duration__Output | null);
  /**
   * For people.
   */
  'reason': (string);
}
