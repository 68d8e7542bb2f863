// Original file: muster/v1/inspect_service.proto

import type { TaskState as _muster_v1_TaskState, TaskState__Output as _muster_v1_TaskState__Output } from '../../muster/v1/TaskState.ts';
import type { Obstacle as _muster_v1_Obstacle, Obstacle__Output as _muster_v1_Obstacle__Output } from '../../muster/v1/Obstacle.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Why a task is not running.
 */
export interface ExplainTaskResponse {
  /**
   * Where it stands.
   */
  'state'?: (_muster_v1_TaskState);
  /**
   * One sentence for people: about the first of the obstacles, or that there is none.
   */
  'sentence'?: (string);
  /**
   * All that keeps it from running at this moment, what decides first at the beginning. None: it runs, has ended, or is handed over
   * with the next claim.
   */
  'obstacles'?: (_muster_v1_Obstacle)[];
  /**
   * Other tasks of its lane, or of its handler if that has no limits, that go before it, counted up to 1,000. Tasks in other lanes,
   * which take turns with its own, are not counted.
   */
  'ahead'?: (number);
  /**
   * When the oldest of those was due. Unset: there is none.
   */
  'oldestDueTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * Why a task is not running.
 */
export interface ExplainTaskResponse__Output {
  /**
   * Where it stands.
   */
  'state': (_muster_v1_TaskState__Output);
  /**
   * One sentence for people: about the first of the obstacles, or that there is none.
   */
  'sentence': (string);
  /**
   * All that keeps it from running at this moment, what decides first at the beginning. None: it runs, has ended, or is handed over
   * with the next claim.
   */
  'obstacles': (_muster_v1_Obstacle__Output)[];
  /**
   * Other tasks of its lane, or of its handler if that has no limits, that go before it, counted up to 1,000. Tasks in other lanes,
   * which take turns with its own, are not counted.
   */
  'ahead': (number);
  /**
   * When the oldest of those was due. Unset: there is none.
   */
  'oldestDueTime': (_google_protobuf_Timestamp__Output | null);
}
