// Original file: muster/v1/handler.proto

import type { HandlerOptions as _muster_v1_HandlerOptions, HandlerOptions__Output as _muster_v1_HandlerOptions__Output } from '../../muster/v1/HandlerOptions.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * A handler that some agent has registered.
 */
export interface Handler {
  /**
   * Namespace that it belongs to.
   */
  'namespace'?: (string);
  /**
   * Name.
   */
  'name'?: (string);
  /**
   * Options of the newest registration.
   */
  'options'?: (_muster_v1_HandlerOptions | null);
  /**
   * Versions that connected agents offer, each once.
   */
  'versions'?: (string)[];
  /**
   * JSON Schema of its input as text. Empty: none. Only from GetHandler.
   */
  'inputSchema'?: (string);
  /**
   * JSON Schema of its output as text. Empty: none. Only from GetHandler.
   */
  'outputSchema'?: (string);
  /**
   * For people. Empty: none.
   */
  'description'?: (string);
  /**
   * Connected agents that serve it, by agent id. At most 100 from ListHandlers, 1,000 from GetHandler.
   */
  'agentIds'?: (string)[];
  /**
   * How many connected agents serve it.
   */
  'agentCount'?: (number);
  /**
   * When it was first registered.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When its options or schemas last changed.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * A handler that some agent has registered.
 */
export interface Handler__Output {
  /**
   * Namespace that it belongs to.
   */
  'namespace': (string);
  /**
   * Name.
   */
  'name': (string);
  /**
   * Options of the newest registration.
   */
  'options': (_muster_v1_HandlerOptions__Output | null);
  /**
   * Versions that connected agents offer, each once.
   */
  'versions': (string)[];
  /**
   * JSON Schema of its input as text. Empty: none. Only from GetHandler.
   */
  'inputSchema': (string);
  /**
   * JSON Schema of its output as text. Empty: none. Only from GetHandler.
   */
  'outputSchema': (string);
  /**
   * For people. Empty: none.
   */
  'description': (string);
  /**
   * Connected agents that serve it, by agent id. At most 100 from ListHandlers, 1,000 from GetHandler.
   */
  'agentIds': (string)[];
  /**
   * How many connected agents serve it.
   */
  'agentCount': (number);
  /**
   * When it was first registered.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When its options or schemas last changed.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
}
