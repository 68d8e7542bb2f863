// Original file: muster/v1/task_service.proto

import type { TaskSpec as _muster_v1_TaskSpec, TaskSpec__Output as _muster_v1_TaskSpec__Output } from '../../muster/v1/TaskSpec.ts';

/**
 * Asks for tasks to be stored.
 */
export interface SubmitTasksRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * 1 to 10,000 tasks.
   */
  'tasks'?: (_muster_v1_TaskSpec)[];
  /**
   * True: refuse the call with HANDLER_NOT_FOUND if no agent has ever registered one of the handlers.
   */
  'requireHandler'?: (boolean);
}

/**
 * Asks for tasks to be stored.
 */
export interface SubmitTasksRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * 1 to 10,000 tasks.
   */
  'tasks': (_muster_v1_TaskSpec__Output)[];
  /**
   * True: refuse the call with HANDLER_NOT_FOUND if no agent has ever registered one of the handlers.
   */
  'requireHandler': (boolean);
}
