// Original file: muster/v1/task.proto

import type { TaskState as _muster_v1_TaskState, TaskState__Output as _muster_v1_TaskState__Output } from '../../muster/v1/TaskState.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Which tasks. All given conditions must hold; at least one must be given where tasks are changed by it.
 */
export interface TaskFilter {
  /**
   * Name of the handler. Empty: any.
   */
  'handler'?: (string);
  /**
   * One of these states. None: any. At most 7.
   */
  'states'?: (_muster_v1_TaskState)[];
  /**
   * Each of these labels with this value. At most 16.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Id made at or after this time. Unset: no bound.
   */
  'minCreateTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Id made before this time. Unset: no bound.
   */
  'maxCreateTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * Which tasks. All given conditions must hold; at least one must be given where tasks are changed by it.
 */
export interface TaskFilter__Output {
  /**
   * Name of the handler. Empty: any.
   */
  'handler': (string);
  /**
   * One of these states. None: any. At most 7.
   */
  'states': (_muster_v1_TaskState__Output)[];
  /**
   * Each of these labels with this value. At most 16.
   */
  'labels': ({[key: string]: string});
  /**
   * Id made at or after this time. Unset: no bound.
   */
  'minCreateTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Id made before this time. Unset: no bound.
   */
  'maxCreateTime': (_google_protobuf_Timestamp__Output | null);
}
