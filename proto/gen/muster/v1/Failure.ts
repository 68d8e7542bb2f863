// Original file: muster/v1/task.proto

import type { FailureKind as _muster_v1_FailureKind, FailureKind__Output as _muster_v1_FailureKind__Output } from '../../muster/v1/FailureKind.ts';
import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';

/**
 * Why an attempt, or a task, failed.
 */
export interface Failure {
  /**
   * What it is about. Set by the agent (ERROR, TIMEOUT) or the coordinator (the others).
   */
  'kind'?: (_muster_v1_FailureKind);
  /**
   * Name of the error, for example `TypeError`; compared with `RetryPolicy.non_retryable_errors`. At most 128 bytes.
   */
  'name'?: (string);
  /**
   * For people. At most 8 KiB; longer text is cut and ends in `…`.
   */
  'message'?: (string);
  /**
   * Stack trace if there is one. At most 16 KiB; longer text is cut.
   */
  'stack'?: (string);
  /**
   * Details that the handler attached, for programs. At most 64 KiB.
   */
  'details'?: (_muster_v1_Payload | null);
  /**
   * True if the handler said that trying again is pointless.
   */
  'nonRetryable'?: (boolean);
}

/**
 * Why an attempt, or a task, failed.
 */
export interface Failure__Output {
  /**
   * What it is about. Set by the agent (ERROR, TIMEOUT) or the coordinator (the others).
   */
  'kind': (_muster_v1_FailureKind__Output);
  /**
   * Name of the error, for example `TypeError`; compared with `RetryPolicy.non_retryable_errors`. At most 128 bytes.
   */
  'name': (string);
  /**
   * For people. At most 8 KiB; longer text is cut and ends in `…`.
   */
  'message': (string);
  /**
   * Stack trace if there is one. At most 16 KiB; longer text is cut.
   */
  'stack': (string);
  /**
   * Details that the handler attached, for programs. At most 64 KiB.
   */
  'details': (_muster_v1_Payload__Output | null);
  /**
   * True if the handler said that trying again is pointless.
   */
  'nonRetryable': (boolean);
}
