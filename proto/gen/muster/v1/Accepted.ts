// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * The agent has taken these in and will run them.
 */
export interface Accepted {
  /**
   * Which ones.
   */
  'leases'?: (_muster_v1_LeaseRef)[];
}

/**
 * The agent has taken these in and will run them.
 */
export interface Accepted__Output {
  /**
   * Which ones.
   */
  'leases': (_muster_v1_LeaseRef__Output)[];
}
