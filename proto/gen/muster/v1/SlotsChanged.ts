// Original file: muster/v1/agent_service.proto


/**
 * Absolute numbers of slots.
 */
export interface SlotsChanged {
  /**
   * Attempts that the agent runs at a time from now on: 0 to 100,000.
   */
  'slots'?: (number);
}

/**
 * Absolute numbers of slots.
 */
export interface SlotsChanged__Output {
  /**
   * Attempts that the agent runs at a time from now on: 0 to 100,000.
   */
  'slots': (number);
}
