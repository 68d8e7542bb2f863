// Original file: muster/v1/inspect_service.proto

/**
 * What keeps a task from running.
 */
export const ObstacleKind = {
  /**
   * Never sent.
   */
  OBSTACLE_KIND_UNSPECIFIED: 'OBSTACLE_KIND_UNSPECIFIED',
  /**
   * It is not due: a delay, or the wait before a retry. `until_time`.
   */
  OBSTACLE_KIND_NOT_DUE: 'OBSTACLE_KIND_NOT_DUE',
  /**
   * Its handler is paused. `note`.
   */
  OBSTACLE_KIND_HANDLER_PAUSED: 'OBSTACLE_KIND_HANDLER_PAUSED',
  /**
   * Its namespace is paused. `note`.
   */
  OBSTACLE_KIND_NAMESPACE_PAUSED: 'OBSTACLE_KIND_NAMESPACE_PAUSED',
  /**
   * Limits of its handler have come just now, and tasks from before are still being counted.
   */
  OBSTACLE_KIND_SETTLING: 'OBSTACLE_KIND_SETTLING',
  /**
   * A limit of concurrency is full. `limit`, `holders`.
   */
  OBSTACLE_KIND_CONCURRENCY: 'OBSTACLE_KIND_CONCURRENCY',
  /**
   * A limit of rate lets nothing pass. `limit`, `until_time`.
   */
  OBSTACLE_KIND_RATE: 'OBSTACLE_KIND_RATE',
  /**
   * No connected agent serves its handler. `nearest_handler`.
   */
  OBSTACLE_KIND_UNSERVED: 'OBSTACLE_KIND_UNSERVED',
  /**
   * All slots of the agents that serve it are taken, or those agents take no more. `agents`, `slots`, `holders`.
   */
  OBSTACLE_KIND_NO_FREE_SLOT: 'OBSTACLE_KIND_NO_FREE_SLOT',
  /**
   * Others of its lane or handler go first: see `ExplainTaskResponse.ahead`.
   */
  OBSTACLE_KIND_IN_LINE: 'OBSTACLE_KIND_IN_LINE',
} as const;

/**
 * What keeps a task from running.
 */
export type ObstacleKind =
  /**
   * Never sent.
   */
  | 'OBSTACLE_KIND_UNSPECIFIED'
  | 0
  /**
   * It is not due: a delay, or the wait before a retry. `until_time`.
   */
  | 'OBSTACLE_KIND_NOT_DUE'
  | 1
  /**
   * Its handler is paused. `note`.
   */
  | 'OBSTACLE_KIND_HANDLER_PAUSED'
  | 2
  /**
   * Its namespace is paused. `note`.
   */
  | 'OBSTACLE_KIND_NAMESPACE_PAUSED'
  | 3
  /**
   * Limits of its handler have come just now, and tasks from before are still being counted.
   */
  | 'OBSTACLE_KIND_SETTLING'
  | 4
  /**
   * A limit of concurrency is full. `limit`, `holders`.
   */
  | 'OBSTACLE_KIND_CONCURRENCY'
  | 5
  /**
   * A limit of rate lets nothing pass. `limit`, `until_time`.
   */
  | 'OBSTACLE_KIND_RATE'
  | 6
  /**
   * No connected agent serves its handler. `nearest_handler`.
   */
  | 'OBSTACLE_KIND_UNSERVED'
  | 7
  /**
   * All slots of the agents that serve it are taken, or those agents take no more. `agents`, `slots`, `holders`.
   */
  | 'OBSTACLE_KIND_NO_FREE_SLOT'
  | 8
  /**
   * Others of its lane or handler go first: see `ExplainTaskResponse.ahead`.
   */
  | 'OBSTACLE_KIND_IN_LINE'
  | 9

/**
 * What keeps a task from running.
 */
export type ObstacleKind__Output = typeof ObstacleKind[keyof typeof ObstacleKind]
