// Original file: muster/v1/handler.proto

import type { RetryPolicy as _muster_v1_RetryPolicy, RetryPolicy__Output as _muster_v1_RetryPolicy__Output } from '../../muster/v1/RetryPolicy.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * A handler's own defaults. A task's own wishes come first; both are resolved when the task is assigned.
 */
export interface HandlerOptions {
  /**
   * Default retry policy.
   */
  'retry'?: (_muster_v1_RetryPolicy | null);
  /**
   * Longest run of one attempt: 1 ms to 30 days. Default: none.
   */
  'attemptTimeout'?: (_google_protobuf_Duration | null);
  /**
   * True: never run twice; a lost or failed attempt is final. Default false.
   */
  'atMostOnce'?: (boolean);
  /**
   * How often a task may be started again after its session was lost: 0 to 100. Default 3.
   */
  'lostAttemptsMax'?: (number);
  /**
   * How long a cancelled attempt may take to end by itself: 0 s to 10 min. Default 5 s.
   */
  'cancelGrace'?: (_google_protobuf_Duration | null);
  '_lostAttemptsMax'?: "lostAttemptsMax";
}

/**
 * A handler's own defaults. A task's own wishes come first; both are resolved when the task is assigned.
 */
export interface HandlerOptions__Output {
  /**
   * Default retry policy.
   */
  'retry': (_muster_v1_RetryPolicy__Output | null);
  /**
   * Longest run of one attempt: 1 ms to 30 days. Default: none.
   */
  'attemptTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * True: never run twice; a lost or failed attempt is final. Default false.
   */
  'atMostOnce': (boolean);
  /**
   * How often a task may be started again after its session was lost: 0 to 100. Default 3.
   */
  'lostAttemptsMax'?: (number);
  /**
   * How long a cancelled attempt may take to end by itself: 0 s to 10 min. Default 5 s.
   */
  'cancelGrace': (_google_protobuf_Duration__Output | null);
  '_lostAttemptsMax'?: "lostAttemptsMax";
}
