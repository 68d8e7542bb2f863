// Original file: muster/v1/task_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelTasksRequest as _muster_v1_CancelTasksRequest, CancelTasksRequest__Output as _muster_v1_CancelTasksRequest__Output } from '../../muster/v1/CancelTasksRequest.ts';
import type { CancelTasksResponse as _muster_v1_CancelTasksResponse, CancelTasksResponse__Output as _muster_v1_CancelTasksResponse__Output } from '../../muster/v1/CancelTasksResponse.ts';
import type { GetTaskRequest as _muster_v1_GetTaskRequest, GetTaskRequest__Output as _muster_v1_GetTaskRequest__Output } from '../../muster/v1/GetTaskRequest.ts';
import type { GetTaskResponse as _muster_v1_GetTaskResponse, GetTaskResponse__Output as _muster_v1_GetTaskResponse__Output } from '../../muster/v1/GetTaskResponse.ts';
import type { ListTasksRequest as _muster_v1_ListTasksRequest, ListTasksRequest__Output as _muster_v1_ListTasksRequest__Output } from '../../muster/v1/ListTasksRequest.ts';
import type { ListTasksResponse as _muster_v1_ListTasksResponse, ListTasksResponse__Output as _muster_v1_ListTasksResponse__Output } from '../../muster/v1/ListTasksResponse.ts';
import type { RetryTasksRequest as _muster_v1_RetryTasksRequest, RetryTasksRequest__Output as _muster_v1_RetryTasksRequest__Output } from '../../muster/v1/RetryTasksRequest.ts';
import type { RetryTasksResponse as _muster_v1_RetryTasksResponse, RetryTasksResponse__Output as _muster_v1_RetryTasksResponse__Output } from '../../muster/v1/RetryTasksResponse.ts';
import type { StreamCallsRequest as _muster_v1_StreamCallsRequest, StreamCallsRequest__Output as _muster_v1_StreamCallsRequest__Output } from '../../muster/v1/StreamCallsRequest.ts';
import type { StreamCallsResponse as _muster_v1_StreamCallsResponse, StreamCallsResponse__Output as _muster_v1_StreamCallsResponse__Output } from '../../muster/v1/StreamCallsResponse.ts';
import type { SubmitTasksRequest as _muster_v1_SubmitTasksRequest, SubmitTasksRequest__Output as _muster_v1_SubmitTasksRequest__Output } from '../../muster/v1/SubmitTasksRequest.ts';
import type { SubmitTasksResponse as _muster_v1_SubmitTasksResponse, SubmitTasksResponse__Output as _muster_v1_SubmitTasksResponse__Output } from '../../muster/v1/SubmitTasksResponse.ts';
import type { WaitTasksRequest as _muster_v1_WaitTasksRequest, WaitTasksRequest__Output as _muster_v1_WaitTasksRequest__Output } from '../../muster/v1/WaitTasksRequest.ts';
import type { WaitTasksResponse as _muster_v1_WaitTasksResponse, WaitTasksResponse__Output as _muster_v1_WaitTasksResponse__Output } from '../../muster/v1/WaitTasksResponse.ts';
import type { WatchTasksRequest as _muster_v1_WatchTasksRequest, WatchTasksRequest__Output as _muster_v1_WatchTasksRequest__Output } from '../../muster/v1/WatchTasksRequest.ts';
import type { WatchTasksResponse as _muster_v1_WatchTasksResponse, WatchTasksResponse__Output as _muster_v1_WatchTasksResponse__Output } from '../../muster/v1/WatchTasksResponse.ts';

/**
 * For applications: everything about tasks. A token needs the right `submit` in the namespace.
 */
