// Original file: muster/v1/schedule.proto

import type { MisfireRule as _muster_v1_MisfireRule, MisfireRule__Output as _muster_v1_MisfireRule__Output } from '../../muster/v1/MisfireRule.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * What becomes of times that could not be kept.
 */
export interface MisfirePolicy {
  /**
   * Which of the late times fire.
   */
  'rule'?: (_muster_v1_MisfireRule);
  /**
   * A time is late if this has passed since it was due: 1 s to 24 h. Default 60 s. Before that every time fires.
   */
  'lateWindow'?: (_google_protobuf_Duration | null);
  /**
   * Late times fire only if they are not older than this: 1 s to 365 days. Default: however old they are.
   */
  'catchUpWindow'?: (_google_protobuf_Duration | null);
  /**
   * With ALL: at most so many late times fire at once: 1 to 1,000. Default 100.
   */
  'allMax'?: (number);
  /**
   * A time whose task has not been started so long after it was due is given up: 1 ms to 365 days. If it has no task by then, it
   * gets none; if it has, the task fails with EXPIRED. Default: none.
   */
  'startDeadlineTimeout'?: (_google_protobuf_Duration | null);
}

/**
 * What becomes of times that could not be kept.
 */
export interface MisfirePolicy__Output {
  /**
   * Which of the late times fire.
   */
  'rule': (_muster_v1_MisfireRule__Output);
  /**
   * A time is late if this has passed since it was due: 1 s to 24 h. Default 60 s. Before that every time fires.
   */
  'lateWindow': (_google_protobuf_Duration__Output | null);
  /**
   * Late times fire only if they are not older than this: 1 s to 365 days. Default: however old they are.
   */
  'catchUpWindow': (_google_protobuf_Duration__Output | null);
  /**
   * With ALL: at most so many late times fire at once: 1 to 1,000. Default 100.
   */
  'allMax': (number);
  /**
   * A time whose task has not been started so long after it was due is given up: 1 ms to 365 days. If it has no task by then, it
   * gets none; if it has, the task fails with EXPIRED. Default: none.
   */
  'startDeadlineTimeout': (_google_protobuf_Duration__Output | null);
}
