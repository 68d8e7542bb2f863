// Original file: muster/v1/task_service.proto

import type { Task as _muster_v1_Task, Task__Output as _muster_v1_Task__Output } from '../../muster/v1/Task.ts';

/**
 * A page of tasks.
 */
export interface ListTasksResponse {
  /**
   * Newest first.
   */
  'tasks'?: (_muster_v1_Task)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of tasks.
 */
export interface ListTasksResponse__Output {
  /**
   * Newest first.
   */
  'tasks': (_muster_v1_Task__Output)[];
  /**
   * For the next page. Empty: this was the last one.
   */
  'nextPageToken': (string);
}
