// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { CancelCause as _muster_v1_CancelCause, CancelCause__Output as _muster_v1_CancelCause__Output } from '../../muster/v1/CancelCause.ts';

/**
 * One attempt to stop.
 */
export interface Cancel {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * Why, for programs.
   */
  'cause'?: (_muster_v1_CancelCause);
  /**
   * Why, for people.
   */
  'reason'?: (string);
}

/**
 * One attempt to stop.
 */
export interface Cancel__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * Why, for programs.
   */
  'cause': (_muster_v1_CancelCause__Output);
  /**
   * Why, for people.
   */
  'reason': (string);
}
