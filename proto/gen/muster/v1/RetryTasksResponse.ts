// Original file: muster/v1/task_service.proto

import type { RetriedTask as _muster_v1_RetriedTask, RetriedTask__Output as _muster_v1_RetriedTask__Output } from '../../muster/v1/RetriedTask.ts';

/**
 * What became of each task.
 */
export interface RetryTasksResponse {
  /**
   * The new tasks.
   */
  'retriedTasks'?: (_muster_v1_RetriedTask)[];
  /**
   * Not finished, so that there is nothing to retry.
   */
  'unfinishedIds'?: (string)[];
  /**
   * Not stored, or not any more.
   */
  'missingIds'?: (string)[];
  /**
   * True if more tasks match the filter: ask again.
   */
  'more'?: (boolean);
}

/**
 * What became of each task.
 */
export interface RetryTasksResponse__Output {
  /**
   * The new tasks.
   */
  'retriedTasks': (_muster_v1_RetriedTask__Output)[];
  /**
   * Not finished, so that there is nothing to retry.
   */
  'unfinishedIds': (string)[];
  /**
   * Not stored, or not any more.
   */
  'missingIds': (string)[];
  /**
   * True if more tasks match the filter: ask again.
   */
  'more': (boolean);
}