export interface TaskServiceClient extends grpc.Client {
  /**
   * Cancels tasks. What does not run ends at once; what runs is asked to stop and ends within its cancel grace.
   */
  CancelTasks(argument: _muster_v1_CancelTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  CancelTasks(argument: _muster_v1_CancelTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  CancelTasks(argument: _muster_v1_CancelTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  CancelTasks(argument: _muster_v1_CancelTasksRequest, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Cancels tasks. What does not run ends at once; what runs is asked to stop and ends within its cancel grace.
   */
  cancelTasks(argument: _muster_v1_CancelTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancelTasks(argument: _muster_v1_CancelTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancelTasks(argument: _muster_v1_CancelTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancelTasks(argument: _muster_v1_CancelTasksRequest, callback: grpc.requestCallback<_muster_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one task. NOT_FOUND (TASK_NOT_FOUND) if there is none, or none any more.
   */
  GetTask(argument: _muster_v1_GetTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  GetTask(argument: _muster_v1_GetTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  GetTask(argument: _muster_v1_GetTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  GetTask(argument: _muster_v1_GetTaskRequest, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one task. NOT_FOUND (TASK_NOT_FOUND) if there is none, or none any more.
   */
  getTask(argument: _muster_v1_GetTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  getTask(argument: _muster_v1_GetTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  getTask(argument: _muster_v1_GetTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  getTask(argument: _muster_v1_GetTaskRequest, callback: grpc.requestCallback<_muster_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists tasks, newest first; stable while new ones arrive.
   */
  ListTasks(argument: _muster_v1_ListTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  ListTasks(argument: _muster_v1_ListTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  ListTasks(argument: _muster_v1_ListTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  ListTasks(argument: _muster_v1_ListTasksRequest, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists tasks, newest first; stable while new ones arrive.
   */
  listTasks(argument: _muster_v1_ListTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  listTasks(argument: _muster_v1_ListTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  listTasks(argument: _muster_v1_ListTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  listTasks(argument: _muster_v1_ListTasksRequest, callback: grpc.requestCallback<_muster_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Submits finished tasks again, as new tasks with `retry_of`. A task is retried once: repeating the call
   * returns the same new task.
   */
  RetryTasks(argument: _muster_v1_RetryTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  RetryTasks(argument: _muster_v1_RetryTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  RetryTasks(argument: _muster_v1_RetryTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  RetryTasks(argument: _muster_v1_RetryTasksRequest, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Submits finished tasks again, as new tasks with `retry_of`. A task is retried once: repeating the call
   * returns the same new task.
   */
  retryTasks(argument: _muster_v1_RetryTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  retryTasks(argument: _muster_v1_RetryTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  retryTasks(argument: _muster_v1_RetryTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  retryTasks(argument: _muster_v1_RetryTasksRequest, callback: grpc.requestCallback<_muster_v1_RetryTasksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Carries calls of SubmitTasks and WaitTasks over one stream, for clients that make many small ones: such a call costs
   * a fraction of one by itself. Each is answered once, in any order. Those without an answer when the stream ends may or
   * may not have been done; repeat them as if they had been made by themselves.
   */
  StreamCalls(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_StreamCallsRequest, _muster_v1_StreamCallsResponse__Output>;
  StreamCalls(options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_StreamCallsRequest, _muster_v1_StreamCallsResponse__Output>;
  /**
   * Carries calls of SubmitTasks and WaitTasks over one stream, for clients that make many small ones: such a call costs
   * a fraction of one by itself. Each is answered once, in any order. Those without an answer when the stream ends may or
   * may not have been done; repeat them as if they had been made by themselves.
   */
  streamCalls(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_StreamCallsRequest, _muster_v1_StreamCallsResponse__Output>;
  streamCalls(options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_StreamCallsRequest, _muster_v1_StreamCallsResponse__Output>;
  
  /**
   * Stores tasks, all of the call or none, and answers when they are durable. At most 10,000 tasks and 4 MiB a call.
   * Repeating it is harmless where every task has an id or an idempotency key.
   */
  SubmitTasks(argument: _muster_v1_SubmitTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  SubmitTasks(argument: _muster_v1_SubmitTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  SubmitTasks(argument: _muster_v1_SubmitTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  SubmitTasks(argument: _muster_v1_SubmitTasksRequest, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Stores tasks, all of the call or none, and answers when they are durable. At most 10,000 tasks and 4 MiB a call.
   * Repeating it is harmless where every task has an id or an idempotency key.
   */
  submitTasks(argument: _muster_v1_SubmitTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  submitTasks(argument: _muster_v1_SubmitTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  submitTasks(argument: _muster_v1_SubmitTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  submitTasks(argument: _muster_v1_SubmitTasksRequest, callback: grpc.requestCallback<_muster_v1_SubmitTasksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Waits until tasks are finished, or for the wait timeout, whichever is first, and answers with the finished ones.
   * Ask again for those still pending, at any coordinator.
   */
  WaitTasks(argument: _muster_v1_WaitTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  WaitTasks(argument: _muster_v1_WaitTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  WaitTasks(argument: _muster_v1_WaitTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  WaitTasks(argument: _muster_v1_WaitTasksRequest, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Waits until tasks are finished, or for the wait timeout, whichever is first, and answers with the finished ones.
   * Ask again for those still pending, at any coordinator.
   */
  waitTasks(argument: _muster_v1_WaitTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  waitTasks(argument: _muster_v1_WaitTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  waitTasks(argument: _muster_v1_WaitTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  waitTasks(argument: _muster_v1_WaitTasksRequest, callback: grpc.requestCallback<_muster_v1_WaitTasksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams each task once as it stands, then after every change that is noticed, until all are finished. States in
   * between may be passed over, an end never. After a broken stream ask again for the unfinished ones, anywhere.
   */
  WatchTasks(argument: _muster_v1_WatchTasksRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_muster_v1_WatchTasksResponse__Output>;
  WatchTasks(argument: _muster_v1_WatchTasksRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_muster_v1_WatchTasksResponse__Output>;
  /**
   * Streams each task once as it stands, then after every change that is noticed, until all are finished. States in
   * between may be passed over, an end never. After a broken stream ask again for the unfinished ones, anywhere.
   */
  watchTasks(argument: _muster_v1_WatchTasksRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_muster_v1_WatchTasksResponse__Output>;
  watchTasks(argument: _muster_v1_WatchTasksRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_muster_v1_WatchTasksResponse__Output>;
  
}

/**
 * For applications: everything about tasks. A token needs the right `submit` in the namespace.
 */
export interface TaskServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Cancels tasks. What does not run ends at once; what runs is asked to stop and ends within its cancel grace.
   */
  CancelTasks: grpc.handleUnaryCall<_muster_v1_CancelTasksRequest__Output, _muster_v1_CancelTasksResponse>;
  
  /**
   * Reads one task. NOT_FOUND (TASK_NOT_FOUND) if there is none, or none any more.
   */
  GetTask: grpc.handleUnaryCall<_muster_v1_GetTaskRequest__Output, _muster_v1_GetTaskResponse>;
  
  /**
   * Lists tasks, newest first; stable while new ones arrive.
   */
  ListTasks: grpc.handleUnaryCall<_muster_v1_ListTasksRequest__Output, _muster_v1_ListTasksResponse>;
  
  /**
   * Submits finished tasks again, as new tasks with `retry_of`. A task is retried once: repeating the call
   * returns the same new task.
   */
  RetryTasks: grpc.handleUnaryCall<_muster_v1_RetryTasksRequest__Output, _muster_v1_RetryTasksResponse>;
  
  /**
   * Carries calls of SubmitTasks and WaitTasks over one stream, for clients that make many small ones: such a call costs
   * a fraction of one by itself. Each is answered once, in any order. Those without an answer when the stream ends may or
   * may not have been done; repeat them as if they had been made by themselves.
   */
  StreamCalls: grpc.handleBidiStreamingCall<_muster_v1_StreamCallsRequest__Output, _muster_v1_StreamCallsResponse>;
  
  /**
   * Stores tasks, all of the call or none, and answers when they are durable. At most 10,000 tasks and 4 MiB a call.
   * Repeating it is harmless where every task has an id or an idempotency key.
   */
  SubmitTasks: grpc.handleUnaryCall<_muster_v1_SubmitTasksRequest__Output, _muster_v1_SubmitTasksResponse>;
  
  /**
   * Waits until tasks are finished, or for the wait timeout, whichever is first, and answers with the finished ones.
   * Ask again for those still pending, at any coordinator.
   */
  WaitTasks: grpc.handleUnaryCall<_muster_v1_WaitTasksRequest__Output, _muster_v1_WaitTasksResponse>;
  
  /**
   * Streams each task once as it stands, then after every change that is noticed, until all are finished. States in
   * between may be passed over, an end never. After a broken stream ask again for the unfinished ones, anywhere.
   */
  WatchTasks: grpc.handleServerStreamingCall<_muster_v1_WatchTasksRequest__Output, _muster_v1_WatchTasksResponse>;
  
}

export interface TaskServiceDefinition extends grpc.ServiceDefinition {
  CancelTasks: MethodDefinition<_muster_v1_CancelTasksRequest, _muster_v1_CancelTasksResponse, _muster_v1_CancelTasksRequest__Output, _muster_v1_CancelTasksResponse__Output>
  GetTask: MethodDefinition<_muster_v1_GetTaskRequest, _muster_v1_GetTaskResponse, _muster_v1_GetTaskRequest__Output, _muster_v1_GetTaskResponse__Output>
  ListTasks: MethodDefinition<_muster_v1_ListTasksRequest, _muster_v1_ListTasksResponse, _muster_v1_ListTasksRequest__Output, _muster_v1_ListTasksResponse__Output>
  RetryTasks: MethodDefinition<_muster_v1_RetryTasksRequest, _muster_v1_RetryTasksResponse, _muster_v1_RetryTasksRequest__Output, _muster_v1_RetryTasksResponse__Output>
  StreamCalls: MethodDefinition<_muster_v1_StreamCallsRequest, _muster_v1_StreamCallsResponse, _muster_v1_StreamCallsRequest__Output, _muster_v1_StreamCallsResponse__Output>
  SubmitTasks: MethodDefinition<_muster_v1_SubmitTasksRequest, _muster_v1_SubmitTasksResponse, _muster_v1_SubmitTasksRequest__Output, _muster_v1_SubmitTasksResponse__Output>
  WaitTasks: MethodDefinition<_muster_v1_WaitTasksRequest, _muster_v1_WaitTasksResponse, _muster_v1_WaitTasksRequest__Output, _muster_v1_WaitTasksResponse__Output>
  WatchTasks: MethodDefinition<_muster_v1_WatchTasksRequest, _muster_v1_WatchTasksResponse, _muster_v1_WatchTasksRequest__Output, _muster_v1_WatchTasksResponse__Output>
}
