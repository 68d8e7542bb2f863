// Original file: muster/v1/limit_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DeleteLimitRequest as _muster_v1_DeleteLimitRequest, DeleteLimitRequest__Output as _muster_v1_DeleteLimitRequest__Output } from '../../muster/v1/DeleteLimitRequest.ts';
import type { DeleteLimitResponse as _muster_v1_DeleteLimitResponse, DeleteLimitResponse__Output as _muster_v1_DeleteLimitResponse__Output } from '../../muster/v1/DeleteLimitResponse.ts';
import type { GetHandlerFlowRequest as _muster_v1_GetHandlerFlowRequest, GetHandlerFlowRequest__Output as _muster_v1_GetHandlerFlowRequest__Output } from '../../muster/v1/GetHandlerFlowRequest.ts';
import type { GetHandlerFlowResponse as _muster_v1_GetHandlerFlowResponse, GetHandlerFlowResponse__Output as _muster_v1_GetHandlerFlowResponse__Output } from '../../muster/v1/GetHandlerFlowResponse.ts';
import type { GetLimitRequest as _muster_v1_GetLimitRequest, GetLimitRequest__Output as _muster_v1_GetLimitRequest__Output } from '../../muster/v1/GetLimitRequest.ts';
import type { GetLimitResponse as _muster_v1_GetLimitResponse, GetLimitResponse__Output as _muster_v1_GetLimitResponse__Output } from '../../muster/v1/GetLimitResponse.ts';
import type { ListLimitsRequest as _muster_v1_ListLimitsRequest, ListLimitsRequest__Output as _muster_v1_ListLimitsRequest__Output } from '../../muster/v1/ListLimitsRequest.ts';
import type { ListLimitsResponse as _muster_v1_ListLimitsResponse, ListLimitsResponse__Output as _muster_v1_ListLimitsResponse__Output } from '../../muster/v1/ListLimitsResponse.ts';
import type { PauseHandlerRequest as _muster_v1_PauseHandlerRequest, PauseHandlerRequest__Output as _muster_v1_PauseHandlerRequest__Output } from '../../muster/v1/PauseHandlerRequest.ts';
import type { PauseHandlerResponse as _muster_v1_PauseHandlerResponse, PauseHandlerResponse__Output as _muster_v1_PauseHandlerResponse__Output } from '../../muster/v1/PauseHandlerResponse.ts';
import type { PauseNamespaceRequest as _muster_v1_PauseNamespaceRequest, PauseNamespaceRequest__Output as _muster_v1_PauseNamespaceRequest__Output } from '../../muster/v1/PauseNamespaceRequest.ts';
import type { PauseNamespaceResponse as _muster_v1_PauseNamespaceResponse, PauseNamespaceResponse__Output as _muster_v1_PauseNamespaceResponse__Output } from '../../muster/v1/PauseNamespaceResponse.ts';
import type { ResumeHandlerRequest as _muster_v1_ResumeHandlerRequest, ResumeHandlerRequest__Output as _muster_v1_ResumeHandlerRequest__Output } from '../../muster/v1/ResumeHandlerRequest.ts';
import type { ResumeHandlerResponse as _muster_v1_ResumeHandlerResponse, ResumeHandlerResponse__Output as _muster_v1_ResumeHandlerResponse__Output } from '../../muster/v1/ResumeHandlerResponse.ts';
import type { ResumeNamespaceRequest as _muster_v1_ResumeNamespaceRequest, ResumeNamespaceRequest__Output as _muster_v1_ResumeNamespaceRequest__Output } from '../../muster/v1/ResumeNamespaceRequest.ts';
import type { ResumeNamespaceResponse as _muster_v1_ResumeNamespaceResponse, ResumeNamespaceResponse__Output as _muster_v1_ResumeNamespaceResponse__Output } from '../../muster/v1/ResumeNamespaceResponse.ts';
import type { SetHandlerLimitsRequest as _muster_v1_SetHandlerLimitsRequest, SetHandlerLimitsRequest__Output as _muster_v1_SetHandlerLimitsRequest__Output } from '../../muster/v1/SetHandlerLimitsRequest.ts';
import type { SetHandlerLimitsResponse as _muster_v1_SetHandlerLimitsResponse, SetHandlerLimitsResponse__Output as _muster_v1_SetHandlerLimitsResponse__Output } from '../../muster/v1/SetHandlerLimitsResponse.ts';
import type { SetLimitRequest as _muster_v1_SetLimitRequest, SetLimitRequest__Output as _muster_v1_SetLimitRequest__Output } from '../../muster/v1/SetLimitRequest.ts';
import type { SetLimitResponse as _muster_v1_SetLimitResponse, SetLimitResponse__Output as _muster_v1_SetLimitResponse__Output } from '../../muster/v1/SetLimitResponse.ts';

