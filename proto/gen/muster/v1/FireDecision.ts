// Original file: muster/v1/schedule.proto

/**
 * What became of a nominal time.
 */
export const FireDecision = {
  /**
   * Never stored.
   */
  FIRE_DECISION_UNSPECIFIED: 'FIRE_DECISION_UNSPECIFIED',
  /**
   * It got a task.
   */
  FIRE_DECISION_FIRED: 'FIRE_DECISION_FIRED',
  /**
   * It was late, and got a task by the misfire policy.
   */
  FIRE_DECISION_CAUGHT_UP: 'FIRE_DECISION_CAUGHT_UP',
  /**
   * Somebody triggered it.
   */
  FIRE_DECISION_BY_HAND: 'FIRE_DECISION_BY_HAND',
  /**
   * It got a task by a backfill.
   */
  FIRE_DECISION_BACKFILLED: 'FIRE_DECISION_BACKFILLED',
  /**
   * It waits for the end of other tasks of the schedule.
   */
  FIRE_DECISION_BUFFERED: 'FIRE_DECISION_BUFFERED',
  /**
   * It got no task, by the overlap policy.
   */
  FIRE_DECISION_SKIPPED_OVERLAP: 'FIRE_DECISION_SKIPPED_OVERLAP',
  /**
   * It got no task, because it was late.
   */
  FIRE_DECISION_SKIPPED_LATE: 'FIRE_DECISION_SKIPPED_LATE',
} as const;

/**
 * What became of a nominal time.
 */
export type FireDecision =
  /**
   * Never stored.
   */
  | 'FIRE_DECISION_UNSPECIFIED'
  | 0
  /**
   * It got a task.
   */
  | 'FIRE_DECISION_FIRED'
  | 1
  /**
   * It was late, and got a task by the misfire policy.
   */
  | 'FIRE_DECISION_CAUGHT_UP'
  | 2
  /**
   * Somebody triggered it.
   */
  | 'FIRE_DECISION_BY_HAND'
  | 3
  /**
   * It got a task by a backfill.
   */
  | 'FIRE_DECISION_BACKFILLED'
  | 4
  /**
   * It waits for the end of other tasks of the schedule.
   */
  | 'FIRE_DECISION_BUFFERED'
  | 5
  /**
   * It got no task, by the overlap policy.
   */
  | 'FIRE_DECISION_SKIPPED_OVERLAP'
  | 6
  /**
   * It got no task, because it was late.
   */
  | 'FIRE_DECISION_SKIPPED_LATE'
  | 7

/**
 * What became of a nominal time.
 */
export type FireDecision__Output = typeof FireDecision[keyof typeof FireDecision]
