// Original file: muster/v1/task_service.proto

import type { Task as _muster_v1_Task, Task__Output as _muster_v1_Task__Output } from '../../muster/v1/Task.ts';

/**
 * One task.
 */
export interface GetTaskResponse {
  /**
   * The task.
   */
  'task'?: (_muster_v1_Task | null);
}

/**
 * One task.
 */
export interface GetTaskResponse__Output {
  /**
   * The task.
   */
  'task': (_muster_v1_Task__Output | null);
}
