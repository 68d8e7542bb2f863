// Original file: muster/v1/fleet_service.proto

import type { Agent as _muster_v1_Agent, Agent__Output as _muster_v1_Agent__Output } from '../../muster/v1/Agent.ts';

/**
 * A page of agents.
 */
export interface ListAgentsResponse {
  /**
   * Newest session first.
   */
  'agents'?: (_muster_v1_Agent)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of agents.
 */
export interface ListAgentsResponse__Output {
  /**
   * Newest session first.
   */
  'agents': (_muster_v1_Agent__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
