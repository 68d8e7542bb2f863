// Original file: muster/v1/fleet_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DrainAgentRequest as _muster_v1_DrainAgentRequest, DrainAgentRequest__Output as _muster_v1_DrainAgentRequest__Output } from '../../muster/v1/DrainAgentRequest.ts';
import type { DrainAgentResponse as _muster_v1_DrainAgentResponse, DrainAgentResponse__Output as _muster_v1_DrainAgentResponse__Output } from '../../muster/v1/DrainAgentResponse.ts';
import type { GetAgentRequest as _muster_v1_GetAgentRequest, GetAgentRequest__Output as _muster_v1_GetAgentRequest__Output } from '../../muster/v1/GetAgentRequest.ts';
import type { GetAgentResponse as _muster_v1_GetAgentResponse, GetAgentResponse__Output as _muster_v1_GetAgentResponse__Output } from '../../muster/v1/GetAgentResponse.ts';
import type { GetCoordinatorRequest as _muster_v1_GetCoordinatorRequest, GetCoordinatorRequest__Output as _muster_v1_GetCoordinatorRequest__Output } from '../../muster/v1/GetCoordinatorRequest.ts';
import type { GetCoordinatorResponse as _muster_v1_GetCoordinatorResponse, GetCoordinatorResponse__Output as _muster_v1_GetCoordinatorResponse__Output } from '../../muster/v1/GetCoordinatorResponse.ts';
import type { ListAgentsRequest as _muster_v1_ListAgentsRequest, ListAgentsRequest__Output as _muster_v1_ListAgentsRequest__Output } from '../../muster/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse as _muster_v1_ListAgentsResponse, ListAgentsResponse__Output as _muster_v1_ListAgentsResponse__Output } from '../../muster/v1/ListAgentsResponse.ts';
import type { ListCoordinatorsRequest as _muster_v1_ListCoordinatorsRequest, ListCoordinatorsRequest__Output as _muster_v1_ListCoordinatorsRequest__Output } from '../../muster/v1/ListCoordinatorsRequest.ts';
import type { ListCoordinatorsResponse as _muster_v1_ListCoordinatorsResponse, ListCoordinatorsResponse__Output as _muster_v1_ListCoordinatorsResponse__Output } from '../../muster/v1/ListCoordinatorsResponse.ts';

/**
 * For operators: agents and coordinators. Reading needs any right in the namespace, draining needs `administer`.
 */
