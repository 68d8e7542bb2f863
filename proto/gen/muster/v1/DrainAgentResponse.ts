// Original file: muster/v1/fleet_service.proto


/**
 * The agent has been asked.
 */
export interface DrainAgentResponse {
  /**
   * Sessions that have been asked.
   */
  'sessionIds'?: (string)[];
}

/**
 * The agent has been asked.
 */
export interface DrainAgentResponse__Output {
  /**
   * Sessions that have been asked.
   */
  'sessionIds': (string)[];
}
