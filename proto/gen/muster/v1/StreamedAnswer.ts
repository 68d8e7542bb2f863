// Original file: muster/v1/task_service.proto

import type { SubmitTasksResponse as _muster_v1_SubmitTasksResponse, SubmitTasksResponse__Output as _muster_v1_SubmitTasksResponse__Output } from '../../muster/v1/SubmitTasksResponse.ts';
import type { WaitTasksResponse as _muster_v1_WaitTasksResponse, WaitTasksResponse__Output as _muster_v1_WaitTasksResponse__Output } from '../../muster/v1/WaitTasksResponse.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The answer to one call of a stream.
 */
export interface StreamedAnswer {
  /**
   * That of the call.
   */
  'number'?: (number | string | Long);
  /**
   * The call was SubmitTasks.
   */
  'submitTasks'?: (_muster_v1_SubmitTasksResponse | null);
  /**
   * The call was WaitTasks.
   */
  'waitTasks'?: (_muster_v1_WaitTasksResponse | null);
  /**
   * The call was refused: what a call by itself ends with. Its violations name fields of the call's own request.
   */
  'refusal'?: (_google_rpc_Status | null);
  /**
   * What became of it.
   */
  'answer'?: "submitTasks"|"waitTasks"|"refusal";
}

/**
 * The answer to one call of a stream.
 */
export interface StreamedAnswer__Output {
  /**
   * That of the call.
   */
  'number': (number);
  /**
   * The call was SubmitTasks.
   */
  'submitTasks'?: (_muster_v1_SubmitTasksResponse__Output | null);
  /**
   * The call was WaitTasks.
   */
  'waitTasks'?: (_muster_v1_WaitTasksResponse__Output | null);
  /**
   * The call was refused: what a call by itself ends with. Its violations name fields of the call's own request.
   */
  'refusal'?: (_google_rpc_Status__Output | null);
  /**
   * What became of it.
   */
  'answer'?: "submitTasks"|"waitTasks"|"refusal";
}
