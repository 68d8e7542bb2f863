// Original file: muster/v1/task.proto

/**
 * What a failure is about.
 */
export const FailureKind = {
  /**
   * Never stored.
   */
  FAILURE_KIND_UNSPECIFIED: 'FAILURE_KIND_UNSPECIFIED',
  /**
   * The handler threw, or what it returned could not be encoded.
   */
  FAILURE_KIND_ERROR: 'FAILURE_KIND_ERROR',
  /**
   * The attempt ran longer than its attempt timeout.
   */
  FAILURE_KIND_TIMEOUT: 'FAILURE_KIND_TIMEOUT',
  /**
   * The session that held the lease was lost.
   */
  FAILURE_KIND_LOST: 'FAILURE_KIND_LOST',
  /**
   * The whole task was not finished before its deadline.
   */
  FAILURE_KIND_DEADLINE: 'FAILURE_KIND_DEADLINE',
  /**
   * The task was not started within its start time-to-live.
   */
  FAILURE_KIND_EXPIRED: 'FAILURE_KIND_EXPIRED',
  /**
   * The handler's outcome could not be stored; the message says why.
   */
  FAILURE_KIND_REFUSED: 'FAILURE_KIND_REFUSED',
} as const;

/**
 * What a failure is about.
 */
export type FailureKind =
  /**
   * Never stored.
   */
  | 'FAILURE_KIND_UNSPECIFIED'
  | 0
  /**
   * The handler threw, or what it returned could not be encoded.
   */
  | 'FAILURE_KIND_ERROR'
  | 1
  /**
   * The attempt ran longer than its attempt timeout.
   */
  | 'FAILURE_KIND_TIMEOUT'
  | 2
  /**
   * The session that held the lease was lost.
   */
  | 'FAILURE_KIND_LOST'
  | 3
  /**
   * The whole task was not finished before its deadline.
   */
  | 'FAILURE_KIND_DEADLINE'
  | 4
  /**
   * The task was not started within its start time-to-live.
   */
  | 'FAILURE_KIND_EXPIRED'
  | 5
  /**
   * The handler's outcome could not be stored; the message says why.
   */
  | 'FAILURE_KIND_REFUSED'
  | 6

/**
 * What a failure is about.
 */
export type FailureKind__Output = typeof FailureKind[keyof typeof FailureKind]
