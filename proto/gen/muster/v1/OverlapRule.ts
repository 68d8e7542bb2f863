// Original file: muster/v1/schedule.proto

/**
 * What becomes of a time while tasks of the same schedule are unfinished.
 */
export const OverlapRule = {
  /**
   * Taken as ALLOW.
   */
  OVERLAP_RULE_UNSPECIFIED: 'OVERLAP_RULE_UNSPECIFIED',
  /**
   * It fires; with `running_max`, only while fewer are unfinished, and is skipped else.
   */
  OVERLAP_RULE_ALLOW: 'OVERLAP_RULE_ALLOW',
  /**
   * It is skipped.
   */
  OVERLAP_RULE_SKIP: 'OVERLAP_RULE_SKIP',
  /**
   * It waits for the end of one of them, in line with at most `buffer_max` others; beyond that it is skipped.
   */
  OVERLAP_RULE_BUFFER: 'OVERLAP_RULE_BUFFER',
  /**
   * The others are cancelled, and it fires as soon as they have ended. Of several that wait for that the newest fires.
   */
  OVERLAP_RULE_CANCEL: 'OVERLAP_RULE_CANCEL',
} as const;

/**
 * What becomes of a time while tasks of the same schedule are unfinished.
 */
export type OverlapRule =
  /**
   * Taken as ALLOW.
   */
  | 'OVERLAP_RULE_UNSPECIFIED'
  | 0
  /**
   * It fires; with `running_max`, only while fewer are unfinished, and is skipped else.
   */
  | 'OVERLAP_RULE_ALLOW'
  | 1
  /**
   * It is skipped.
   */
  | 'OVERLAP_RULE_SKIP'
  | 2
  /**
   * It waits for the end of one of them, in line with at most `buffer_max` others; beyond that it is skipped.
   */
  | 'OVERLAP_RULE_BUFFER'
  | 3
  /**
   * The others are cancelled, and it fires as soon as they have ended. Of several that wait for that the newest fires.
   */
  | 'OVERLAP_RULE_CANCEL'
  | 4

/**
 * What becomes of a time while tasks of the same schedule are unfinished.
 */
export type OverlapRule__Output = typeof OverlapRule[keyof typeof OverlapRule]
