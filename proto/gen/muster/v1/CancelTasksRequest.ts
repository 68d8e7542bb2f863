// Original file: muster/v1/task_service.proto

import type { TaskFilter as _muster_v1_TaskFilter, TaskFilter__Output as _muster_v1_TaskFilter__Output } from '../../muster/v1/TaskFilter.ts';

/**
 * Asks for the cancellation of tasks, by ids or by filter.
 */
export interface CancelTasksRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * 1 to 10,000 ids. Not together with `filter`.
   */
  'ids'?: (string)[];
  /**
   * All unfinished tasks that match, at most 10,000 a call. Not together with `ids`.
   */
  'filter'?: (_muster_v1_TaskFilter | null);
  /**
   * For people, at most 1 KiB.
   */
  'reason'?: (string);
}

/**
 * Asks for the cancellation of tasks, by ids or by filter.
 */
export interface CancelTasksRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * 1 to 10,000 ids. Not together with `filter`.
   */
  'ids': (string)[];
  /**
   * All unfinished tasks that match, at most 10,000 a call. Not together with `ids`.
   */
  'filter': (_muster_v1_TaskFilter__Output | null);
  /**
   * For people, at most 1 KiB.
   */
  'reason': (string);
}
