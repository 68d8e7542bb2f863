// Original file: muster/v1/fleet_service.proto

import type { Agent as _muster_v1_Agent, Agent__Output as _muster_v1_Agent__Output } from '../../muster/v1/Agent.ts';

/**
 * One agent.
 */
export interface GetAgentResponse {
  /**
   * Its newest session.
   */
  'agent'?: (_muster_v1_Agent | null);
}

/**
 * One agent.
 */
export interface GetAgentResponse__Output {
  /**
   * Its newest session.
   */
  'agent': (_muster_v1_Agent__Output | null);
}
