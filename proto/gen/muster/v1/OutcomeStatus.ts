// Original file: muster/v1/agent_service.proto

/**
 * How an outcome was taken.
 */
export const OutcomeStatus = {
  /**
   * Never sent.
   */
  OUTCOME_STATUS_UNSPECIFIED: 'OUTCOME_STATUS_UNSPECIFIED',
  /**
   * Durable, now or already before.
   */
  OUTCOME_STATUS_RECORDED: 'OUTCOME_STATUS_RECORDED',
  /**
   * The lease had lapsed: nothing was written. Forget it.
   */
  OUTCOME_STATUS_STALE: 'OUTCOME_STATUS_STALE',
} as const;

/**
 * How an outcome was taken.
 */
export type OutcomeStatus =
  /**
   * Never sent.
   */
  | 'OUTCOME_STATUS_UNSPECIFIED'
  | 0
  /**
   * Durable, now or already before.
   */
  | 'OUTCOME_STATUS_RECORDED'
  | 1
  /**
   * The lease had lapsed: nothing was written. Forget it.
   */
  | 'OUTCOME_STATUS_STALE'
  | 2

/**
 * How an outcome was taken.
 */
export type OutcomeStatus__Output = typeof OutcomeStatus[keyof typeof OutcomeStatus]
