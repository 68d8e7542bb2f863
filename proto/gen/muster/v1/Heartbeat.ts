// Original file: muster/v1/agent_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Sign of life of the agent.
 */
export interface Heartbeat {
  /**
   * From 1, rising by one; starts anew on each stream.
   */
  'sequence'?: (number | string | Long);
  /**
   * `sequence` of the last Assignments that was read on this stream; 0 if none was.
   */
  'assignmentSequence'?: (number | string | Long);
}

/**
 * Sign of life of the agent.
 */
export interface Heartbeat__Output {
  /**
   * From 1, rising by one; starts anew on each stream.
   */
  'sequence': (number);
  /**
   * `sequence` of the last Assignments that was read on this stream; 0 if none was.
   */
  'assignmentSequence': (number);
}
