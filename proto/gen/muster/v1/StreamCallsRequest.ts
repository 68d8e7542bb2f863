// Original file: muster/v1/task_service.proto

import type { StreamedCall as _muster_v1_StreamedCall, StreamedCall__Output as _muster_v1_StreamedCall__Output } from '../../muster/v1/StreamedCall.ts';

/**
 * Calls that are made at the same time.
 */
export interface StreamCallsRequest {
  /**
   * At least one. At most 4 MiB in a message, and 500 calls under way in a stream.
   */
  'calls'?: (_muster_v1_StreamedCall)[];
}

/**
 * Calls that are made at the same time.
 */
export interface StreamCallsRequest__Output {
  /**
   * At least one. At most 4 MiB in a message, and 500 calls under way in a stream.
   */
  'calls': (_muster_v1_StreamedCall__Output)[];
}
