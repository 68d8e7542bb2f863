// Original file: muster/v1/fleet_service.proto


/**
 * Asks for one agent.
 */
export interface GetAgentRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * The agent's id, or a session id.
   */
  'id'?: (string);
}

/**
 * Asks for one agent.
 */
export interface GetAgentRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * The agent's id, or a session id.
   */
  'id': (string);
}
