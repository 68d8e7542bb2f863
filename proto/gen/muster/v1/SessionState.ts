// Original file: muster/v1/fleet_service.proto

/**
 * How a session stands.
 */
export const SessionState = {
  /**
   * In a filter: any.
   */
  SESSION_STATE_UNSPECIFIED: 'SESSION_STATE_UNSPECIFIED',
  /**
   * Its stream is open at a coordinator.
   */
  SESSION_STATE_ATTACHED: 'SESSION_STATE_ATTACHED',
  /**
   * Its stream broke; it may attach again until it is declared lost.
   */
  SESSION_STATE_DETACHED: 'SESSION_STATE_DETACHED',
  /**
   * Declared lost; final.
   */
  SESSION_STATE_LOST: 'SESSION_STATE_LOST',
  /**
   * It left in order; final.
   */
  SESSION_STATE_CLOSED: 'SESSION_STATE_CLOSED',
} as const;

/**
 * How a session stands.
 */
export type SessionState =
  /**
   * In a filter: any.
   */
  | 'SESSION_STATE_UNSPECIFIED'
  | 0
  /**
   * Its stream is open at a coordinator.
   */
  | 'SESSION_STATE_ATTACHED'
  | 1
  /**
   * Its stream broke; it may attach again until it is declared lost.
   */
  | 'SESSION_STATE_DETACHED'
  | 2
  /**
   * Declared lost; final.
   */
  | 'SESSION_STATE_LOST'
  | 3
  /**
   * It left in order; final.
   */
  | 'SESSION_STATE_CLOSED'
  | 4

/**
 * How a session stands.
 */
export type SessionState__Output = typeof SessionState[keyof typeof SessionState]
