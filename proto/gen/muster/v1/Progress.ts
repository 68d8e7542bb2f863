// Original file: muster/v1/task.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * How far a running attempt has come. Set by the handler.
 */
export interface Progress {
  /**
   * Units done.
   */
  'completed'?: (number | string);
  /**
   * Units in all; 0 if unknown.
   */
  'total'?: (number | string);
  /**
   * For people, at most 1 KiB.
   */
  'message'?: (string);
  /**
   * When the coordinator stored it.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * How far a running attempt has come. Set by the handler.
 */
export interface Progress__Output {
  /**
   * Units done.
   */
  'completed': (number);
  /**
   * Units in all; 0 if unknown.
   */
  'total': (number);
  /**
   * For people, at most 1 KiB.
   */
  'message': (string);
  /**
   * When the coordinator stored it.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
}
