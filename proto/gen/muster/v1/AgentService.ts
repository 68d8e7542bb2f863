// Original file: muster/v1/agent_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConnectRequest as _muster_v1_ConnectRequest, ConnectRequest__Output as _muster_v1_ConnectRequest__Output } from '../../muster/v1/ConnectRequest.ts';
import type { ConnectResponse as _muster_v1_ConnectResponse, ConnectResponse__Output as _muster_v1_ConnectResponse__Output } from '../../muster/v1/ConnectResponse.ts';

/**
 * For agents: processes that run handlers. A token needs the right `run` in the namespace.
 */
export interface AgentServiceClient extends grpc.Client {
  /**
   * One stream carries everything that liveness depends on. The agent's first message is Hello, the coordinator's
   * first is Welcome or GoAway. Messages about tasks carry up to 500 items or 1 MiB, whichever is first, or one item.
   */
  Connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_ConnectRequest, _muster_v1_ConnectResponse__Output>;
  Connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_ConnectRequest, _muster_v1_ConnectResponse__Output>;
  /**
   * One stream carries everything that liveness depends on. The agent's first message is Hello, the coordinator's
   * first is Welcome or GoAway. Messages about tasks carry up to 500 items or 1 MiB, whichever is first, or one item.
   */
  connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_ConnectRequest, _muster_v1_ConnectResponse__Output>;
  connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_muster_v1_ConnectRequest, _muster_v1_ConnectResponse__Output>;
  
}

/**
 * For agents: processes that run handlers. A token needs the right `run` in the namespace.
 */
export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One stream carries everything that liveness depends on. The agent's first message is Hello, the coordinator's
   * first is Welcome or GoAway. Messages about tasks carry up to 500 items or 1 MiB, whichever is first, or one item.
   */
  Connect: grpc.handleBidiStreamingCall<_muster_v1_ConnectRequest__Output, _muster_v1_ConnectResponse>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_muster_v1_ConnectRequest, _muster_v1_ConnectResponse, _muster_v1_ConnectRequest__Output, _muster_v1_ConnectResponse__Output>
}
