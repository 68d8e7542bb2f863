// Original file: muster/v1/schedule.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { FireDecision as _muster_v1_FireDecision, FireDecision__Output as _muster_v1_FireDecision__Output } from '../../muster/v1/FireDecision.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { TaskState as _muster_v1_TaskState, TaskState__Output as _muster_v1_TaskState__Output } from '../../muster/v1/TaskState.ts';

/**
 * The record of one nominal time; of SKIPPED_LATE one record may stand for many in a row.
 */
export interface Fire {
  /**
   * The moment at which the schedule asked for a task.
   */
  'nominalTime'?: (_google_protobuf_Timestamp | null);
  /**
   * What became of it.
   */
  'decision'?: (_muster_v1_FireDecision);
  /**
   * When that was decided, by the database's clock.
   */
  'decideTime'?: (_google_protobuf_Timestamp | null);
  /**
   * From when it was due (nominal time and jitter) to the decision.
   */
  'latenessDelay'?: (_google_protobuf_Duration | null);
  /**
   * Its task. Empty: it has none.
   */
  'taskId'?: (string);
  /**
   * State of the task. Unset: it has none, or none any more.
   */
  'taskState'?: (_muster_v1_TaskState);
  /**
   * SKIPPED_LATE: the last nominal time of those that the record stands for. Unset: it stands for one.
   */
  'lastNominalTime'?: (_google_protobuf_Timestamp | null);
  /**
   * SKIPPED_LATE: how many it stands for; counted up to 1,000.
   */
  'skipped'?: (number);
}

/**
 * The record of one nominal time; of SKIPPED_LATE one record may stand for many in a row.
 */
export interface Fire__Output {
  /**
   * The moment at which the schedule asked for a task.
   */
  'nominalTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * What became of it.
   */
  'decision': (_muster_v1_FireDecision__Output);
  /**
   * When that was decided, by the database's clock.
   */
  'decideTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * From when it was due (nominal time and jitter) to the decision.
   */
  'latenessDelay': (_google_protobuf_Duration__Output | null);
  /**
   * Its task. Empty: it has none.
   */
  'taskId': (string);
  /**
   * State of the task. Unset: it has none, or none any more.
   */
  'taskState': (_muster_v1_TaskState__Output);
  /**
   * SKIPPED_LATE: the last nominal time of those that the record stands for. Unset: it stands for one.
   */
  'lastNominalTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * SKIPPED_LATE: how many it stands for; counted up to 1,000.
   */
  'skipped': (number);
}
