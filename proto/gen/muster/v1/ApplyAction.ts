// Original file: muster/v1/schedule_service.proto

/**
 * What applying does to a schedule.
 */
export const ApplyAction = {
  /**
   * Never sent.
   */
  APPLY_ACTION_UNSPECIFIED: 'APPLY_ACTION_UNSPECIFIED',
  /**
   * It is made.
   */
  APPLY_ACTION_CREATED: 'APPLY_ACTION_CREATED',
  /**
   * It is changed.
   */
  APPLY_ACTION_UPDATED: 'APPLY_ACTION_UPDATED',
  /**
   * It was so already.
   */
  APPLY_ACTION_UNCHANGED: 'APPLY_ACTION_UNCHANGED',
} as const;

/**
 * What applying does to a schedule.
 */
export type ApplyAction =
  /**
   * Never sent.
   */
  | 'APPLY_ACTION_UNSPECIFIED'
  | 0
  /**
   * It is made.
   */
  | 'APPLY_ACTION_CREATED'
  | 1
  /**
   * It is changed.
   */
  | 'APPLY_ACTION_UPDATED'
  | 2
  /**
   * It was so already.
   */
  | 'APPLY_ACTION_UNCHANGED'
  | 3

/**
 * What applying does to a schedule.
 */
export type ApplyAction__Output = typeof ApplyAction[keyof typeof ApplyAction]
