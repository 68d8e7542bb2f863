// Original file: muster/v1/agent_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * The agent is asked to drain.
 */
export interface Drain {
  /**
   * How long what runs may take to end. Unset: the agent's own.
   */
  'drainGrace'?: (_google_protobuf_Duration | null);
  /**
   * For people.
   */
  'reason'?: (string);
}

/**
 * The agent is asked to drain.
 */
export interface Drain__Output {
  /**
   * How long what runs may take to end. Unset: the agent's own.
   */
  'drainGrace': (_google_protobuf_Duration__Output | null);
  /**
   * For people.
   */
  'reason': (string);
}
