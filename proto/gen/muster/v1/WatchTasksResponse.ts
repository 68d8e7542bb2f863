// Original file: muster/v1/task_service.proto

import type { Task as _muster_v1_Task, Task__Output as _muster_v1_Task__Output } from '../../muster/v1/Task.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Tasks that are new to the stream or have changed.
 */
export interface WatchTasksResponse {
  /**
   * As they stand.
   */
  'tasks'?: (_muster_v1_Task)[];
  /**
   * Not stored, or not any more. Only in the first answers.
   */
  'missingIds'?: (string)[];
  /**
   * The coordinator's time; an answer without tasks is a sign of life.
   */
  'serverTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * Tasks that are new to the stream or have changed.
 */
export interface WatchTasksResponse__Output {
  /**
   * As they stand.
   */
  'tasks': (_muster_v1_Task__Output)[];
  /**
   * Not stored, or not any more. Only in the first answers.
   */
  'missingIds': (string)[];
  /**
   * The coordinator's time; an answer without tasks is a sign of life.
   */
  'serverTime': (_google_protobuf_Timestamp__Output | null);
}
