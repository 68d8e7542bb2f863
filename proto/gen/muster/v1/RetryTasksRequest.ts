// Original file: muster/v1/task_service.proto

import type { TaskFilter as _muster_v1_TaskFilter, TaskFilter__Output as _muster_v1_TaskFilter__Output } from '../../muster/v1/TaskFilter.ts';

/**
 * Asks for finished tasks to be run again, by ids or by filter.
 */
export interface RetryTasksRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * 1 to 1,000 ids. Not together with `filter`.
   */
  'ids'?: (string)[];
  /**
   * FAILED and CANCELLED tasks that match and have not been retried, at most 1,000 a call. Not together with `ids`.
   */
  'filter'?: (_muster_v1_TaskFilter | null);
}

/**
 * Asks for finished tasks to be run again, by ids or by filter.
 */
export interface RetryTasksRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * 1 to 1,000 ids. Not together with `filter`.
   */
  'ids': (string)[];
  /**
   * FAILED and CANCELLED tasks that match and have not been retried, at most 1,000 a call. Not together with `ids`.
   */
  'filter': (_muster_v1_TaskFilter__Output | null);
}
