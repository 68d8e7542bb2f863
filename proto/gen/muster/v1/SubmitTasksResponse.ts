// Original file: muster/v1/task_service.proto

import type { SubmittedTask as _muster_v1_SubmittedTask, SubmittedTask__Output as _muster_v1_SubmittedTask__Output } from '../../muster/v1/SubmittedTask.ts';
import type { UnservedHandler as _muster_v1_UnservedHandler, UnservedHandler__Output as _muster_v1_UnservedHandler__Output } from '../../muster/v1/UnservedHandler.ts';

/**
 * What became of the call.
 */
export interface SubmitTasksResponse {
  /**
   * One per task, in the order of the request.
   */
  'tasks'?: (_muster_v1_SubmittedTask)[];
  /**
   * Handlers of the call that no agent serves at this moment. At most 20.
   */
  'unservedHandlers'?: (_muster_v1_UnservedHandler)[];
}

/**
 * What became of the call.
 */
export interface SubmitTasksResponse__Output {
  /**
   * One per task, in the order of the request.
   */
  'tasks': (_muster_v1_SubmittedTask__Output)[];
  /**
   * Handlers of the call that no agent serves at this moment. At most 20.
   */
  'unservedHandlers': (_muster_v1_UnservedHandler__Output)[];
}
