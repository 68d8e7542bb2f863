// Original file: muster/v1/task_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { WaitMode as _muster_v1_WaitMode, WaitMode__Output as _muster_v1_WaitMode__Output } from '../../muster/v1/WaitMode.ts';
import type { TaskView as _muster_v1_TaskView, TaskView__Output as _muster_v1_TaskView__Output } from '../../muster/v1/TaskView.ts';

/**
 * Asks to wait for the ends of tasks.
 */
export interface WaitTasksRequest {
  /**
   * Empty: `default`.
   */
  'namespace'?: (string);
  /**
   * 1 to 1,000 ids.
   */
  'ids'?: (string)[];
  /**
   * Longest wait: 0 s to 60 s. Default 30 s.
   */
  'waitTimeout'?: (_google_protobuf_Duration | null);
  /**
   * Which ends to wait for. Default ALL.
   */
  'mode'?: (_muster_v1_WaitMode);
  /**
   * How much of each finished task. Default BASIC; FULL is refused here.
   */
  'view'?: (_muster_v1_TaskView);
}

/**
 * Asks to wait for the ends of tasks.
 */
export interface WaitTasksRequest__Output {
  /**
   * Empty: `default`.
   */
  'namespace': (string);
  /**
   * 1 to 1,000 ids.
   */
  'ids': (string)[];
  /**
   * Longest wait: 0 s to 60 s. Default 30 s.
   */
  'waitTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Which ends to wait for. Default ALL.
   */
  'mode': (_muster_v1_WaitMode__Output);
  /**
   * How much of each finished task. Default BASIC; FULL is refused here.
   */
  'view': (_muster_v1_TaskView__Output);
}
