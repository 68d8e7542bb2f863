// Original file: muster/v1/schedule_service.proto

import type { ScheduleSpec as _muster_v1_ScheduleSpec, ScheduleSpec__Output as _muster_v1_ScheduleSpec__Output } from '../../muster/v1/ScheduleSpec.ts';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../google/protobuf/FieldMask.ts';

/**
 * Asks for a change.
 */
export interface UpdateScheduleRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * Its `name` says which; the other fields hold the new values.
   */
  'spec'?: (_muster_v1_ScheduleSpec | null);
  /**
   * Any of `description`, `timing`, `task`, `misfire`, `overlap`, `failures_max`. Must not be empty.
   */
  'updateMask'?: (_google_protobuf_FieldMask | null);
}

/**
 * Asks for a change.
 */
export interface UpdateScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * Its `name` says which; the other fields hold the new values.
   */
  'spec': (_muster_v1_ScheduleSpec__Output | null);
  /**
   * Any of `description`, `timing`, `task`, `misfire`, `overlap`, `failures_max`. Must not be empty.
   */
  'updateMask': (_google_protobuf_FieldMask__Output | null);
}
