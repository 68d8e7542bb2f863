// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * One refused assignment.
 */
export interface DeclinedLease {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * For people, at most 1 KiB.
   */
  'reason'?: (string);
}

/**
 * One refused assignment.
 */
export interface DeclinedLease__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * For people, at most 1 KiB.
   */
  'reason': (string);
}
