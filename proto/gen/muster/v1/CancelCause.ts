// Original file: muster/v1/agent_service.proto

/**
 * Why an attempt is to stop.
 */
export const CancelCause = {
  /**
   * Taken as REQUESTED.
   */
  CANCEL_CAUSE_UNSPECIFIED: 'CANCEL_CAUSE_UNSPECIFIED',
  /**
   * Somebody asked for it. The outcome is Cancelled.
   */
  CANCEL_CAUSE_REQUESTED: 'CANCEL_CAUSE_REQUESTED',
  /**
   * The deadline of the task has passed. The outcome is a failure of kind DEADLINE.
   */
  CANCEL_CAUSE_DEADLINE: 'CANCEL_CAUSE_DEADLINE',
  /**
   * The lease is void: stop, send no outcome.
   */
  CANCEL_CAUSE_LAPSED: 'CANCEL_CAUSE_LAPSED',
} as const;

/**
 * Why an attempt is to stop.
 */
export type CancelCause =
  /**
   * Taken as REQUESTED.
   */
  | 'CANCEL_CAUSE_UNSPECIFIED'
  | 0
  /**
   * Somebody asked for it. The outcome is Cancelled.
   */
  | 'CANCEL_CAUSE_REQUESTED'
  | 1
  /**
   * The deadline of the task has passed. The outcome is a failure of kind DEADLINE.
   */
  | 'CANCEL_CAUSE_DEADLINE'
  | 2
  /**
   * The lease is void: stop, send no outcome.
   */
  | 'CANCEL_CAUSE_LAPSED'
  | 3

/**
 * Why an attempt is to stop.
 */
export type CancelCause__Output = typeof CancelCause[keyof typeof CancelCause]
