// Original file: muster/v1/agent_service.proto

import type { OutcomeAck as _muster_v1_OutcomeAck, OutcomeAck__Output as _muster_v1_OutcomeAck__Output } from '../../muster/v1/OutcomeAck.ts';
import type { Assignments as _muster_v1_Assignments, Assignments__Output as _muster_v1_Assignments__Output } from '../../muster/v1/Assignments.ts';

/**
 * What became of outcomes.
 */
export interface OutcomeAcks {
  /**
   * One per outcome.
   */
  'acks'?: (_muster_v1_OutcomeAck)[];
  /**
   * The next attempts to run, if there are any. Unset: none.
   */
  'assignments'?: (_muster_v1_Assignments | null);
}

/**
 * What became of outcomes.
 */
export interface OutcomeAcks__Output {
  /**
   * One per outcome.
   */
  'acks': (_muster_v1_OutcomeAck__Output)[];
  /**
   * The next attempts to run, if there are any. Unset: none.
   */
  'assignments': (_muster_v1_Assignments__Output | null);
}
