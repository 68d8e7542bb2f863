// Original file: muster/v1/schedule.proto

/**
 * Where a schedule stands.
 */
export const ScheduleState = {
  /**
   * Never stored.
   */
  SCHEDULE_STATE_UNSPECIFIED: 'SCHEDULE_STATE_UNSPECIFIED',
  /**
   * It asks for tasks.
   */
  SCHEDULE_STATE_ACTIVE: 'SCHEDULE_STATE_ACTIVE',
  /**
   * Somebody paused it, or it paused itself: `Schedule.pause_note` says why.
   */
  SCHEDULE_STATE_PAUSED: 'SCHEDULE_STATE_PAUSED',
  /**
   * It has no nominal time any more.
   */
  SCHEDULE_STATE_COMPLETED: 'SCHEDULE_STATE_COMPLETED',
} as const;

/**
 * Where a schedule stands.
 */
export type ScheduleState =
  /**
   * Never stored.
   */
  | 'SCHEDULE_STATE_UNSPECIFIED'
  | 0
  /**
   * It asks for tasks.
   */
  | 'SCHEDULE_STATE_ACTIVE'
  | 1
  /**
   * Somebody paused it, or it paused itself: `Schedule.pause_note` says why.
   */
  | 'SCHEDULE_STATE_PAUSED'
  | 2
  /**
   * It has no nominal time any more.
   */
  | 'SCHEDULE_STATE_COMPLETED'
  | 3

/**
 * Where a schedule stands.
 */
export type ScheduleState__Output = typeof ScheduleState[keyof typeof ScheduleState]
