// Original file: muster/v1/agent_service.proto

import type { Outcome as _muster_v1_Outcome, Outcome__Output as _muster_v1_Outcome__Output } from '../../muster/v1/Outcome.ts';

/**
 * How several attempts ended.
 */
export interface Outcomes {
  /**
   * One per lease.
   */
  'outcomes'?: (_muster_v1_Outcome)[];
}

/**
 * How several attempts ended.
 */
export interface Outcomes__Output {
  /**
   * One per lease.
   */
  'outcomes': (_muster_v1_Outcome__Output)[];
}
