// Original file: muster/v1/agent_service.proto

/**
 * What the agent has done with a lease.
 */
export const LeaseState = {
  /**
   * Refused.
   */
  LEASE_STATE_UNSPECIFIED: 'LEASE_STATE_UNSPECIFIED',
  /**
   * Taken in, not begun.
   */
  LEASE_STATE_ACCEPTED: 'LEASE_STATE_ACCEPTED',
  /**
   * The handler runs.
   */
  LEASE_STATE_RUNNING: 'LEASE_STATE_RUNNING',
  /**
   * Ended; the outcome is not acknowledged yet.
   */
  LEASE_STATE_FINISHED: 'LEASE_STATE_FINISHED',
} as const;

/**
 * What the agent has done with a lease.
 */
export type LeaseState =
  /**
   * Refused.
   */
  | 'LEASE_STATE_UNSPECIFIED'
  | 0
  /**
   * Taken in, not begun.
   */
  | 'LEASE_STATE_ACCEPTED'
  | 1
  /**
   * The handler runs.
   */
  | 'LEASE_STATE_RUNNING'
  | 2
  /**
   * Ended; the outcome is not acknowledged yet.
   */
  | 'LEASE_STATE_FINISHED'
  | 3

/**
 * What the agent has done with a lease.
 */
export type LeaseState__Output = typeof LeaseState[keyof typeof LeaseState]
