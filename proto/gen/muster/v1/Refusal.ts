// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';

/**
 * What the agent sent was refused; the stream stays open.
 */
export interface Refusal {
  /**
   * A name from `ErrorReason`, without its prefix.
   */
  'reason'?: (string);
  /**
   * For people: what happened, with which value, and what to do.
   */
  'message'?: (string);
  /**
   * The lease that it is about. Unset: none.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
}

/**
 * What the agent sent was refused; the stream stays open.
 */
export interface Refusal__Output {
  /**
   * A name from `ErrorReason`, without its prefix.
   */
  'reason': (string);
  /**
   * For people: what happened, with which value, and what to do.
   */
  'message': (string);
  /**
   * The lease that it is about. Unset: none.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
}
