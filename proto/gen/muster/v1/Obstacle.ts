// Original file: muster/v1/inspect_service.proto

import type { ObstacleKind as _muster_v1_ObstacleKind, ObstacleKind__Output as _muster_v1_ObstacleKind__Output } from '../../muster/v1/ObstacleKind.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * One thing that keeps a task from running.
 */
export interface Obstacle {
  /**
   * What it is.
   */
  'kind'?: (_muster_v1_ObstacleKind);
  /**
   * CONCURRENCY, RATE: name of the shared limit, or `handler`, or `key`. Else empty.
   */
  'limit'?: (string);
  /**
   * NOT_DUE, RATE: until when, as far as time alone decides.
   */
  'untilTime'?: (_google_protobuf_Timestamp | null);
  /**
   * CONCURRENCY, NO_FREE_SLOT: tasks that run in its stead, at most 10.
   */
  'holders'?: (string)[];
  /**
   * CONCURRENCY: how many may run at once. NO_FREE_SLOT: slots of the agents that serve the handler.
   */
  'slots'?: (number);
  /**
   * NO_FREE_SLOT: how many agents serve the handler.
   */
  'agents'?: (number);
  /**
   * HANDLER_PAUSED, NAMESPACE_PAUSED: what whoever paused it said. Empty: nothing.
   */
  'note'?: (string);
  /**
   * UNSERVED: the nearest name that some agent has registered. Empty: none is near.
   */
  'nearestHandler'?: (string);
}

/**
 * One thing that keeps a task from running.
 */
export interface Obstacle__Output {
  /**
   * What it is.
   */
  'kind': (_muster_v1_ObstacleKind__Output);
  /**
   * CONCURRENCY, RATE: name of the shared limit, or `handler`, or `key`. Else empty.
   */
  'limit': (string);
  /**
   * NOT_DUE, RATE: until when, as far as time alone decides.
   */
  'untilTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * CONCURRENCY, NO_FREE_SLOT: tasks that run in its stead, at most 10.
   */
  'holders': (string)[];
  /**
   * CONCURRENCY: how many may run at once. NO_FREE_SLOT: slots of the agents that serve the handler.
   */
  'slots': (number);
  /**
   * NO_FREE_SLOT: how many agents serve the handler.
   */
  'agents': (number);
  /**
   * HANDLER_PAUSED, NAMESPACE_PAUSED: what whoever paused it said. Empty: nothing.
   */
  'note': (string);
  /**
   * UNSERVED: the nearest name that some agent has registered. Empty: none is near.
   */
  'nearestHandler': (string);
}
