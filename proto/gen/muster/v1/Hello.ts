// Original file: muster/v1/agent_service.proto

import type { HandlerRegistration as _muster_v1_HandlerRegistration, HandlerRegistration__Output as _muster_v1_HandlerRegistration__Output } from '../../muster/v1/HandlerRegistration.ts';
import type { InventoryItem as _muster_v1_InventoryItem, InventoryItem__Output as _muster_v1_InventoryItem__Output } from '../../muster/v1/InventoryItem.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * First message of the agent on every stream.
 */
export interface Hello {
  /**
   * Name of the agent, 1 to 128 bytes; shown to people, unique only if its owner makes it so.
   */
  'agentId'?: (string);
  /**
   * Namespace that it serves. Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Session to resume. Empty: a new one.
   */
  'sessionId'?: (string);
  /**
   * Secret of that session, from its Welcome.
   */
  'sessionToken'?: (string);
  /**
   * What it can run: 1 to 1,000 handlers.
   */
  'handlers'?: (_muster_v1_HandlerRegistration)[];
  /**
   * Attempts that it runs at a time: 1 to 100,000.
   */
  'slots'?: (number);
  /**
   * Labels, by the rules of task labels. For placement.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Share of work compared with other agents, for placement: 1 to 1,000. 0: 100.
   */
  'weight'?: (number);
  /**
   * Everything that it holds: accepted, running, or finished and unacknowledged. At most 200,000 items.
   */
  'inventory'?: (_muster_v1_InventoryItem)[];
  /**
   * Name and version of its SDK, at most 128 bytes.
   */
  'sdk'?: (string);
  /**
   * Version of this protocol that it speaks: 1.
   */
  'protocolVersion'?: (number);
  /**
   * Optional parts of the protocol that it knows; unknown names are ignored. At most 50.
   */
  'features'?: (string)[];
  /**
   * Silence after which the stream counts as broken: 1 s to 60 s. Unset: the coordinator's. For handlers that block
   * their event loop for longer; the coordinator bounds it.
   */
  'silenceTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Host name and process id, for people, at most 256 bytes.
   */
  'host'?: (string);
  /**
   * Number of the stream that begins with it: higher than that of every stream which this agent opened before. A Hello that
   * arrives late, when a later one has attached the session, is refused with SESSION_MOVED. 0: not numbered, and so not
   * refused; its inventory then counts, however old it is.
   */
  'dial'?: (number | string | Long);
}

/**
 * First message of the agent on every stream.
 */
export interface Hello__Output {
  /**
   * Name of the agent, 1 to 128 bytes; shown to people, unique only if its owner makes it so.
   */
  'agentId': (string);
  /**
   * Namespace that it serves. Empty: `default`.
   */
  'namespace': (string);
  /**
   * Session to resume. Empty: a new one.
   */
  'sessionId': (string);
  /**
   * Secret of that session, from its Welcome.
   */
  'sessionToken': (string);
  /**
   * What it can run: 1 to 1,000 handlers.
   */
  'handlers': (_muster_v1_HandlerRegistration__Output)[];
  /**
   * Attempts that it runs at a time: 1 to 100,000.
   */
  'slots': (number);
  /**
   * Labels, by the rules of task labels. For placement.
   */
  'labels': ({[key: string]: string});
  /**
   * Share of work compared with other agents, for placement: 1 to 1,000. 0: 100.
   */
  'weight': (number);
  /**
   * Everything that it holds: accepted, running, or finished and unacknowledged. At most 200,000 items.
   */
  'inventory': (_muster_v1_InventoryItem__Output)[];
  /**
   * Name and version of its SDK, at most 128 bytes.
   */
  'sdk': (string);
  /**
   * Version of this protocol that it speaks: 1.
   */
  'protocolVersion': (number);
  /**
   * Optional parts of the protocol that it knows; unknown names are ignored. At most 50.
   */
  'features': (string)[];
  /**
   * Silence after which the stream counts as broken: 1 s to 60 s. Unset: the coordinator's. For handlers that block
   * their event loop for longer; the coordinator bounds it.
   */
  'silenceTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Host name and process id, for people, at most 256 bytes.
   */
  'host': (string);
  /**
   * Number of the stream that begins with it: higher than that of every stream which this agent opened before. A Hello that
   * arrives late, when a later one has attached the session, is refused with SESSION_MOVED. 0: not numbered, and so not
   * refused; its inventory then counts, however old it is.
   */
  'dial': (number);
}
