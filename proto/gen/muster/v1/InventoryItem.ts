// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { LeaseState as _muster_v1_LeaseState, LeaseState__Output as _muster_v1_LeaseState__Output } from '../../muster/v1/LeaseState.ts';

/**
 * One lease that the agent holds.
 */
export interface InventoryItem {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * How far it is.
   */
  'state'?: (_muster_v1_LeaseState);
}

/**
 * One lease that the agent holds.
 */
export interface InventoryItem__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * How far it is.
   */
  'state': (_muster_v1_LeaseState__Output);
}
