// Original file: muster/v1/handler_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetHandlerRequest as _muster_v1_GetHandlerRequest, GetHandlerRequest__Output as _muster_v1_GetHandlerRequest__Output } from '../../muster/v1/GetHandlerRequest.ts';
import type { GetHandlerResponse as _muster_v1_GetHandlerResponse, GetHandlerResponse__Output as _muster_v1_GetHandlerResponse__Output } from '../../muster/v1/GetHandlerResponse.ts';
import type { ListHandlersRequest as _muster_v1_ListHandlersRequest, ListHandlersRequest__Output as _muster_v1_ListHandlersRequest__Output } from '../../muster/v1/ListHandlersRequest.ts';
import type { ListHandlersResponse as _muster_v1_ListHandlersResponse, ListHandlersResponse__Output as _muster_v1_ListHandlersResponse__Output } from '../../muster/v1/ListHandlersResponse.ts';

/**
 * For people and tools: the handlers of a namespace. A token needs any right in the namespace.
 */
export interface HandlerServiceClient extends grpc.Client {
  /**
   * Reads one handler with its schemas. NOT_FOUND (HANDLER_NOT_FOUND) names the nearest known name.
   */
  GetHandler(argument: _muster_v1_GetHandlerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  GetHandler(argument: _muster_v1_GetHandlerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  GetHandler(argument: _muster_v1_GetHandlerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  GetHandler(argument: _muster_v1_GetHandlerRequest, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one handler with its schemas. NOT_FOUND (HANDLER_NOT_FOUND) names the nearest known name.
   */
  getHandler(argument: _muster_v1_GetHandlerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  getHandler(argument: _muster_v1_GetHandlerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  getHandler(argument: _muster_v1_GetHandlerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  getHandler(argument: _muster_v1_GetHandlerRequest, callback: grpc.requestCallback<_muster_v1_GetHandlerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists the handlers that agents have registered, by name.
   */
  ListHandlers(argument: _muster_v1_ListHandlersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  ListHandlers(argument: _muster_v1_ListHandlersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  ListHandlers(argument: _muster_v1_ListHandlersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  ListHandlers(argument: _muster_v1_ListHandlersRequest, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists the handlers that agents have registered, by name.
   */
  listHandlers(argument: _muster_v1_ListHandlersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  listHandlers(argument: _muster_v1_ListHandlersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  listHandlers(argument: _muster_v1_ListHandlersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  listHandlers(argument: _muster_v1_ListHandlersRequest, callback: grpc.requestCallback<_muster_v1_ListHandlersResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For people and tools: the handlers of a namespace. A token needs any right in the namespace.
 */
export interface HandlerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Reads one handler with its schemas. NOT_FOUND (HANDLER_NOT_FOUND) names the nearest known name.
   */
  GetHandler: grpc.handleUnaryCall<_muster_v1_GetHandlerRequest__Output, _muster_v1_GetHandlerResponse>;
  
  /**
   * Lists the handlers that agents have registered, by name.
   */
  ListHandlers: grpc.handleUnaryCall<_muster_v1_ListHandlersRequest__Output, _muster_v1_ListHandlersResponse>;
  
}

export interface HandlerServiceDefinition extends grpc.ServiceDefinition {
  GetHandler: MethodDefinition<_muster_v1_GetHandlerRequest, _muster_v1_GetHandlerResponse, _muster_v1_GetHandlerRequest__Output, _muster_v1_GetHandlerResponse__Output>
  ListHandlers: MethodDefinition<_muster_v1_ListHandlersRequest, _muster_v1_ListHandlersResponse, _muster_v1_ListHandlersRequest__Output, _muster_v1_ListHandlersResponse__Output>
}
