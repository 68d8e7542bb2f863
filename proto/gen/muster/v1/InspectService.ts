// Original file: muster/v1/inspect_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExplainTaskRequest as _muster_v1_ExplainTaskRequest, ExplainTaskRequest__Output as _muster_v1_ExplainTaskRequest__Output } from '../../muster/v1/ExplainTaskRequest.ts';
import type { ExplainTaskResponse as _muster_v1_ExplainTaskResponse, ExplainTaskResponse__Output as _muster_v1_ExplainTaskResponse__Output } from '../../muster/v1/ExplainTaskResponse.ts';

/**
 * For people and tools: why things are as they are. A token needs any right in the namespace.
 */
export interface InspectServiceClient extends grpc.Client {
  /**
   * Says why a task is not running, by the rules and rows by which tasks are handed over. NOT_FOUND (TASK_NOT_FOUND).
   */
  ExplainTask(argument: _muster_v1_ExplainTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  ExplainTask(argument: _muster_v1_ExplainTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  ExplainTask(argument: _muster_v1_ExplainTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  ExplainTask(argument: _muster_v1_ExplainTaskRequest, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Says why a task is not running, by the rules and rows by which tasks are handed over. NOT_FOUND (TASK_NOT_FOUND).
   */
  explainTask(argument: _muster_v1_ExplainTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explainTask(argument: _muster_v1_ExplainTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explainTask(argument: _muster_v1_ExplainTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explainTask(argument: _muster_v1_ExplainTaskRequest, callback: grpc.requestCallback<_muster_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For people and tools: why things are as they are. A token needs any right in the namespace.
 */
export interface InspectServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Says why a task is not running, by the rules and rows by which tasks are handed over. NOT_FOUND (TASK_NOT_FOUND).
   */
  ExplainTask: grpc.handleUnaryCall<_muster_v1_ExplainTaskRequest__Output, _muster_v1_ExplainTaskResponse>;
  
}

export interface InspectServiceDefinition extends grpc.ServiceDefinition {
  ExplainTask: MethodDefinition<_muster_v1_ExplainTaskRequest, _muster_v1_ExplainTaskResponse, _muster_v1_ExplainTaskRequest__Output, _muster_v1_ExplainTaskResponse__Output>
}
