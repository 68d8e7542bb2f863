// Original file: muster/v1/namespace_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateNamespaceRequest as _muster_v1_CreateNamespaceRequest, CreateNamespaceRequest__Output as _muster_v1_CreateNamespaceRequest__Output } from '../../muster/v1/CreateNamespaceRequest.ts';
import type { CreateNamespaceResponse as _muster_v1_CreateNamespaceResponse, CreateNamespaceResponse__Output as _muster_v1_CreateNamespaceResponse__Output } from '../../muster/v1/CreateNamespaceResponse.ts';
import type { DeleteNamespaceRequest as _muster_v1_DeleteNamespaceRequest, DeleteNamespaceRequest__Output as _muster_v1_DeleteNamespaceRequest__Output } from '../../muster/v1/DeleteNamespaceRequest.ts';
import type { DeleteNamespaceResponse as _muster_v1_DeleteNamespaceResponse, DeleteNamespaceResponse__Output as _muster_v1_DeleteNamespaceResponse__Output } from '../../muster/v1/DeleteNamespaceResponse.ts';
import type { GetNamespaceRequest as _muster_v1_GetNamespaceRequest, GetNamespaceRequest__Output as _muster_v1_GetNamespaceRequest__Output } from '../../muster/v1/GetNamespaceRequest.ts';
import type { GetNamespaceResponse as _muster_v1_GetNamespaceResponse, GetNamespaceResponse__Output as _muster_v1_GetNamespaceResponse__Output } from '../../muster/v1/GetNamespaceResponse.ts';
import type { ListNamespacesRequest as _muster_v1_ListNamespacesRequest, ListNamespacesRequest__Output as _muster_v1_ListNamespacesRequest__Output } from '../../muster/v1/ListNamespacesRequest.ts';
import type { ListNamespacesResponse as _muster_v1_ListNamespacesResponse, ListNamespacesResponse__Output as _muster_v1_ListNamespacesResponse__Output } from '../../muster/v1/ListNamespacesResponse.ts';
import type { UpdateNamespaceRequest as _muster_v1_UpdateNamespaceRequest, UpdateNamespaceRequest__Output as _muster_v1_UpdateNamespaceRequest__Output } from '../../muster/v1/UpdateNamespaceRequest.ts';
import type { UpdateNamespaceResponse as _muster_v1_UpdateNamespaceResponse, UpdateNamespaceResponse__Output as _muster_v1_UpdateNamespaceResponse__Output } from '../../muster/v1/UpdateNamespaceResponse.ts';

/**
 * For administrators: namespaces. Reading needs any right in the namespace, changing needs `administer` in all.
 */
