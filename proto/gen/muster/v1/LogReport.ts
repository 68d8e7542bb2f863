// Original file: muster/v1/agent_service.proto

import type { LeaseRef as _muster_v1_LeaseRef, LeaseRef__Output as _muster_v1_LeaseRef__Output } from '../../muster/v1/LeaseRef.ts';
import type { LogLine as _muster_v1_LogLine, LogLine__Output as _muster_v1_LogLine__Output } from '../../muster/v1/LogLine.ts';

/**
 * Log lines of one attempt.
 */
export interface LogReport {
  /**
   * Which one.
   */
  'lease'?: (_muster_v1_LeaseRef | null);
  /**
   * Oldest first.
   */
  'lines'?: (_muster_v1_LogLine)[];
}

/**
 * Log lines of one attempt.
 */
export interface LogReport__Output {
  /**
   * Which one.
   */
  'lease': (_muster_v1_LeaseRef__Output | null);
  /**
   * Oldest first.
   */
  'lines': (_muster_v1_LogLine__Output)[];
}
