// Original file: muster/v1/task.proto

/**
 * Where a task stands. SUCCEEDED, FAILED and CANCELLED are finished and have no exits.
 */
export const TaskState = {
  /**
   * Never stored; in a filter it means "not set".
   */
  TASK_STATE_UNSPECIFIED: 'TASK_STATE_UNSPECIFIED',
  /**
   * Not before its due time: start delay, due time, or the wait before a retry.
   */
  TASK_STATE_DELAYED: 'TASK_STATE_DELAYED',
  /**
   * Due, but held by a lane, a placement or a dependency.
   */
  TASK_STATE_WAITING: 'TASK_STATE_WAITING',
  /**
   * Any coordinator may claim it for a matching free slot.
   */
  TASK_STATE_READY: 'TASK_STATE_READY',
  /**
   * Leased to a session.
   */
  TASK_STATE_RUNNING: 'TASK_STATE_RUNNING',
  /**
   * Finished: the handler returned, and its output is recorded.
   */
  TASK_STATE_SUCCEEDED: 'TASK_STATE_SUCCEEDED',
  /**
   * Finished: `Task.failure` says why.
   */
  TASK_STATE_FAILED: 'TASK_STATE_FAILED',
  /**
   * Finished: somebody asked for its end before it had another.
   */
  TASK_STATE_CANCELLED: 'TASK_STATE_CANCELLED',
} as const;

/**
 * Where a task stands. SUCCEEDED, FAILED and CANCELLED are finished and have no exits.
 */
export type TaskState =
  /**
   * Never stored; in a filter it means "not set".
   */
  | 'TASK_STATE_UNSPECIFIED'
  | 0
  /**
   * Not before its due time: start delay, due time, or the wait before a retry.
   */
  | 'TASK_STATE_DELAYED'
  | 1
  /**
   * Due, but held by a lane, a placement or a dependency.
   */
  | 'TASK_STATE_WAITING'
  | 2
  /**
   * Any coordinator may claim it for a matching free slot.
   */
  | 'TASK_STATE_READY'
  | 3
  /**
   * Leased to a session.
   */
  | 'TASK_STATE_RUNNING'
  | 4
  /**
   * Finished: the handler returned, and its output is recorded.
   */
  | 'TASK_STATE_SUCCEEDED'
  | 5
  /**
   * Finished: `Task.failure` says why.
   */
  | 'TASK_STATE_FAILED'
  | 6
  /**
   * Finished: somebody asked for its end before it had another.
   */
  | 'TASK_STATE_CANCELLED'
  | 7

/**
 * Where a task stands. SUCCEEDED, FAILED and CANCELLED are finished and have no exits.
 */
export type TaskState__Output = typeof TaskState[keyof typeof TaskState]
