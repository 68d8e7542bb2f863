// Original file: muster/v1/schedule_service.proto

import type { ScheduleSpec as _muster_v1_ScheduleSpec, ScheduleSpec__Output as _muster_v1_ScheduleSpec__Output } from '../../muster/v1/ScheduleSpec.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Asks for nominal times to come.
 */
export interface PreviewScheduleRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * A stored schedule. Empty: `spec` is given.
   */
  'name'?: (string);
  /**
   * A spec that need not be stored; only its timing is looked at.
   */
  'spec'?: (_muster_v1_ScheduleSpec | null);
  /**
   * Times after this one. Default: now.
   */
  'afterTime'?: (_google_protobuf_Timestamp | null);
  /**
   * How many: 1 to 1,000. Default 10.
   */
  'timesMax'?: (number);
}

/**
 * Asks for nominal times to come.
 */
export interface PreviewScheduleRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * A stored schedule. Empty: `spec` is given.
   */
  'name': (string);
  /**
   * A spec that need not be stored; only its timing is looked at.
   */
  'spec': (_muster_v1_ScheduleSpec__Output | null);
  /**
   * Times after this one. Default: now.
   */
  'afterTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * How many: 1 to 1,000. Default 10.
   */
  'timesMax': (number);
}
