// Original file: muster/v1/task.proto

import type { AttemptOutcome as _muster_v1_AttemptOutcome, AttemptOutcome__Output as _muster_v1_AttemptOutcome__Output } from '../../muster/v1/AttemptOutcome.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Failure as _muster_v1_Failure, Failure__Output as _muster_v1_Failure__Output } from '../../muster/v1/Failure.ts';
import type { LogLine as _muster_v1_LogLine, LogLine__Output as _muster_v1_LogLine__Output } from '../../muster/v1/LogLine.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One try of a task on one agent.
 */
export interface Attempt {
  /**
   * From 1.
   */
  'number'?: (number);
  /**
   * Epoch of its last lease.
   */
  'leaseEpoch'?: (number | string | Long);
  /**
   * Who ran it.
   */
  'agentId'?: (string);
  /**
   * The session in which it ran.
   */
  'sessionId'?: (string);
  /**
   * How it ended.
   */
  'outcome'?: (_muster_v1_AttemptOutcome);
  /**
   * When its lease was given.
   */
  'leaseTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When its end was recorded. Unset while it runs.
   */
  'endTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Why it failed. Unset if it did not.
   */
  'failure'?: (_muster_v1_Failure | null);
  /**
   * What the handler logged, oldest first. At most `log_lines_max` (default 200) are kept per attempt.
   */
  'logLines'?: (_muster_v1_LogLine)[];
}

/**
 * One try of a task on one agent.
 */
export interface Attempt__Output {
  /**
   * From 1.
   */
  'number': (number);
  /**
   * Epoch of its last lease.
   */
  'leaseEpoch': (number);
  /**
   * Who ran it.
   */
  'agentId': (string);
  /**
   * The session in which it ran.
   */
  'sessionId': (string);
  /**
   * How it ended.
   */
  'outcome': (_muster_v1_AttemptOutcome__Output);
  /**
   * When its lease was given.
   */
  'leaseTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When its end was recorded. Unset while it runs.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Why it failed. Unset if it did not.
   */
  'failure': (_muster_v1_Failure__Output | null);
  /**
   * What the handler logged, oldest first. At most `log_lines_max` (default 200) are kept per attempt.
   */
  'logLines': (_muster_v1_LogLine__Output)[];
}
