// Original file: muster/v1/task_service.proto

/**
 * Which ends to wait for.
 */
export const WaitMode = {
  /**
   * Taken as ALL.
   */
  WAIT_MODE_UNSPECIFIED: 'WAIT_MODE_UNSPECIFIED',
  /**
   * Answer when every task is finished.
   */
  WAIT_MODE_ALL: 'WAIT_MODE_ALL',
  /**
   * Answer when at least one task is finished.
   */
  WAIT_MODE_ANY: 'WAIT_MODE_ANY',
} as const;

/**
 * Which ends to wait for.
 */
export type WaitMode =
  /**
   * Taken as ALL.
   */
  | 'WAIT_MODE_UNSPECIFIED'
  | 0
  /**
   * Answer when every task is finished.
   */
  | 'WAIT_MODE_ALL'
  | 1
  /**
   * Answer when at least one task is finished.
   */
  | 'WAIT_MODE_ANY'
  | 2

/**
 * Which ends to wait for.
 */
export type WaitMode__Output = typeof WaitMode[keyof typeof WaitMode]
