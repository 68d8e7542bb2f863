// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { Verdict as _muster_v1_Verdict, Verdict__Output as _muster_v1_Verdict__Output } from '../../muster/v1/Verdict.ts';

/**
 * Verdict on one item.
 */
export interface InventoryVerdict {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * What to do.
   */
  'verdict'?: (_muster_v1_Verdict);
}

/**
 * Verdict on one item.
 */
export interface InventoryVerdict__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * What to do.
   */
  'verdict': (_muster_v1_Verdict__Output);
}
