// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * Assignments to give back unless they have begun: answer each with Released, or with Accepted or Started if it stays.
 */
export interface Revokes {
  /**
   * Which ones.
   */
  'leases'?: (_muster_v1_LeaseRef)[];
}

/**
 * Assignments to give back unless they have begun: answer each with Released, or with Accepted or Started if it stays.
 */
export interface Revokes__Output {
  /**
   * Which ones.
   */
  'leases': (_muster_v1_LeaseRef__Output)[];
}
