// Original file: muster/v1/agent_service.proto

import type { DeclinedLease as _muster_v1_DeclinedLease, DeclinedLease__Output as _muster_v1_DeclinedLease__Output } from '../../muster/v1/DeclinedLease.ts';

/**
 * The agent will not run these.
 */
export interface Declined {
  /**
   * Which ones, and why.
   */
  'leases'?: (_muster_v1_DeclinedLease)[];
}

/**
 * The agent will not run these.
 */
export interface Declined__Output {
  /**
   * Which ones, and why.
   */
  'leases': (_muster_v1_DeclinedLease__Output)[];
}
