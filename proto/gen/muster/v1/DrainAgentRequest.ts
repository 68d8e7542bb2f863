// Original file: muster/v1/fleet_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Asks an agent to drain.
 */
export interface DrainAgentRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * The agent's id (every session of it), or a session id.
   */
  'id'?: (string);
  /**
   * How long what runs may take to end: 0 s to 24 h. Default: the agent's own.
   */
  'drainGrace'?: (_google_protobuf_Duration | null);
}

/**
 * Asks an agent to drain.
 */
export interface DrainAgentRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * The agent's id (every session of it), or a session id.
   */
  'id': (string);
  /**
   * How long what runs may take to end: 0 s to 24 h. Default: the agent's own.
   */
  'drainGrace': (_google_protobuf_Duration__Output | null);
}
