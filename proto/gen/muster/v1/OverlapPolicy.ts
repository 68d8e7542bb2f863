// Original file: muster/v1/schedule.proto

import type { OverlapRule as _muster_v1_OverlapRule, OverlapRule__Output as _muster_v1_OverlapRule__Output } from '../../muster/v1/OverlapRule.ts';

/**
 * What becomes of a time while tasks of the same schedule are unfinished, in the whole cluster.
 */
export interface OverlapPolicy {
  /**
   * What becomes of it.
   */
  'rule'?: (_muster_v1_OverlapRule);
  /**
   * Unfinished tasks of the schedule that are allowed at once: 1 to 1,000. With ALLOW 0 means any number; with BUFFER the
   * default is 1; SKIP and CANCEL have no other number than 1.
   */
  'runningMax'?: (number);
  /**
   * With BUFFER: how many times may wait, 1 to 1,000. Needed there.
   */
  'bufferMax'?: (number);
}

/**
 * What becomes of a time while tasks of the same schedule are unfinished, in the whole cluster.
 */
export interface OverlapPolicy__Output {
  /**
   * What becomes of it.
   */
  'rule': (_muster_v1_OverlapRule__Output);
  /**
   * Unfinished tasks of the schedule that are allowed at once: 1 to 1,000. With ALLOW 0 means any number; with BUFFER the
   * default is 1; SKIP and CANCEL have no other number than 1.
   */
  'runningMax': (number);
  /**
   * With BUFFER: how many times may wait, 1 to 1,000. Needed there.
   */
  'bufferMax': (number);
}
