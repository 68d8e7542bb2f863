// Original file: muster/v1/task_service.proto

import type { TaskFilter as _muster_v1_TaskFilter, TaskFilter__Output as _muster_v1_TaskFilter__Output } from '../../muster/v1/TaskFilter.ts';
import type { TaskView as _muster_v1_TaskView, TaskView__Output as _muster_v1_TaskView__Output } from '../../muster/v1/TaskView.ts';

/**
 * Asks for a page of tasks.
 */
export interface ListTasksRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Which tasks. Unset: all of the namespace.
   */
  'filter'?: (_muster_v1_TaskFilter | null);
  /**
   * At most this many: 1 to 1,000. Default 50. A page also ends at 2 MiB.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before, with the same filter. Empty: the first page.
   */
  'pageToken'?: (string);
  /**
   * How much of each. Default BASIC; FULL is refused here.
   */
  'view'?: (_muster_v1_TaskView);
}

/**
 * Asks for a page of tasks.
 */
export interface ListTasksRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Which tasks. Unset: all of the namespace.
   */
  'filter': (_muster_v1_TaskFilter__Output | null);
  /**
   * At most this many: 1 to 1,000. Default 50. A page also ends at 2 MiB.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before, with the same filter. Empty: the first page.
   */
  'pageToken': (string);
  /**
   * How much of each. Default BASIC; FULL is refused here.
   */
  'view': (_muster_v1_TaskView__Output);
}