/**
 * For applications and operators: how much runs at once, and whether anything does. Needs the right `submit` in the namespace; pausing a
 * namespace needs `administer`. A change binds every hand-over that begins after the answer, on every coordinator. Nothing that
 * runs is stopped.
 */
export interface LimitServiceClient extends grpc.Client {
  /**
   * Deletes a shared limit. FAILED_PRECONDITION (LIMIT_USED) while handlers are under it.
   */
  DeleteLimit(argument: _muster_v1_DeleteLimitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  DeleteLimit(argument: _muster_v1_DeleteLimitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  DeleteLimit(argument: _muster_v1_DeleteLimitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  DeleteLimit(argument: _muster_v1_DeleteLimitRequest, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a shared limit. FAILED_PRECONDITION (LIMIT_USED) while handlers are under it.
   */
  deleteLimit(argument: _muster_v1_DeleteLimitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  deleteLimit(argument: _muster_v1_DeleteLimitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  deleteLimit(argument: _muster_v1_DeleteLimitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  deleteLimit(argument: _muster_v1_DeleteLimitRequest, callback: grpc.requestCallback<_muster_v1_DeleteLimitResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells a handler's limits, pauses, and what runs and waits under them.
   */
  GetHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  GetHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  GetHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  GetHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells a handler's limits, pauses, and what runs and waits under them.
   */
  getHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  getHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  getHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  getHandlerFlow(argument: _muster_v1_GetHandlerFlowRequest, callback: grpc.requestCallback<_muster_v1_GetHandlerFlowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads a shared limit. NOT_FOUND (LIMIT_NOT_FOUND) names the nearest known name.
   */
  GetLimit(argument: _muster_v1_GetLimitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  GetLimit(argument: _muster_v1_GetLimitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  GetLimit(argument: _muster_v1_GetLimitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  GetLimit(argument: _muster_v1_GetLimitRequest, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads a shared limit. NOT_FOUND (LIMIT_NOT_FOUND) names the nearest known name.
   */
  getLimit(argument: _muster_v1_GetLimitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  getLimit(argument: _muster_v1_GetLimitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  getLimit(argument: _muster_v1_GetLimitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  getLimit(argument: _muster_v1_GetLimitRequest, callback: grpc.requestCallback<_muster_v1_GetLimitResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists shared limits, by name.
   */
  ListLimits(argument: _muster_v1_ListLimitsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  ListLimits(argument: _muster_v1_ListLimitsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  ListLimits(argument: _muster_v1_ListLimitsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  ListLimits(argument: _muster_v1_ListLimitsRequest, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists shared limits, by name.
   */
  listLimits(argument: _muster_v1_ListLimitsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  listLimits(argument: _muster_v1_ListLimitsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  listLimits(argument: _muster_v1_ListLimitsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  listLimits(argument: _muster_v1_ListLimitsRequest, callback: grpc.requestCallback<_muster_v1_ListLimitsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * No more tasks of the handler are handed over. It stays so until it is resumed, whatever is restarted.
   */
  PauseHandler(argument: _muster_v1_PauseHandlerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  PauseHandler(argument: _muster_v1_PauseHandlerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  PauseHandler(argument: _muster_v1_PauseHandlerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  PauseHandler(argument: _muster_v1_PauseHandlerRequest, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * No more tasks of the handler are handed over. It stays so until it is resumed, whatever is restarted.
   */
  pauseHandler(argument: _muster_v1_PauseHandlerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  pauseHandler(argument: _muster_v1_PauseHandlerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  pauseHandler(argument: _muster_v1_PauseHandlerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  pauseHandler(argument: _muster_v1_PauseHandlerRequest, callback: grpc.requestCallback<_muster_v1_PauseHandlerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * No more tasks of any handler of the namespace are handed over, those of handlers to come included.
   */
  PauseNamespace(argument: _muster_v1_PauseNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  PauseNamespace(argument: _muster_v1_PauseNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  PauseNamespace(argument: _muster_v1_PauseNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  PauseNamespace(argument: _muster_v1_PauseNamespaceRequest, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * No more tasks of any handler of the namespace are handed over, those of handlers to come included.
   */
  pauseNamespace(argument: _muster_v1_PauseNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  pauseNamespace(argument: _muster_v1_PauseNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  pauseNamespace(argument: _muster_v1_PauseNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  pauseNamespace(argument: _muster_v1_PauseNamespaceRequest, callback: grpc.requestCallback<_muster_v1_PauseNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * They are handed over again.
   */
  ResumeHandler(argument: _muster_v1_ResumeHandlerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  ResumeHandler(argument: _muster_v1_ResumeHandlerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  ResumeHandler(argument: _muster_v1_ResumeHandlerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  ResumeHandler(argument: _muster_v1_ResumeHandlerRequest, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * They are handed over again.
   */
  resumeHandler(argument: _muster_v1_ResumeHandlerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  resumeHandler(argument: _muster_v1_ResumeHandlerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  resumeHandler(argument: _muster_v1_ResumeHandlerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  resumeHandler(argument: _muster_v1_ResumeHandlerRequest, callback: grpc.requestCallback<_muster_v1_ResumeHandlerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * They are handed over again, but for those of handlers that are paused themselves.
   */
  ResumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  ResumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  ResumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  ResumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * They are handed over again, but for those of handlers that are paused themselves.
   */
  resumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  resumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  resumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  resumeNamespace(argument: _muster_v1_ResumeNamespaceRequest, callback: grpc.requestCallback<_muster_v1_ResumeNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sets all limits of a handler; one that nobody has registered yet may be named. What is left out is no limit.
   */
  SetHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  SetHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  SetHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  SetHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sets all limits of a handler; one that nobody has registered yet may be named. What is left out is no limit.
   */
  setHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  setHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  setHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  setHandlerLimits(argument: _muster_v1_SetHandlerLimitsRequest, callback: grpc.requestCallback<_muster_v1_SetHandlerLimitsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes a shared limit, or changes it. Tokens in its bucket stay as they are.
   */
  SetLimit(argument: _muster_v1_SetLimitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  SetLimit(argument: _muster_v1_SetLimitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  SetLimit(argument: _muster_v1_SetLimitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  SetLimit(argument: _muster_v1_SetLimitRequest, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a shared limit, or changes it. Tokens in its bucket stay as they are.
   */
  setLimit(argument: _muster_v1_SetLimitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  setLimit(argument: _muster_v1_SetLimitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  setLimit(argument: _muster_v1_SetLimitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  setLimit(argument: _muster_v1_SetLimitRequest, callback: grpc.requestCallback<_muster_v1_SetLimitResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For applications and operators: how much runs at once, and whether anything does. Needs the right `submit` in the namespace; pausing a
 * namespace needs `administer`. A change binds every hand-over that begins after the answer, on every coordinator. Nothing that
 * runs is stopped.
 */
export interface LimitServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Deletes a shared limit. FAILED_PRECONDITION (LIMIT_USED) while handlers are under it.
   */
  DeleteLimit: grpc.handleUnaryCall<_muster_v1_DeleteLimitRequest__Output, _muster_v1_DeleteLimitResponse>;
  
  /**
   * Tells a handler's limits, pauses, and what runs and waits under them.
   */
  GetHandlerFlow: grpc.handleUnaryCall<_muster_v1_GetHandlerFlowRequest__Output, _muster_v1_GetHandlerFlowResponse>;
  
  /**
   * Reads a shared limit. NOT_FOUND (LIMIT_NOT_FOUND) names the nearest known name.
   */
  GetLimit: grpc.handleUnaryCall<_muster_v1_GetLimitRequest__Output, _muster_v1_GetLimitResponse>;
  
  /**
   * Lists shared limits, by name.
   */
  ListLimits: grpc.handleUnaryCall<_muster_v1_ListLimitsRequest__Output, _muster_v1_ListLimitsResponse>;
  
  /**
   * No more tasks of the handler are handed over. It stays so until it is resumed, whatever is restarted.
   */
  PauseHandler: grpc.handleUnaryCall<_muster_v1_PauseHandlerRequest__Output, _muster_v1_PauseHandlerResponse>;
  
  /**
   * No more tasks of any handler of the namespace are handed over, those of handlers to come included.
   */
  PauseNamespace: grpc.handleUnaryCall<_muster_v1_PauseNamespaceRequest__Output, _muster_v1_PauseNamespaceResponse>;
  
  /**
   * They are handed over again.
   */
  ResumeHandler: grpc.handleUnaryCall<_muster_v1_ResumeHandlerRequest__Output, _muster_v1_ResumeHandlerResponse>;
  
  /**
   * They are handed over again, but for those of handlers that are paused themselves.
   */
  ResumeNamespace: grpc.handleUnaryCall<_muster_v1_ResumeNamespaceRequest__Output, _muster_v1_ResumeNamespaceResponse>;
  
  /**
   * Sets all limits of a handler; one that nobody has registered yet may be named. What is left out is no limit.
   */
  SetHandlerLimits: grpc.handleUnaryCall<_muster_v1_SetHandlerLimitsRequest__Output, _muster_v1_SetHandlerLimitsResponse>;
  
  /**
   * Makes a shared limit, or changes it. Tokens in its bucket stay as they are.
   */
  SetLimit: grpc.handleUnaryCall<_muster_v1_SetLimitRequest__Output, _muster_v1_SetLimitResponse>;
  
}

export interface LimitServiceDefinition extends grpc.ServiceDefinition {
  DeleteLimit: MethodDefinition<_muster_v1_DeleteLimitRequest, _muster_v1_DeleteLimitResponse, _muster_v1_DeleteLimitRequest__Output, _muster_v1_DeleteLimitResponse__Output>
  GetHandlerFlow: MethodDefinition<_muster_v1_GetHandlerFlowRequest, _muster_v1_GetHandlerFlowResponse, _muster_v1_GetHandlerFlowRequest__Output, _muster_v1_GetHandlerFlowResponse__Output>
  GetLimit: MethodDefinition<_muster_v1_GetLimitRequest, _muster_v1_GetLimitResponse, _muster_v1_GetLimitRequest__Output, _muster_v1_GetLimitResponse__Output>
  ListLimits: MethodDefinition<_muster_v1_ListLimitsRequest, _muster_v1_ListLimitsResponse, _muster_v1_ListLimitsRequest__Output, _muster_v1_ListLimitsResponse__Output>
  PauseHandler: MethodDefinition<_muster_v1_PauseHandlerRequest, _muster_v1_PauseHandlerResponse, _muster_v1_PauseHandlerRequest__Output, _muster_v1_PauseHandlerResponse__Output>
  PauseNamespace: MethodDefinition<_muster_v1_PauseNamespaceRequest, _muster_v1_PauseNamespaceResponse, _muster_v1_PauseNamespaceRequest__Output, _muster_v1_PauseNamespaceResponse__Output>
  ResumeHandler: MethodDefinition<_muster_v1_ResumeHandlerRequest, _muster_v1_ResumeHandlerResponse, _muster_v1_ResumeHandlerRequest__Output, _muster_v1_ResumeHandlerResponse__Output>
  ResumeNamespace: MethodDefinition<_muster_v1_ResumeNamespaceRequest, _muster_v1_ResumeNamespaceResponse, _muster_v1_ResumeNamespaceRequest__Output, _muster_v1_ResumeNamespaceResponse__Output>
  SetHandlerLimits: MethodDefinition<_muster_v1_SetHandlerLimitsRequest, _muster_v1_SetHandlerLimitsResponse, _muster_v1_SetHandlerLimitsRequest__Output, _muster_v1_SetHandlerLimitsResponse__Output>
  SetLimit: MethodDefinition<_muster_v1_SetLimitRequest, _muster_v1_SetLimitResponse, _muster_v1_SetLimitRequest__Output, _muster_v1_SetLimitResponse__Output>
}
