// Original file: muster/v1/namespace_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * The boundary of tenants: ids, handlers, keys and labels mean something within one only.
 */
export interface Namespace {
  /**
   * 1 to 63 of `a-z 0-9 -`, beginning with a letter.
   */
  'name'?: (string);
  /**
   * For people, at most 1 KiB.
   */
  'description'?: (string);
  /**
   * How long finished tasks are kept, from their end: 1 h to 365 days. Default: the coordinator's setting (7 days).
   */
  'retentionWindow'?: (_google_protobuf_Duration | null);
  /**
   * When it was made.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Somebody paused it: see LimitService.PauseNamespace. Only in answers.
   */
  'paused'?: (boolean);
  /**
   * What whoever paused it said. Empty: nothing. Only in answers.
   */
  'pauseNote'?: (string);
}

/**
 * The boundary of tenants: ids, handlers, keys and labels mean something within one only.
 */
export interface Namespace__Output {
  /**
   * 1 to 63 of `a-z 0-9 -`, beginning with a letter.
   */
  'name': (string);
  /**
   * For people, at most 1 KiB.
   */
  'description': (string);
  /**
   * How long finished tasks are kept, from their end: 1 h to 365 days. Default: the coordinator's setting (7 days).
   */
  'retentionWindow': (_google_protobuf_Duration__Output | null);
  /**
   * When it was made.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Somebody paused it: see LimitService.PauseNamespace. Only in answers.
   */
  'paused': (boolean);
  /**
   * What whoever paused it said. Empty: nothing. Only in answers.
   */
  'pauseNote': (string);
}
