// Original file: muster/v1/task.proto

/**
 * How much of a task an answer holds.
 */
export const TaskView = {
  /**
   * Taken as BASIC.
   */
  TASK_VIEW_UNSPECIFIED: 'TASK_VIEW_UNSPECIFIED',
  /**
   * Everything but payloads, attempts and stacks.
   */
  TASK_VIEW_BASIC: 'TASK_VIEW_BASIC',
  /**
   * BASIC and the input, output and failure details.
   */
  TASK_VIEW_PAYLOADS: 'TASK_VIEW_PAYLOADS',
  /**
   * PAYLOADS, the attempts and their log lines.
   */
  TASK_VIEW_FULL: 'TASK_VIEW_FULL',
} as const;

/**
 * How much of a task an answer holds.
 */
export type TaskView =
  /**
   * Taken as BASIC.
   */
  | 'TASK_VIEW_UNSPECIFIED'
  | 0
  /**
   * Everything but payloads, attempts and stacks.
   */
  | 'TASK_VIEW_BASIC'
  | 1
  /**
   * BASIC and the input, output and failure details.
   */
  | 'TASK_VIEW_PAYLOADS'
  | 2
  /**
   * PAYLOADS, the attempts and their log lines.
   */
  | 'TASK_VIEW_FULL'
  | 3

/**
 * How much of a task an answer holds.
 */
export type TaskView__Output = typeof TaskView[keyof typeof TaskView]
