// Original file: muster/v1/task.proto

import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { RetryPolicy as _muster_v1_RetryPolicy, RetryPolicy__Output as _muster_v1_RetryPolicy__Output } from '../../muster/v1/RetryPolicy.ts';

/**
 * One task as its submitter asks for it. What is left out comes from the handler's own options when the task is
 * assigned, and then from the defaults given here.
 */
export interface TaskSpec {
  /**
   * UUIDv7 whose time lies within 24 h of the database's, else ID_OUT_OF_RANGE. Give one to make a repeated submit
   * harmless: the same id with the same content is stored once. Empty: the coordinator makes one.
   */
  'id'?: (string);
  /**
   * Name of the handler: dot-separated lower-case words, at most 128 bytes.
   */
  'handler'?: (string);
  /**
   * Input of the handler. Unset: no value.
   */
  'input'?: (_muster_v1_Payload | null);
  /**
   * Free-form identity, unique per namespace and handler until it expires, at most 256 bytes. A submit with a key that
   * is taken returns the task that holds it. Empty: none.
   */
  'idempotencyKey'?: (string);
  /**
   * How long the key is held, from the submit: 1 s to 30 days. Default 24 h.
   */
  'idempotencyTtl'?: (_google_protobuf_Duration | null);
  /**
   * Wait before the task is due, from the submit: 0 s to 365 days. Not together with `due_time`.
   */
  'startDelay'?: (_google_protobuf_Duration | null);
  /**
   * The task is not started earlier. A time in the past is due at once. At most 365 days ahead.
   */
  'dueTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Larger is sooner among tasks of the same handler: -100 to 100. Default 0.
   */
  'priority'?: (number);
  /**
   * Overrides the handler's retry policy, field by field.
   */
  'retry'?: (_muster_v1_RetryPolicy | null);
  /**
   * Longest run of one attempt: 1 ms to 30 days. Default: the handler's, else none.
   */
  'attemptTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Deadline of the whole task, retries included, from the submit: 1 ms to 365 days. Default: none.
   */
  'totalTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Time-to-live before the first start, from the due time: 1 ms to 365 days. Default: none.
   */
  'startTtl'?: (_google_protobuf_Duration | null);
  /**
   * True: never run twice; a lost or failed attempt is final. Default: the handler's, else false.
   */
  'atMostOnce'?: (boolean);
  /**
   * Labels to filter by. At most 16. Keys: 1 to 63 of `a-z 0-9 . _ - /`, beginning with a letter; values: at most 128 bytes.
   */
  'labels'?: ({[key: string]: string});
  /**
   * The task that asked for this one. Empty: none. UUID.
   */
  'parentId'?: (string);
  /**
   * The first task of the family. Empty: `parent_id`, if there is one. UUID.
   */
  'rootId'?: (string);
  /**
   * W3C trace context of the submitter, `traceparent`. Empty: none. A malformed value is dropped, as the standard asks.
   */
  'traceparent'?: (string);
  /**
   * W3C `tracestate` of the submitter, at most 512 bytes. Empty: none.
   */
  'tracestate'?: (string);
  /**
   * Whom or what the task is for, as a tenant, an account or a host: tasks of one handler and key are in one line, which the
   * handler's limits may bound and which takes turns with others. At most 256 bytes. Empty: none.
   */
  'key'?: (string);
  /**
   * How many turns its key gets among others: 0.001 to 1,000. The newest task of a key decides. Only with `key`. Default 1.
   */
  'keyWeight'?: (number | string);
  '_priority'?: "priority";
  '_atMostOnce'?: "atMostOnce";
  '_keyWeight'?: "keyWeight";
}

/**
 * One task as its submitter asks for it. What is left out comes from the handler's own options when the task is
 * assigned, and then from the defaults given here.
 */
export interface TaskSpec__Output {
  /**
   * UUIDv7 whose time lies within 24 h of the database's, else ID_OUT_OF_RANGE. Give one to make a repeated submit
   * harmless: the same id with the same content is stored once. Empty: the coordinator makes one.
   */
  'id': (string);
  /**
   * Name of the handler: dot-separated lower-case words, at most 128 bytes.
   */
  'handler': (string);
  /**
   * Input of the handler. Unset: no value.
   */
  'input': (_muster_v1_Payload__Output | null);
  /**
   * Free-form identity, unique per namespace and handler until it expires, at most 256 bytes. A submit with a key that
   * is taken returns the task that holds it. Empty: none.
   */
  'idempotencyKey': (string);
  /**
   * How long the key is held, from the submit: 1 s to 30 days. Default 24 h.
   */
  'idempotencyTtl': (_google_protobuf_Duration__Output | null);
  /**
   * Wait before the task is due, from the submit: 0 s to 365 days. Not together with `due_time`.
   */
  'startDelay': (_google_protobuf_Duration__Output | null);
  /**
   * The task is not started earlier. A time in the past is due at once. At most 365 days ahead.
   */
  'dueTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Larger is sooner among tasks of the same handler: -100 to 100. Default 0.
   */
  'priority'?: (number);
  /**
   * Overrides the handler's retry policy, field by field.
   */
  'retry': (_muster_v1_RetryPolicy__Output | null);
  /**
   * Longest run of one attempt: 1 ms to 30 days. Default: the handler's, else none.
   */
  'attemptTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Deadline of the whole task, retries included, from the submit: 1 ms to 365 days. Default: none.
   */
  'totalTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Time-to-live before the first start, from the due time: 1 ms to 365 days. Default: none.
   */
  'startTtl': (_google_protobuf_Duration__Output | null);
  /**
   * True: never run twice; a lost or failed attempt is final. Default: the handler's, else false.
   */
  'atMostOnce'?: (boolean);
  /**
   * Labels to filter by. At most 16. Keys: 1 to 63 of `a-z 0-9 . _ - /`, beginning with a letter; values: at most 128 bytes.
   */
  'labels': ({[key: string]: string});
  /**
   * The task that asked for this one. Empty: none. UUID.
   */
  'parentId': (string);
  /**
   * The first task of the family. Empty: `parent_id`, if there is one. UUID.
   */
  'rootId': (string);
  /**
   * W3C trace context of the submitter, `traceparent`. Empty: none. A malformed value is dropped, as the standard asks.
   */
  'traceparent': (string);
  /**
   * W3C `tracestate` of the submitter, at most 512 bytes. Empty: none.
   */
  'tracestate': (string);
  /**
   * Whom or what the task is for, as a tenant, an account or a host: tasks of one handler and key are in one line, which the
   * handler's limits may bound and which takes turns with others. At most 256 bytes. Empty: none.
   */
  'key': (string);
  /**
   * How many turns its key gets among others: 0.001 to 1,000. The newest task of a key decides. Only with `key`. Default 1.
   */
  'keyWeight'?: (number);
  '_priority'?: "priority";
  '_atMostOnce'?: "atMostOnce";
  '_keyWeight'?: "keyWeight";
}
