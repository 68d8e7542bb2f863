// Original file: muster/v1/task_service.proto

import type { TaskView as _muster_v1_TaskView, TaskView__Output as _muster_v1_TaskView__Output } from '../../muster/v1/TaskView.ts';

/**
 * Asks for one task.
 */
export interface GetTaskRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * UUID of the task.
   */
  'id'?: (string);
  /**
   * How much of it. Default BASIC.
   */
  'view'?: (_muster_v1_TaskView);
}

/**
 * Asks for one task.
 */
export interface GetTaskRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * UUID of the task.
   */
  'id': (string);
  /**
   * How much of it. Default BASIC.
   */
  'view': (_muster_v1_TaskView__Output);
}
