// Original file: muster/v1/task.proto

/**
 * How an attempt ended.
 */
export const AttemptOutcome = {
  /**
   * Never stored.
   */
  ATTEMPT_OUTCOME_UNSPECIFIED: 'ATTEMPT_OUTCOME_UNSPECIFIED',
  /**
   * It has not ended.
   */
  ATTEMPT_OUTCOME_RUNNING: 'ATTEMPT_OUTCOME_RUNNING',
  /**
   * The handler returned.
   */
  ATTEMPT_OUTCOME_SUCCEEDED: 'ATTEMPT_OUTCOME_SUCCEEDED',
  /**
   * The handler failed, or its time ran out.
   */
  ATTEMPT_OUTCOME_FAILED: 'ATTEMPT_OUTCOME_FAILED',
  /**
   * It was cancelled.
   */
  ATTEMPT_OUTCOME_CANCELLED: 'ATTEMPT_OUTCOME_CANCELLED',
  /**
   * Its session was lost.
   */
  ATTEMPT_OUTCOME_LOST: 'ATTEMPT_OUTCOME_LOST',
  /**
   * Its agent drained and handed it back; no failure.
   */
  ATTEMPT_OUTCOME_INTERRUPTED: 'ATTEMPT_OUTCOME_INTERRUPTED',
} as const;

/**
 * How an attempt ended.
 */
export type AttemptOutcome =
  /**
   * Never stored.
   */
  | 'ATTEMPT_OUTCOME_UNSPECIFIED'
  | 0
  /**
   * It has not ended.
   */
  | 'ATTEMPT_OUTCOME_RUNNING'
  | 1
  /**
   * The handler returned.
   */
  | 'ATTEMPT_OUTCOME_SUCCEEDED'
  | 2
  /**
   * The handler failed, or its time ran out.
   */
  | 'ATTEMPT_OUTCOME_FAILED'
  | 3
  /**
   * It was cancelled.
   */
  | 'ATTEMPT_OUTCOME_CANCELLED'
  | 4
  /**
   * Its session was lost.
   */
  | 'ATTEMPT_OUTCOME_LOST'
  | 5
  /**
   * Its agent drained and handed it back; no failure.
   */
  | 'ATTEMPT_OUTCOME_INTERRUPTED'
  | 6

/**
 * How an attempt ended.
 */
export type AttemptOutcome__Output = typeof AttemptOutcome[keyof typeof AttemptOutcome]
