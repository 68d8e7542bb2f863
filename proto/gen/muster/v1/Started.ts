// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * The handlers of these have begun.
 */
export interface Started {
  /**
   * Which ones.
   */
  'leases'?: (_muster_v1_LeaseRef)[];
}

/**
 * The handlers of these have begun.
 */
export interface Started__Output {
  /**
   * Which ones.
   */
  'leases': (_muster_v1_LeaseRef__Output)[];
}
