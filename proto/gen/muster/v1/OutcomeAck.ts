// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { OutcomeStatus as _muster_v1_OutcomeStatus, OutcomeStatus__Output as _muster_v1_OutcomeStatus__Output } from '../../muster/v1/OutcomeStatus.ts';

/**
 * What became of one outcome. The agent keeps the outcome until this arrives.
 */
export interface OutcomeAck {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * How it was taken.
   */
  'status'?: (_muster_v1_OutcomeStatus);
}

/**
 * What became of one outcome. The agent keeps the outcome until this arrives.
 */
export interface OutcomeAck__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * How it was taken.
   */
  'status': (_muster_v1_OutcomeStatus__Output);
}
