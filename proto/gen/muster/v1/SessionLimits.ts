// Original file: muster/v1/agent_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What the agent must keep to.
 */
export interface SessionLimits {
  /**
   * Bytes of one payload. Default 1 MiB.
   */
  'payloadBytesMax'?: (number | string | Long);
  /**
   * Items of one message. Default 500.
   */
  'messageItemsMax'?: (number);
  /**
   * Bytes of one message with more than one item. Default 1 MiB.
   */
  'messageBytesMax'?: (number | string | Long);
  /**
   * Log lines of one attempt; more are dropped and counted in a last line. Default 200.
   */
  'logLinesMax'?: (number);
  /**
   * Time within which an assignment must be accepted. Default 2 s.
   */
  'acceptTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Shortest time between two progress reports of one attempt; newer ones replace older ones. Default 200 ms.
   */
  'progressInterval'?: (_google_protobuf_Duration | null);
}

/**
 * What the agent must keep to.
 */
export interface SessionLimits__Output {
  /**
   * Bytes of one payload. Default 1 MiB.
   */
  'payloadBytesMax': (number);
  /**
   * Items of one message. Default 500.
   */
  'messageItemsMax': (number);
  /**
   * Bytes of one message with more than one item. Default 1 MiB.
   */
  'messageBytesMax': (number);
  /**
   * Log lines of one attempt; more are dropped and counted in a last line. Default 200.
   */
  'logLinesMax': (number);
  /**
   * Time within which an assignment must be accepted. Default 2 s.
   */
  'acceptTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Shortest time between two progress reports of one attempt; newer ones replace older ones. Default 200 ms.
   */
  'progressInterval': (_google_protobuf_Duration__Output | null);
}