export interface NamespaceServiceClient extends grpc.Client {
  /**
   * Makes a namespace. ALREADY_EXISTS (NAMESPACE_EXISTS) if there is one of that name.
   */
  CreateNamespace(argument: _muster_v1_CreateNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  CreateNamespace(argument: _muster_v1_CreateNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  CreateNamespace(argument: _muster_v1_CreateNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  CreateNamespace(argument: _muster_v1_CreateNamespaceRequest, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a namespace. ALREADY_EXISTS (NAMESPACE_EXISTS) if there is one of that name.
   */
  createNamespace(argument: _muster_v1_CreateNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  createNamespace(argument: _muster_v1_CreateNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  createNamespace(argument: _muster_v1_CreateNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  createNamespace(argument: _muster_v1_CreateNamespaceRequest, callback: grpc.requestCallback<_muster_v1_CreateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes an empty namespace: FAILED_PRECONDITION (NAMESPACE_NOT_EMPTY) while it has schedules, unfinished tasks or
   * connected agents. Its finished tasks go with it. `default` cannot be deleted.
   */
  DeleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  DeleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  DeleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  DeleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes an empty namespace: FAILED_PRECONDITION (NAMESPACE_NOT_EMPTY) while it has schedules, unfinished tasks or
   * connected agents. Its finished tasks go with it. `default` cannot be deleted.
   */
  deleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  deleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  deleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  deleteNamespace(argument: _muster_v1_DeleteNamespaceRequest, callback: grpc.requestCallback<_muster_v1_DeleteNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one namespace. NOT_FOUND (NAMESPACE_NOT_FOUND) names the nearest known name.
   */
  GetNamespace(argument: _muster_v1_GetNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  GetNamespace(argument: _muster_v1_GetNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  GetNamespace(argument: _muster_v1_GetNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  GetNamespace(argument: _muster_v1_GetNamespaceRequest, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one namespace. NOT_FOUND (NAMESPACE_NOT_FOUND) names the nearest known name.
   */
  getNamespace(argument: _muster_v1_GetNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  getNamespace(argument: _muster_v1_GetNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  getNamespace(argument: _muster_v1_GetNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  getNamespace(argument: _muster_v1_GetNamespaceRequest, callback: grpc.requestCallback<_muster_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists namespaces, by name.
   */
  ListNamespaces(argument: _muster_v1_ListNamespacesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  ListNamespaces(argument: _muster_v1_ListNamespacesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  ListNamespaces(argument: _muster_v1_ListNamespacesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  ListNamespaces(argument: _muster_v1_ListNamespacesRequest, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists namespaces, by name.
   */
  listNamespaces(argument: _muster_v1_ListNamespacesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  listNamespaces(argument: _muster_v1_ListNamespacesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  listNamespaces(argument: _muster_v1_ListNamespacesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  listNamespaces(argument: _muster_v1_ListNamespacesRequest, callback: grpc.requestCallback<_muster_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Changes the fields that the mask names.
   */
  UpdateNamespace(argument: _muster_v1_UpdateNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  UpdateNamespace(argument: _muster_v1_UpdateNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  UpdateNamespace(argument: _muster_v1_UpdateNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  UpdateNamespace(argument: _muster_v1_UpdateNamespaceRequest, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Changes the fields that the mask names.
   */
  updateNamespace(argument: _muster_v1_UpdateNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  updateNamespace(argument: _muster_v1_UpdateNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  updateNamespace(argument: _muster_v1_UpdateNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  updateNamespace(argument: _muster_v1_UpdateNamespaceRequest, callback: grpc.requestCallback<_muster_v1_UpdateNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For administrators: namespaces. Reading needs any right in the namespace, changing needs `administer` in all.
 */
export interface NamespaceServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Makes a namespace. ALREADY_EXISTS (NAMESPACE_EXISTS) if there is one of that name.
   */
  CreateNamespace: grpc.handleUnaryCall<_muster_v1_CreateNamespaceRequest__Output, _muster_v1_CreateNamespaceResponse>;
  
  /**
   * Deletes an empty namespace: FAILED_PRECONDITION (NAMESPACE_NOT_EMPTY) while it has schedules, unfinished tasks or
   * connected agents. Its finished tasks go with it. `default` cannot be deleted.
   */
  DeleteNamespace: grpc.handleUnaryCall<_muster_v1_DeleteNamespaceRequest__Output, _muster_v1_DeleteNamespaceResponse>;
  
  /**
   * Reads one namespace. NOT_FOUND (NAMESPACE_NOT_FOUND) names the nearest known name.
   */
  GetNamespace: grpc.handleUnaryCall<_muster_v1_GetNamespaceRequest__Output, _muster_v1_GetNamespaceResponse>;
  
  /**
   * Lists namespaces, by name.
   */
  ListNamespaces: grpc.handleUnaryCall<_muster_v1_ListNamespacesRequest__Output, _muster_v1_ListNamespacesResponse>;
  
  /**
   * Changes the fields that the mask names.
   */
  UpdateNamespace: grpc.handleUnaryCall<_muster_v1_UpdateNamespaceRequest__Output, _muster_v1_UpdateNamespaceResponse>;
  
}

export interface NamespaceServiceDefinition extends grpc.ServiceDefinition {
  CreateNamespace: MethodDefinition<_muster_v1_CreateNamespaceRequest, _muster_v1_CreateNamespaceResponse, _muster_v1_CreateNamespaceRequest__Output, _muster_v1_CreateNamespaceResponse__Output>
  DeleteNamespace: MethodDefinition<_muster_v1_DeleteNamespaceRequest, _muster_v1_DeleteNamespaceResponse, _muster_v1_DeleteNamespaceRequest__Output, _muster_v1_DeleteNamespaceResponse__Output>
  GetNamespace: MethodDefinition<_muster_v1_GetNamespaceRequest, _muster_v1_GetNamespaceResponse, _muster_v1_GetNamespaceRequest__Output, _muster_v1_GetNamespaceResponse__Output>
  ListNamespaces: MethodDefinition<_muster_v1_ListNamespacesRequest, _muster_v1_ListNamespacesResponse, _muster_v1_ListNamespacesRequest__Output, _muster_v1_ListNamespacesResponse__Output>
  UpdateNamespace: MethodDefinition<_muster_v1_UpdateNamespaceRequest, _muster_v1_UpdateNamespaceResponse, _muster_v1_UpdateNamespaceRequest__Output, _muster_v1_UpdateNamespaceResponse__Output>
}
