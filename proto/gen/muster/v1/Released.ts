// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * The agent does not have these, and will not run them: an answer to Revokes, or given back unasked.
 */
export interface Released {
  /**
   * Which ones.
   */
  'leases'?: (_muster_v1_LeaseRef)[];
}

/**
 * The agent does not have these, and will not run them: an answer to Revokes, or given back unasked.
 */
export interface Released__Output {
  /**
   * Which ones.
   */
  'leases': (_muster_v1_LeaseRef__Output)[];
}
