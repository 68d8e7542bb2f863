// Original file: muster/v1/agent_service.proto

import type { Assignment as _muster_v1_Assignment, Assignment__Output as _muster_v1_Assignment__Output } from '../../muster/v1/Assignment.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Attempts to run.
 */
export interface Assignments {
  /**
   * From 1, rising by one per message that carries assignments; starts anew on each stream.
   */
  'sequence'?: (number | string | Long);
  /**
   * What to run.
   */
  'assignments'?: (_muster_v1_Assignment)[];
}

/**
 * Attempts to run.
 */
export interface Assignments__Output {
  /**
   * From 1, rising by one per message that carries assignments; starts anew on each stream.
   */
  'sequence': (number);
  /**
   * What to run.
   */
  'assignments': (_muster_v1_Assignment__Output)[];
}
