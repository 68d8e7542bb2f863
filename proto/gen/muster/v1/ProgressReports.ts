// Original file: muster/v1/agent_service.proto

import type { ProgressReport as _muster_v1_ProgressReport, ProgressReport__Output as _muster_v1_ProgressReport__Output } from '../../muster/v1/ProgressReport.ts';

/**
 * Progress of several attempts.
 */
export interface ProgressReports {
  /**
   * The newest of each attempt.
   */
  'reports'?: (_muster_v1_ProgressReport)[];
}

/**
 * Progress of several attempts.
 */
export interface ProgressReports__Output {
  /**
   * The newest of each attempt.
   */
  'reports': (_muster_v1_ProgressReport__Output)[];
}
