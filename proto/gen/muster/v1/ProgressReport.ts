// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { Progress as _muster_v1_Progress, Progress__Output as _muster_v1_Progress__Output } from '../../muster/v1/Progress.ts';
import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';

/**
 * Progress of one attempt.
 */
export interface ProgressReport {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * How far; unset: unchanged.
   */
  'progress'?: (_muster_v1_Progress | null);
  /**
   * What the next attempt should receive, at most the payload limit; unset: unchanged.
   */
  'checkpoint'?: (_muster_v1_Payload | null);
}

/**
 * Progress of one attempt.
 */
export interface ProgressReport__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * How far; unset: unchanged.
   */
  'progress': (_muster_v1_Progress__Output | null);
  /**
   * What the next attempt should receive, at most the payload limit; unset: unchanged.
   */
  'checkpoint': (_muster_v1_Payload__Output | null);
}
