// Original file: muster/v1/task_service.proto

import type { Task as _muster_v1_Task, Task__Output as _muster_v1_Task__Output } from '../../muster/v1/Task.ts';

/**
 * What is finished, and what is not.
 */
export interface WaitTasksResponse {
  /**
   * Finished tasks, in the order of the request. A page ends at 2 MiB: the rest is then in `pending_ids`; ask again.
   */
  'tasks'?: (_muster_v1_Task)[];
  /**
   * Not finished, or not in this answer.
   */
  'pendingIds'?: (string)[];
  /**
   * Not stored, or not any more.
   */
  'missingIds'?: (string)[];
}

/**
 * What is finished, and what is not.
 */
export interface WaitTasksResponse__Output {
  /**
   * Finished tasks, in the order of the request. A page ends at 2 MiB: the rest is then in `pending_ids`; ask again.
   */
  'tasks': (_muster_v1_Task__Output)[];
  /**
   * Not finished, or not in this answer.
   */
  'pendingIds': (string)[];
  /**
   * Not stored, or not any more.
   */
  'missingIds': (string)[];
}
