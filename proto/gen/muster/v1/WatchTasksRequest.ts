// Original file: muster/v1/task_service.proto

import type { TaskView as _muster_v1_TaskView, TaskView__Output as _muster_v1_TaskView__Output } from '../../muster/v1/TaskView.ts';

/**
 * Asks to watch tasks.
 */
export interface WatchTasksRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * 1 to 10,000 ids.
   */
  'ids'?: (string)[];
  /**
   * How much of each. Default BASIC; FULL is refused here.
   */
  'view'?: (_muster_v1_TaskView);
}

/**
 * Asks to watch tasks.
 */
export interface WatchTasksRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * 1 to 10,000 ids.
   */
  'ids': (string)[];
  /**
   * How much of each. Default BASIC; FULL is refused here.
   */
  'view': (_muster_v1_TaskView__Output);
}
