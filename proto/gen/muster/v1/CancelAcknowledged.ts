// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * These cancels have reached their handlers.
 */
export interface CancelAcknowledged {
  /**
   * Which ones.
   */
  'leases'?: (_muster_v1_LeaseRef)[];
}

/**
 * These cancels have reached their handlers.
 */
export interface CancelAcknowledged__Output {
  /**
   * Which ones.
   */
  'leases': (_muster_v1_LeaseRef__Output)[];
}
