// Original file: muster/v1/agent_service.proto

import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One attempt to run.
 */
export interface Assignment {
  /**
   * UUID of the task.
   */
  'taskId'?: (string);
  /**
   * The hand-over; goes into every message about it. Handlers use it as a fencing token.
   */
  'leaseEpoch'?: (number | string | Long);
  /**
   * Name of the handler.
   */
  'handler'?: (string);
  /**
   * Number of the attempt, from 1.
   */
  'attempt'?: (number);
  /**
   * Attempts in all by the retry policy, as resolved now.
   */
  'maxAttempts'?: (number);
  /**
   * Input of the task.
   */
  'input'?: (_muster_v1_Payload | null);
  /**
   * Longest run, enforced by the agent from the handler's start. Unset: none.
   */
  'attemptTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Deadline of the whole task. Unset: none.
   */
  'deadlineTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Time that was left until the deadline when this was sent; agents go by this, not by their clock. Unset: no deadline.
   */
  'deadlineTimeout'?: (_google_protobuf_Duration | null);
  /**
   * How long a cancelled attempt may take to end by itself.
   */
  'cancelGrace'?: (_google_protobuf_Duration | null);
  /**
   * The last checkpoint of earlier attempts. Unset: none.
   */
  'checkpoint'?: (_muster_v1_Payload | null);
  /**
   * Labels of the task.
   */
  'labels'?: ({[key: string]: string});
  /**
   * W3C `traceparent` of the submitter. Empty: none.
   */
  'traceparent'?: (string);
  /**
   * W3C `tracestate` of the submitter. Empty: none.
   */
  'tracestate'?: (string);
  /**
   * The moment at which a schedule asked for the task. Unset: none did.
   */
  'nominalTime'?: (_google_protobuf_Timestamp | null);
  /**
   * The task that asked for this one. Empty: none.
   */
  'parentId'?: (string);
  /**
   * The first task of the family. Empty: none.
   */
  'rootId'?: (string);
  /**
   * Identity of what the task is to do, for the handler's own writes: of a task that a schedule asked for, made of schedule and
   * nominal time. Empty: none was given.
   */
  'idempotencyKey'?: (string);
}

/**
 * One attempt to run.
 */
export interface Assignment__Output {
  /**
   * UUID of the task.
   */
  'taskId': (string);
  /**
   * The hand-over; goes into every message about it. Handlers use it as a fencing token.
   */
  'leaseEpoch': (number);
  /**
   * Name of the handler.
   */
  'handler': (string);
  /**
   * Number of the attempt, from 1.
   */
  'attempt': (number);
  /**
   * Attempts in all by the retry policy, as resolved now.
   */
  'maxAttempts': (number);
  /**
   * Input of the task.
   */
  'input': (_muster_v1_Payload__Output | null);
  /**
   * Longest run, enforced by the agent from the handler's start. Unset: none.
   */
  'attemptTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Deadline of the whole task. Unset: none.
   */
  'deadlineTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Time that was left until the deadline when this was sent; agents go by this, not by their clock. Unset: no deadline.
   */
  'deadlineTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * How long a cancelled attempt may take to end by itself.
   */
  'cancelGrace': (_google_protobuf_Duration__Output | null);
  /**
   * The last checkpoint of earlier attempts. Unset: none.
   */
  'checkpoint': (_muster_v1_Payload__Output | null);
  /**
   * Labels of the task.
   */
  'labels': ({[key: string]: string});
  /**
   * W3C `traceparent` of the submitter. Empty: none.
   */
  'traceparent': (string);
  /**
   * W3C `tracestate` of the submitter. Empty: none.
   */
  'tracestate': (string);
  /**
   * The moment at which a schedule asked for the task. Unset: none did.
   */
  'nominalTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * The task that asked for this one. Empty: none.
   */
  'parentId': (string);
  /**
   * The first task of the family. Empty: none.
   */
  'rootId': (string);
  /**
   * Identity of what the task is to do, for the handler's own writes: of a task that a schedule asked for, made of schedule and
   * nominal time. Empty: none was given.
   */
  'idempotencyKey': (string);
}
