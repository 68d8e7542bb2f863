// Original file: muster/v1/agent_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Answer to one Heartbeat.
 */
export interface HeartbeatAck {
  /**
   * `sequence` of the Heartbeat.
   */
  'sequence'?: (number | string | Long);
}

/**
 * Answer to one Heartbeat.
 */
export interface HeartbeatAck__Output {
  /**
   * `sequence` of the Heartbeat.
   */
  'sequence': (number);
}
