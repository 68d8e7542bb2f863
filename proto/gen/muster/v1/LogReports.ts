// Original file: muster/v1/agent_service.proto

import type { LogReport as _muster_v1_LogReport, LogReport__Output as _muster_v1_LogReport__Output } from '../../muster/v1/LogReport.ts';

/**
 * Log lines of several attempts.
 */
export interface LogReports {
  /**
   * In order, per attempt.
   */
  'reports'?: (_muster_v1_LogReport)[];
}

/**
 * Log lines of several attempts.
 */
export interface LogReports__Output {
  /**
   * In order, per attempt.
   */
  'reports': (_muster_v1_LogReport__Output)[];
}
