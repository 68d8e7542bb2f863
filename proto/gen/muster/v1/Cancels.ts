// Original file: muster/v1/agent_service.proto

import type { Cancel as _muster_v1_Cancel, Cancel__Output as _muster_v1_Cancel__Output } from '../../muster/v1/Cancel.ts';

/**
 * Attempts to stop.
 */
export interface Cancels {
  /**
   * Which ones, and why.
   */
  'cancels'?: (_muster_v1_Cancel)[];
}

/**
 * Attempts to stop.
 */
export interface Cancels__Output {
  /**
   * Which ones, and why.
   */
  'cancels': (_muster_v1_Cancel__Output)[];
}
