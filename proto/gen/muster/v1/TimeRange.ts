// Original file: muster/v1/schedule.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * A stretch of time.
 */
export interface TimeRange {
  /**
   * Its first moment.
   */
  'startTime'?: (_google_protobuf_Timestamp | null);
  /**
   * The first moment after it.
   */
  'endTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * A stretch of time.
 */
export interface TimeRange__Output {
  /**
   * Its first moment.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * The first moment after it.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
}
