// Original file: muster/v1/agent_service.proto

/**
 * What to do with one item of the inventory.
 */
export const Verdict = {
  /**
   * Never sent.
   */
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  /**
   * The lease holds: go on, or send the outcome.
   */
  VERDICT_KEEP: 'VERDICT_KEEP',
  /**
   * The lease is void: stop the handler and forget it.
   */
  VERDICT_ABANDON: 'VERDICT_ABANDON',
} as const;

/**
 * What to do with one item of the inventory.
 */
export type Verdict =
  /**
   * Never sent.
   */
  | 'VERDICT_UNSPECIFIED'
  | 0
  /**
   * The lease holds: go on, or send the outcome.
   */
  | 'VERDICT_KEEP'
  | 1
  /**
   * The lease is void: stop the handler and forget it.
   */
  | 'VERDICT_ABANDON'
  | 2

/**
 * What to do with one item of the inventory.
 */
export type Verdict__Output = typeof Verdict[keyof typeof Verdict]
