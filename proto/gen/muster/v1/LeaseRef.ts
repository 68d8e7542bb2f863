// Original file: muster/v1/agent_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One lease: a task and the epoch of its hand-over.
 */
export interface LeaseRef {
  /**
   * UUID of the task.
   */
  'taskId'?: (string);
  /**
   * The hand-over; from the Assignment.
   */
  'leaseEpoch'?: (number | string | Long);
}

/**
 * One lease: a task and the epoch of its hand-over.
 */
export interface LeaseRef__Output {
  /**
   * UUID of the task.
   */
  'taskId': (string);
  /**
   * The hand-over; from the Assignment.
   */
  'leaseEpoch': (number);
}
