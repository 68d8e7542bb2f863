// Original file: muster/v1/schedule.proto

import type { ScheduleSpec as _muster_v1_ScheduleSpec, ScheduleSpec__Output as _muster_v1_ScheduleSpec__Output } from '../../muster/v1/ScheduleSpec.ts';
import type { ScheduleState as _muster_v1_ScheduleState, ScheduleState__Output as _muster_v1_ScheduleState__Output } from '../../muster/v1/ScheduleState.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A schedule as it is stored.
 */
export interface Schedule {
  /**
   * UUID; another one if a schedule of this name is deleted and made again.
   */
  'id'?: (string);
  /**
   * Namespace that it belongs to.
   */
  'namespace'?: (string);
  /**
   * As its owner wrote it.
   */
  'spec'?: (_muster_v1_ScheduleSpec | null);
  /**
   * Where it stands.
   */
  'state'?: (_muster_v1_ScheduleState);
  /**
   * Why it is paused, at most 1 KiB. Empty if it is not.
   */
  'pauseNote'?: (string);
  /**
   * True if it paused itself.
   */
  'pausedByFailures'?: (boolean);
  /**
   * The next nominal time. Unset if none is known: paused, completed, or a task has to end first.
   */
  'nextTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Nominal times that got a task, those by hand and of backfills not counted.
   */
  'fires'?: (number | string | Long);
  /**
   * How many of its last tasks failed in a row. Counted only with `failures_max`.
   */
  'failures'?: (number);
  /**
   * When it was made.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When its spec was changed, or it was paused or resumed.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * A schedule as it is stored.
 */
export interface Schedule__Output {
  /**
   * UUID; another one if a schedule of this name is deleted and made again.
   */
  'id': (string);
  /**
   * Namespace that it belongs to.
   */
  'namespace': (string);
  /**
   * As its owner wrote it.
   */
  'spec': (_muster_v1_ScheduleSpec__Output | null);
  /**
   * Where it stands.
   */
  'state': (_muster_v1_ScheduleState__Output);
  /**
   * Why it is paused, at most 1 KiB. Empty if it is not.
   */
  'pauseNote': (string);
  /**
   * True if it paused itself.
   */
  'pausedByFailures': (boolean);
  /**
   * The next nominal time. Unset if none is known: paused, completed, or a task has to end first.
   */
  'nextTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Nominal times that got a task, those by hand and of backfills not counted.
   */
  'fires': (number);
  /**
   * How many of its last tasks failed in a row. Counted only with `failures_max`.
   */
  'failures': (number);
  /**
   * When it was made.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When its spec was changed, or it was paused or resumed.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
}
