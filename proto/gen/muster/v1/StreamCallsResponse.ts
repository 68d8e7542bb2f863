// Original file: muster/v1/task_service.proto

import type { StreamedAnswer as _muster_v1_StreamedAnswer, StreamedAnswer__Output as _muster_v1_StreamedAnswer__Output } from '../../muster/v1/StreamedAnswer.ts';

/**
 * Answers that are ready at the same time.
 */
export interface StreamCallsResponse {
  /**
   * At least one.
   */
  'answers'?: (_muster_v1_StreamedAnswer)[];
}

/**
 * Answers that are ready at the same time.
 */
export interface StreamCallsResponse__Output {
  /**
   * At least one.
   */
  'answers': (_muster_v1_StreamedAnswer__Output)[];
}
