// Original file: muster/v1/schedule_service.proto

import type { Fire as _muster_v1_Fire, Fire__Output as _muster_v1_Fire__Output } from '../../muster/v1/Fire.ts';

/**
 * What the range got.
 */
export interface BackfillScheduleResponse {
  /**
   * Times that got a task by this call, oldest first. Where the overlap policy limits unfinished tasks, those beyond wait in line
   * (BUFFERED) behind the schedule's own times; `buffer_max` does not count for them, and none of them is skipped or replaced.
   */
  'fires'?: (_muster_v1_Fire)[];
  /**
   * How many nominal times of the range had a task already, or wait for theirs.
   */
  'present'?: (number);
}

/**
 * What the range got.
 */
export interface BackfillScheduleResponse__Output {
  /**
   * Times that got a task by this call, oldest first. Where the overlap policy limits unfinished tasks, those beyond wait in line
   * (BUFFERED) behind the schedule's own times; `buffer_max` does not count for them, and none of them is skipped or replaced.
   */
  'fires': (_muster_v1_Fire__Output)[];
  /**
   * How many nominal times of the range had a task already, or wait for theirs.
   */
  'present': (number);
}
