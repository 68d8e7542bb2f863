// Original file: muster/v1/task_service.proto

import type { SubmitTasksRequest as _muster_v1_SubmitTasksRequest, SubmitTasksRequest__Output as _muster_v1_SubmitTasksRequest__Output } from '../../muster/v1/SubmitTasksRequest.ts';
import type { WaitTasksRequest as _muster_v1_WaitTasksRequest, WaitTasksRequest__Output as _muster_v1_WaitTasksRequest__Output } from '../../muster/v1/WaitTasksRequest.ts';
import type { CancelCall as _muster_v1_CancelCall, CancelCall__Output as _muster_v1_CancelCall__Output } from '../../muster/v1/CancelCall.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One call of a stream.
 */
export interface StreamedCall {
  /**
   * Chosen by the client: from 1, and not that of a call that is still under way.
   */
  'number'?: (number | string | Long);
  /**
   * As the method of this name.
   */
  'submitTasks'?: (_muster_v1_SubmitTasksRequest | null);
  /**
   * As the method of this name.
   */
  'waitTasks'?: (_muster_v1_WaitTasksRequest | null);
  /**
   * Nobody waits for the answer to the call of this number any more; it may stay away.
   */
  'cancel'?: (_muster_v1_CancelCall | null);
  /**
   * What is asked.
   */
  'request'?: "submitTasks"|"waitTasks"|"cancel";
}

/**
 * One call of a stream.
 */
export interface StreamedCall__Output {
  /**
   * Chosen by the client: from 1, and not that of a call that is still under way.
   */
  'number': (number);
  /**
   * As the method of this name.
   */
  'submitTasks'?: (_muster_v1_SubmitTasksRequest__Output | null);
  /**
   * As the method of this name.
   */
  'waitTasks'?: (_muster_v1_WaitTasksRequest__Output | null);
  /**
   * Nobody waits for the answer to the call of this number any more; it may stay away.
   */
  'cancel'?: (_muster_v1_CancelCall__Output | null);
  /**
   * What is asked.
   */
  'request'?: "submitTasks"|"waitTasks"|"cancel";
}
