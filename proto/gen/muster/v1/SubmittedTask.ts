// Original file: muster/v1/task_service.proto

import type { TaskState as _muster_v1_TaskState, TaskState__Output as _muster_v1_TaskState__Output } from '../../muster/v1/TaskState.ts';

/**
 * One stored task.
 */
export interface SubmittedTask {
  /**
   * Its id; that of the earlier task if `duplicate`.
   */
  'id'?: (string);
  /**
   * True if it had been stored before, by this id or by its idempotency key.
   */
  'duplicate'?: (boolean);
  /**
   * State in which it was stored; unset for a duplicate.
   */
  'state'?: (_muster_v1_TaskState);
}

/**
 * One stored task.
 */
export interface SubmittedTask__Output {
  /**
   * Its id; that of the earlier task if `duplicate`.
   */
  'id': (string);
  /**
   * True if it had been stored before, by this id or by its idempotency key.
   */
  'duplicate': (boolean);
  /**
   * State in which it was stored; unset for a duplicate.
   */
  'state': (_muster_v1_TaskState__Output);
}
