// Original file: muster/v1/schedule.proto

import type { CronDialect as _muster_v1_CronDialect, CronDialect__Output as _muster_v1_CronDialect__Output } from '../../muster/v1/CronDialect.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { ClockChangeRule as _muster_v1_ClockChangeRule, ClockChangeRule__Output as _muster_v1_ClockChangeRule__Output } from '../../muster/v1/ClockChangeRule.ts';
import type { TimeRange as _muster_v1_TimeRange, TimeRange__Output as _muster_v1_TimeRange__Output } from '../../muster/v1/TimeRange.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * When a schedule asks for tasks. Its nominal times are those of all `cron` expressions, the rate and the `run_times`
 * together, each moment once, within the bounds and without what is excluded. `end_delay` stands alone.
 */
export interface ScheduleTiming {
  /**
   * Cron expressions, or `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`. At most 20, each at most 256 bytes.
   */
  'cron'?: (string)[];
  /**
   * How they are read. Needed if there are any.
   */
  'dialect'?: (_muster_v1_CronDialect);
  /**
   * A nominal time each so many: 1 s (setting `schedule-interval-min`) to 365 days, in whole milliseconds. Unset: none.
   */
  'rateInterval'?: (_google_protobuf_Duration | null);
  /**
   * One of the times of the rate; the others follow from it. Default: `start_time`, else when the schedule was made, in
   * whole seconds.
   */
  'anchorTime'?: (_google_protobuf_Timestamp | null);
  /**
   * The next task is due so long after the end of the one before: 1 s (setting `schedule-interval-min`) to 365 days.
   * The first is due at `start_time`, or so long after the schedule was made. Unset: none. Not together with the others.
   */
  'endDelay'?: (_google_protobuf_Duration | null);
  /**
   * Single moments. At most 1,000.
   */
  'runTimes'?: (_google_protobuf_Timestamp)[];
  /**
   * IANA time zone in which expressions and excluded dates are read. Default `UTC`.
   */
  'zone'?: (string);
  /**
   * What becomes of times that a change of the clock leaves out or repeats.
   */
  'clockChanges'?: (_muster_v1_ClockChangeRule);
  /**
   * The first moment that counts. Unset: no bound.
   */
  'startTime'?: (_google_protobuf_Timestamp | null);
  /**
   * The first moment that counts no more. Unset: no bound.
   */
  'endTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Days of the zone that are left out, such as `2026-12-25`. At most 1,000.
   */
  'excludedDates'?: (string)[];
  /**
   * Stretches of time that are left out. At most 1,000.
   */
  'excludedRanges'?: (_muster_v1_TimeRange)[];
  /**
   * The schedule is complete after so many nominal times have got a task. 0: no limit.
   */
  'firesMax'?: (number | string | Long);
  /**
   * Each time is delayed by chance, by less than this: 0 s to 1 h. The same for one schedule and nominal time on every
   * coordinator. Default: none.
   */
  'jitterWindow'?: (_google_protobuf_Duration | null);
}

/**
 * When a schedule asks for tasks. Its nominal times are those of all `cron` expressions, the rate and the `run_times`
 * together, each moment once, within the bounds and without what is excluded. `end_delay` stands alone.
 */
export interface ScheduleTiming__Output {
  /**
   * Cron expressions, or `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`. At most 20, each at most 256 bytes.
   */
  'cron': (string)[];
  /**
   * How they are read. Needed if there are any.
   */
  'dialect': (_muster_v1_CronDialect__Output);
  /**
   * A nominal time each so many: 1 s (setting `schedule-interval-min`) to 365 days, in whole milliseconds. Unset: none.
   */
  'rateInterval': (_google_protobuf_Duration__Output | null);
  /**
   * One of the times of the rate; the others follow from it. Default: `start_time`, else when the schedule was made, in
   * whole seconds.
   */
  'anchorTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * The next task is due so long after the end of the one before: 1 s (setting `schedule-interval-min`) to 365 days.
   * The first is due at `start_time`, or so long after the schedule was made. Unset: none. Not together with the others.
   */
  'endDelay': (_google_protobuf_Duration__Output | null);
  /**
   * Single moments. At most 1,000.
   */
  'runTimes': (_google_protobuf_Timestamp__Output)[];
  /**
   * IANA time zone in which expressions and excluded dates are read. Default `UTC`.
   */
  'zone': (string);
  /**
   * What becomes of times that a change of the clock leaves out or repeats.
   */
  'clockChanges': (_muster_v1_ClockChangeRule__Output);
  /**
   * The first moment that counts. Unset: no bound.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * The first moment that counts no more. Unset: no bound.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Days of the zone that are left out, such as `2026-12-25`. At most 1,000.
   */
  'excludedDates': (string)[];
  /**
   * Stretches of time that are left out. At most 1,000.
   */
  'excludedRanges': (_muster_v1_TimeRange__Output)[];
  /**
   * The schedule is complete after so many nominal times have got a task. 0: no limit.
   */
  'firesMax': (number);
  /**
   * Each time is delayed by chance, by less than this: 0 s to 1 h. The same for one schedule and nominal time on every
   * coordinator. Default: none.
   */
  'jitterWindow': (_google_protobuf_Duration__Output | null);
}
