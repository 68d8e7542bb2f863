// Original file: muster/v1/schedule.proto

import type { Payload as _muster_v1_Payload, Payload__Output as _muster_v1_Payload__Output } from '../../muster/v1/Payload.ts';
import type { RetryPolicy as _muster_v1_RetryPolicy, RetryPolicy__Output as _muster_v1_RetryPolicy__Output } from '../../muster/v1/RetryPolicy.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * The task that a schedule asks for.
 */
export interface ScheduledTask {
  /**
   * Name of the handler.
   */
  'handler'?: (string);
  /**
   * Input of the handler, at most 64 KiB. Unset: no value.
   */
  'input'?: (_muster_v1_Payload | null);
  /**
   * True: the input is text in which these are replaced, each by a JSON value: `{{nominal_time}}` (RFC 3339, UTC),
   * `{{local_time}}` (the same with the offset of the zone), `{{local_date}}`, `{{schedule}}` (its name), `{{key}}` (the
   * idempotency key), `{{previous_output}}` (what the newest task of this schedule that succeeded returned, if that is JSON
   * of at most 64 KiB; else `null`; at most 4 times). At most 100 in all.
   */
  'inputIsTemplate'?: (boolean);
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
   * Deadline of the whole task, retries included: 1 ms to 365 days. Default: none.
   */
  'totalTimeout'?: (_google_protobuf_Duration | null);
  /**
   * True: never run twice; a lost or failed attempt is final. Default: the handler's, else false.
   */
  'atMostOnce'?: (boolean);
  /**
   * Labels of the task, as in `TaskSpec`.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Key of the task, as in `TaskSpec`. Empty: none.
   */
  'key'?: (string);
  /**
   * Weight of the key, as in `TaskSpec`. Only with `key`. Default 1.
   */
  'keyWeight'?: (number | string);
  '_priority'?: "priority";
  '_atMostOnce'?: "atMostOnce";
  '_keyWeight'?: "keyWeight";
}

/**
 * The task that a schedule asks for.
 */
export interface ScheduledTask__Output {
  /**
   * Name of the handler.
   */
  'handler': (string);
  /**
   * Input of the handler, at most 64 KiB. Unset: no value.
   */
  'input': (_muster_v1_Payload__Output | null);
  /**
   * True: the input is text in which these are replaced, each by a JSON value: `{{nominal_time}}` (RFC 3339, UTC),
   * `{{local_time}}` (the same with the offset of the zone), `{{local_date}}`, `{{schedule}}` (its name), `{{key}}` (the
   * idempotency key), `{{previous_output}}` (what the newest task of this schedule that succeeded returned, if that is JSON
   * of at most 64 KiB; else `null`; at most 4 times). At most 100 in all.
   */
  'inputIsTemplate': (boolean);
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
   * Deadline of the whole task, retries included: 1 ms to 365 days. Default: none.
   */
  'totalTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * True: never run twice; a lost or failed attempt is final. Default: the handler's, else false.
   */
  'atMostOnce'?: (boolean);
  /**
   * Labels of the task, as in `TaskSpec`.
   */
  'labels': ({[key: string]: string});
  /**
   * Key of the task, as in `TaskSpec`. Empty: none.
   */
  'key': (string);
  /**
   * Weight of the key, as in `TaskSpec`. Only with `key`. Default 1.
   */
  'keyWeight'?: (number);
  '_priority'?: "priority";
  '_atMostOnce'?: "atMostOnce";
  '_keyWeight'?: "keyWeight";
}
