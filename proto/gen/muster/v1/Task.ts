// Original file: muster/v1/task.proto

import type { TaskState as _muster_v1_TaskState, TaskState__Output as _muster_v1_TaskState__Output } from '../../muster/v1/TaskState.ts';
import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';
import type { Failure as _muster_v1_Failure, Failure__Output as _muster_v1_Failure__Output } from '../../muster/v1/Failure.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Progress as _muster_v1_Progress, Progress__Output as _muster_v1_Progress__Output } from '../../muster/v1/Progress.ts';
import type { RetryPolicy as _muster_v1_RetryPolicy, RetryPolicy__Output as _muster_v1_RetryPolicy__Output } from '../../muster/v1/RetryPolicy.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Attempt as _muster_v1_Attempt, Attempt__Output as _muster_v1_Attempt__Output } from '../../muster/v1/Attempt.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A task as it is stored.
 */
export interface Task {
  /**
   * UUIDv7.
   */
  'id'?: (string);
  /**
   * Namespace that it belongs to.
   */
  'namespace'?: (string);
  /**
   * Name of its handler.
   */
  'handler'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_muster_v1_TaskState);
  /**
   * Larger is sooner. -100 to 100.
   */
  'priority'?: (number);
  /**
   * Labels as submitted.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Input. Only in the views that include payloads.
   */
  'input'?: (_muster_v1_Payload | null);
  /**
   * What the handler returned. Only when SUCCEEDED, in the views that include payloads.
   */
  'output'?: (_muster_v1_Payload | null);
  /**
   * Why it FAILED, or why the last attempt did while the task waits for its retry.
   */
  'failure'?: (_muster_v1_Failure | null);
  /**
   * Number of the current or next attempt, from 1.
   */
  'attempt'?: (number);
  /**
   * Attempts that ended because their session was lost.
   */
  'lostAttempts'?: (number);
  /**
   * Number of hand-overs so far; fences every write about the task.
   */
  'leaseEpoch'?: (number | string | Long);
  /**
   * When it was stored.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Not started earlier.
   */
  'dueTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When the current or last lease was given. Unset before the first.
   */
  'leaseTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it finished. Unset before.
   */
  'endTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Deadline of the whole task. Unset if it has none.
   */
  'deadlineTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Last moment for the first start. Unset if it has none.
   */
  'expireTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When somebody asked for its cancellation. Unset if nobody did.
   */
  'cancelRequestTime'?: (_google_protobuf_Timestamp | null);
  /**
   * What the asker said, at most 1 KiB.
   */
  'cancelReason'?: (string);
  /**
   * Session that holds the lease, while RUNNING; the last one after.
   */
  'sessionId'?: (string);
  /**
   * Agent of that session.
   */
  'agentId'?: (string);
  /**
   * Last progress of the current attempt.
   */
  'progress'?: (_muster_v1_Progress | null);
  /**
   * The finished task that this one retries. Empty: none.
   */
  'retryOf'?: (string);
  /**
   * The task that asked for this one. Empty: none.
   */
  'parentId'?: (string);
  /**
   * The first task of the family. Empty: none.
   */
  'rootId'?: (string);
  /**
   * The moment at which a schedule asked for this task. Unset if none did.
   */
  'nominalTime'?: (_google_protobuf_Timestamp | null);
  /**
   * The retry policy that was submitted with the task. Unset if none was.
   */
  'retry'?: (_muster_v1_RetryPolicy | null);
  /**
   * The attempt timeout that was submitted with the task. Unset if none was.
   */
  'attemptTimeout'?: (_google_protobuf_Duration | null);
  /**
   * At-most-once as submitted with the task. Unset if it was not.
   */
  'atMostOnce'?: (boolean);
  /**
   * Idempotency key as submitted. Empty: none.
   */
  'idempotencyKey'?: (string);
  /**
   * W3C `traceparent` of the submitter. Empty: none.
   */
  'traceparent'?: (string);
  /**
   * Failed, lost and interrupted attempts in order, and the current or last one. Only in the FULL view.
   */
  'attempts'?: (_muster_v1_Attempt)[];
  /**
   * Key as submitted. Empty: none.
   */
  'key'?: (string);
  '_atMostOnce'?: "atMostOnce";
}

/**
 * A task as it is stored.
 */
export interface Task__Output {
  /**
   * UUIDv7.
   */
  'id': (string);
  /**
   * Namespace that it belongs to.
   */
  'namespace': (string);
  /**
   * Name of its handler.
   */
  'handler': (string);
  /**
   * Where it stands.
   */
  'state': (_muster_v1_TaskState__Output);
  /**
   * Larger is sooner. -100 to 100.
   */
  'priority': (number);
  /**
   * Labels as submitted.
   */
  'labels': ({[key: string]: string});
  /**
   * Input. Only in the views that include payloads.
   */
  'input': (_muster_v1_Payload__Output | null);
  /**
   * What the handler returned. Only when SUCCEEDED, in the views that include payloads.
   */
  'output': (_muster_v1_Payload__Output | null);
  /**
   * Why it FAILED, or why the last attempt did while the task waits for its retry.
   */
  'failure': (_muster_v1_Failure__Output | null);
  /**
   * Number of the current or next attempt, from 1.
   */
  'attempt': (number);
  /**
   * Attempts that ended because their session was lost.
   */
  'lostAttempts': (number);
  /**
   * Number of hand-overs so far; fences every write about the task.
   */
  'leaseEpoch': (number);
  /**
   * When it was stored.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Not started earlier.
   */
  'dueTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When the current or last lease was given. Unset before the first.
   */
  'leaseTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it finished. Unset before.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Deadline of the whole task. Unset if it has none.
   */
  'deadlineTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Last moment for the first start. Unset if it has none.
   */
  'expireTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When somebody asked for its cancellation. Unset if nobody did.
   */
  'cancelRequestTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * What the asker said, at most 1 KiB.
   */
  'cancelReason': (string);
  /**
   * Session that holds the lease, while RUNNING; the last one after.
   */
  'sessionId': (string);
  /**
   * Agent of that session.
   */
  'agentId': (string);
  /**
   * Last progress of the current attempt.
   */
  'progress': (_muster_v1_Progress__Output | null);
  /**
   * The finished task that this one retries. Empty: none.
   */
  'retryOf': (string);
  /**
   * The task that asked for this one. Empty: none.
   */
  'parentId': (string);
  /**
   * The first task of the family. Empty: none.
   */
  'rootId': (string);
  /**
   * The moment at which a schedule asked for this task. Unset if none did.
   */
  'nominalTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * The retry policy that was submitted with the task. Unset if none was.
   */
  'retry': (_muster_v1_RetryPolicy__Output | null);
  /**
   * The attempt timeout that was submitted with the task. Unset if none was.
   */
  'attemptTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * At-most-once as submitted with the task. Unset if it was not.
   */
  'atMostOnce'?: (boolean);
  /**
   * Idempotency key as submitted. Empty: none.
   */
  'idempotencyKey': (string);
  /**
   * W3C `traceparent` of the submitter. Empty: none.
   */
  'traceparent': (string);
  /**
   * Failed, lost and interrupted attempts in order, and the current or last one. Only in the FULL view.
   */
  'attempts': (_muster_v1_Attempt__Output)[];
  /**
   * Key as submitted. Empty: none.
   */
  'key': (string);
  '_atMostOnce'?: "atMostOnce";
}
