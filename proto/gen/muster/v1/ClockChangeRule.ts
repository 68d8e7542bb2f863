// Original file: muster/v1/schedule.proto

/**
 * What becomes of times that a change of the clock leaves out or repeats.
 */
export const ClockChangeRule = {
  /**
   * As cron(8) does: an expression with `*` in its minutes or hours asks for an interval and follows the clock on the wall; any
   * other asks for a time of the day, which is neither lost (it fires when the gap is over) nor doubled.
   */
  CLOCK_CHANGE_RULE_UNSPECIFIED: 'CLOCK_CHANGE_RULE_UNSPECIFIED',
  /**
   * Left-out times do not fire; repeated ones fire the first time.
   */
  CLOCK_CHANGE_RULE_SKIP: 'CLOCK_CHANGE_RULE_SKIP',
  /**
   * Left-out times fire together when the gap is over; repeated ones fire the first time.
   */
  CLOCK_CHANGE_RULE_SHIFT: 'CLOCK_CHANGE_RULE_SHIFT',
  /**
   * Left-out times do not fire; repeated ones fire both times.
   */
  CLOCK_CHANGE_RULE_BOTH: 'CLOCK_CHANGE_RULE_BOTH',
} as const;

/**
 * What becomes of times that a change of the clock leaves out or repeats.
 */
export type ClockChangeRule =
  /**
   * As cron(8) does: an expression with `*` in its minutes or hours asks for an interval and follows the clock on the wall; any
   * other asks for a time of the day, which is neither lost (it fires when the gap is over) nor doubled.
   */
  | 'CLOCK_CHANGE_RULE_UNSPECIFIED'
  | 0
  /**
   * Left-out times do not fire; repeated ones fire the first time.
   */
  | 'CLOCK_CHANGE_RULE_SKIP'
  | 1
  /**
   * Left-out times fire together when the gap is over; repeated ones fire the first time.
   */
  | 'CLOCK_CHANGE_RULE_SHIFT'
  | 2
  /**
   * Left-out times do not fire; repeated ones fire both times.
   */
  | 'CLOCK_CHANGE_RULE_BOTH'
  | 3

/**
 * What becomes of times that a change of the clock leaves out or repeats.
 */
export type ClockChangeRule__Output = typeof ClockChangeRule[keyof typeof ClockChangeRule]
