// Original file: muster/v1/schedule_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Nominal times to come.
 */
export interface PreviewScheduleResponse {
  /**
   * In order. Fewer than asked for: there are no more.
   */
  'times'?: (_google_protobuf_Timestamp)[];
}

/**
 * Nominal times to come.
 */
export interface PreviewScheduleResponse__Output {
  /**
   * In order. Fewer than asked for: there are no more.
   */
  'times': (_google_protobuf_Timestamp__Output)[];
}