export interface FleetServiceClient extends grpc.Client {
  /**
   * Asks an agent to drain: to take nothing more, finish what runs within the grace, hand back the rest, and leave.
   */
  DrainAgent(argument: _muster_v1_DrainAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  DrainAgent(argument: _muster_v1_DrainAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  DrainAgent(argument: _muster_v1_DrainAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  DrainAgent(argument: _muster_v1_DrainAgentRequest, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Asks an agent to drain: to take nothing more, finish what runs within the grace, hand back the rest, and leave.
   */
  drainAgent(argument: _muster_v1_DrainAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  drainAgent(argument: _muster_v1_DrainAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  drainAgent(argument: _muster_v1_DrainAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  drainAgent(argument: _muster_v1_DrainAgentRequest, callback: grpc.requestCallback<_muster_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one agent's newest session. NOT_FOUND (AGENT_NOT_FOUND) if there is none.
   */
  GetAgent(argument: _muster_v1_GetAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  GetAgent(argument: _muster_v1_GetAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  GetAgent(argument: _muster_v1_GetAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  GetAgent(argument: _muster_v1_GetAgentRequest, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one agent's newest session. NOT_FOUND (AGENT_NOT_FOUND) if there is none.
   */
  getAgent(argument: _muster_v1_GetAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  getAgent(argument: _muster_v1_GetAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  getAgent(argument: _muster_v1_GetAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  getAgent(argument: _muster_v1_GetAgentRequest, callback: grpc.requestCallback<_muster_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one coordinator. NOT_FOUND (COORDINATOR_NOT_FOUND) if there is none.
   */
  GetCoordinator(argument: _muster_v1_GetCoordinatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  GetCoordinator(argument: _muster_v1_GetCoordinatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  GetCoordinator(argument: _muster_v1_GetCoordinatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  GetCoordinator(argument: _muster_v1_GetCoordinatorRequest, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one coordinator. NOT_FOUND (COORDINATOR_NOT_FOUND) if there is none.
   */
  getCoordinator(argument: _muster_v1_GetCoordinatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  getCoordinator(argument: _muster_v1_GetCoordinatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  getCoordinator(argument: _muster_v1_GetCoordinatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  getCoordinator(argument: _muster_v1_GetCoordinatorRequest, callback: grpc.requestCallback<_muster_v1_GetCoordinatorResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists agents' sessions, newest first.
   */
  ListAgents(argument: _muster_v1_ListAgentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _muster_v1_ListAgentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _muster_v1_ListAgentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _muster_v1_ListAgentsRequest, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists agents' sessions, newest first.
   */
  listAgents(argument: _muster_v1_ListAgentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _muster_v1_ListAgentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _muster_v1_ListAgentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _muster_v1_ListAgentsRequest, callback: grpc.requestCallback<_muster_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists coordinators. Needs `administer` in any namespace.
   */
  ListCoordinators(argument: _muster_v1_ListCoordinatorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  ListCoordinators(argument: _muster_v1_ListCoordinatorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  ListCoordinators(argument: _muster_v1_ListCoordinatorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  ListCoordinators(argument: _muster_v1_ListCoordinatorsRequest, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists coordinators. Needs `administer` in any namespace.
   */
  listCoordinators(argument: _muster_v1_ListCoordinatorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  listCoordinators(argument: _muster_v1_ListCoordinatorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  listCoordinators(argument: _muster_v1_ListCoordinatorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  listCoordinators(argument: _muster_v1_ListCoordinatorsRequest, callback: grpc.requestCallback<_muster_v1_ListCoordinatorsResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For operators: agents and coordinators. Reading needs any right in the namespace, draining needs `administer`.
 */
export interface FleetServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Asks an agent to drain: to take nothing more, finish what runs within the grace, hand back the rest, and leave.
   */
  DrainAgent: grpc.handleUnaryCall<_muster_v1_DrainAgentRequest__Output, _muster_v1_DrainAgentResponse>;
  
  /**
   * Reads one agent's newest session. NOT_FOUND (AGENT_NOT_FOUND) if there is none.
   */
  GetAgent: grpc.handleUnaryCall<_muster_v1_GetAgentRequest__Output, _muster_v1_GetAgentResponse>;
  
  /**
   * Reads one coordinator. NOT_FOUND (COORDINATOR_NOT_FOUND) if there is none.
   */
  GetCoordinator: grpc.handleUnaryCall<_muster_v1_GetCoordinatorRequest__Output, _muster_v1_GetCoordinatorResponse>;
  
  /**
   * Lists agents' sessions, newest first.
   */
  ListAgents: grpc.handleUnaryCall<_muster_v1_ListAgentsRequest__Output, _muster_v1_ListAgentsResponse>;
  
  /**
   * Lists coordinators. Needs `administer` in any namespace.
   */
  ListCoordinators: grpc.handleUnaryCall<_muster_v1_ListCoordinatorsRequest__Output, _muster_v1_ListCoordinatorsResponse>;
  
}

export interface FleetServiceDefinition extends grpc.ServiceDefinition {
  DrainAgent: MethodDefinition<_muster_v1_DrainAgentRequest, _muster_v1_DrainAgentResponse, _muster_v1_DrainAgentRequest__Output, _muster_v1_DrainAgentResponse__Output>
  GetAgent: MethodDefinition<_muster_v1_GetAgentRequest, _muster_v1_GetAgentResponse, _muster_v1_GetAgentRequest__Output, _muster_v1_GetAgentResponse__Output>
  GetCoordinator: MethodDefinition<_muster_v1_GetCoordinatorRequest, _muster_v1_GetCoordinatorResponse, _muster_v1_GetCoordinatorRequest__Output, _muster_v1_GetCoordinatorResponse__Output>
  ListAgents: MethodDefinition<_muster_v1_ListAgentsRequest, _muster_v1_ListAgentsResponse, _muster_v1_ListAgentsRequest__Output, _muster_v1_ListAgentsResponse__Output>
  ListCoordinators: MethodDefinition<_muster_v1_ListCoordinatorsRequest, _muster_v1_ListCoordinatorsResponse, _muster_v1_ListCoordinatorsRequest__Output, _muster_v1_ListCoordinatorsResponse__Output>
}
