// Original file: muster/v1/schedule.proto

/**
 * What becomes of times that are late, because no coordinator ran.
 */
export const MisfireRule = {
  /**
   * Taken as ONCE.
   */
  MISFIRE_RULE_UNSPECIFIED: 'MISFIRE_RULE_UNSPECIFIED',
  /**
   * The newest of them fires, unless one that is not late is due by then.
   */
  MISFIRE_RULE_ONCE: 'MISFIRE_RULE_ONCE',
  /**
   * All of them fire, oldest first; if there are more than `all_max`, the newest ones do.
   */
  MISFIRE_RULE_ALL: 'MISFIRE_RULE_ALL',
  /**
   * None of them fires.
   */
  MISFIRE_RULE_SKIP: 'MISFIRE_RULE_SKIP',
} as const;

/**
 * What becomes of times that are late, because no coordinator ran.
 */
export type MisfireRule =
  /**
   * Taken as ONCE.
   */
  | 'MISFIRE_RULE_UNSPECIFIED'
  | 0
  /**
   * The newest of them fires, unless one that is not late is due by then.
   */
  | 'MISFIRE_RULE_ONCE'
  | 1
  /**
   * All of them fire, oldest first; if there are more than `all_max`, the newest ones do.
   */
  | 'MISFIRE_RULE_ALL'
  | 2
  /**
   * None of them fires.
   */
  | 'MISFIRE_RULE_SKIP'
  | 3

/**
 * What becomes of times that are late, because no coordinator ran.
 */
export type MisfireRule__Output = typeof MisfireRule[keyof typeof MisfireRule]
