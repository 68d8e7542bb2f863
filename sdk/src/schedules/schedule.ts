// Schedules as applications write and see them: when they ask for tasks, what for, and what became of each time.

import type { Duration } from '../duration.ts';
import type { RetryOptions } from '../handler.ts';
import type { HandlerReference } from '../handler-reference.ts';
import type { TaskState } from '../task.ts';

/**
 * What becomes of times that a change of the clock leaves out or repeats. DEFAULT as cron(8): an expression with `*` in its
 * minutes or hours follows the clock on the wall; a time of the day is neither lost nor doubled. SKIP: left-out times do
 * not fire, repeated ones fire the first time. SHIFT: left-out times fire when the gap is over. BOTH: repeated times
 * fire both times.
 */
export type ClockChanges = 'DEFAULT' | 'SKIP' | 'SHIFT' | 'BOTH';

/** Which late times fire: the newest of them, all, or none. */
export type MisfireRule = 'ONCE' | 'ALL' | 'SKIP';

/** What becomes of times that could not be kept, because no coordinator ran. */
export interface MisfireOptions {
  /** Which late times fire. Default 'ONCE'. */
  readonly rule?: MisfireRule;
  /** A time is late if this has passed since it was due: 1 s to 24 h. Default '60s'. Before that every time fires. */
  readonly lateAfter?: Duration;
  /** Late times fire only if they are not older: 1 s to 365 days. Default: however old they are. */
  readonly catchUp?: Duration;
  /** With 'ALL': at most so many late times fire at once, the newest: 1 to 1,000. Default 100. */
  readonly max?: number;
  /** A time whose task has not been started so long after it was due is given up: 1 ms to 365 days. Default: none. */
  readonly startDeadline?: Duration;
}

/**
 * What becomes of a time while tasks of the same schedule are unfinished. ALLOW: it fires; with `running`, only while
 * fewer are. SKIP: it is skipped. BUFFER: it waits in line. CANCEL: the others are cancelled, then it fires.
 */
export type OverlapRule = 'ALLOW' | 'SKIP' | 'BUFFER' | 'CANCEL';

/** What becomes of a time while tasks of the same schedule are unfinished, in the whole cluster. */
export interface OverlapOptions {
  /** What becomes of it. */
  readonly rule: OverlapRule;
  /** Unfinished tasks that are allowed at once: 1 to 1,000. With 'ALLOW' the default is any number, with 'BUFFER' 1. */
  readonly running?: number;
  /** With 'BUFFER': how many times may wait, 1 to 1,000. Needed there. */
  readonly buffer?: number;
}

/** A stretch of time; `to` is not part of it. */
export interface TimeRange {
  /** Its first moment. */
  readonly from: Date;
  /** The first moment after it. */
  readonly to: Date;
}

/** When a schedule asks for tasks: `cron` or `quartz`, `every` and `at` together, or `afterEnd` alone. */
export interface ScheduleTimes {
  /** Expressions as of crontab(5), also with seconds (6 fields) and years (7), or `@daily` and the like. At most 20. */
  readonly cron?: string | readonly string[];
  /** Expressions as of Quartz: seconds first, Sunday is 1, one day field is `?`. Not together with `cron`. At most 20. */
  readonly quartz?: string | readonly string[];
  /** A time each so many: 1 s to 365 days. */
  readonly every?: Duration;
  /** One of the times of `every`. Default: `startTime`, else when the schedule was made. */
  readonly anchorTime?: Date;
  /** The next task is due so long after the end of the one before: 1 s to 365 days. */
  readonly afterEnd?: Duration;
  /** Single moments. At most 1,000. */
  readonly at?: Date | readonly Date[];
  /** IANA time zone of expressions and excluded dates. Default 'UTC'. */
  readonly zone?: string;
  /** What becomes of times that a change of the clock leaves out or repeats. Default 'DEFAULT'. */
  readonly clockChanges?: ClockChanges;
  /** The first moment that counts. */
  readonly startTime?: Date;
  /** The first moment that counts no more. */
  readonly endTime?: Date;
  /** Days of the zone that are left out, such as '2026-12-25'. At most 1,000. */
  readonly excludeDates?: readonly string[];
  /** Stretches of time that are left out. At most 1,000. */
  readonly excludeRanges?: readonly TimeRange[];
  /** The schedule is complete after so many times have got a task. Default: no limit. */
  readonly limit?: number;
  /** Each time is delayed by chance, by less than this, at most 1 h; the same on every coordinator. Default: none. */
  readonly jitter?: Duration;
}

/** What a schedule is made of. */
export interface ScheduleOptions<Input = unknown> extends ScheduleTimes {
  /** Unique in the namespace: 1 to 128 of `a-z 0-9 . _ - /`, beginning with a letter or digit. */
  readonly name: string;
  /** For people, at most 1 KiB. */
  readonly description?: string;
  /** The handler of its tasks: a definition, a reference, or a name. */
  readonly handler: HandlerReference<Input, unknown> | string;
  /** Input of its tasks. At most 64 KiB. */
  readonly input?: NoInfer<Input>;
  /**
   * JSON text instead of `input`, in which `{{nominal_time}}`, `{{local_time}}`, `{{local_date}}`, `{{schedule}}`, `{{key}}` and
   * `{{previous_output}}` are replaced, each by a JSON value: they stand without quotes. At most 64 KiB. The coordinator reads
   * it, so it does not pass the client's codec.
   */
  readonly inputTemplate?: string;
  /** What becomes of times that could not be kept. Default 'ONCE'. */
  readonly misfire?: MisfireRule | MisfireOptions;
  /** What becomes of a time while tasks of the same schedule are unfinished. Default 'ALLOW'. */
  readonly overlap?: Exclude<OverlapRule, 'BUFFER'> | OverlapOptions;
  /** The schedule pauses itself after so many tasks in a row have failed: 1 to 1,000. Default 0: never. */
  readonly failuresMax?: number;
  /** Larger is sooner among tasks of the same handler: -100 to 100. Default 0. */
  readonly priority?: number;
  /** Key of its tasks: which line of the handler they are in. At most 256 bytes. */
  readonly key?: string;
  /** Turns that the key gets among others: 0.001 to 1,000. Only with `key`. Default 1. */
  readonly keyWeight?: number;
  /** Overrides the handler's retry policy, field by field. */
  readonly retry?: RetryOptions;
  /** Longest run of one attempt: 1 ms to 30 days. */
  readonly timeout?: Duration;
  /** Deadline of a whole task, retries included: 1 ms to 365 days. Default: none. */
  readonly totalTimeout?: Duration;
  /** True: never run twice; a lost or failed attempt is final. */
  readonly atMostOnce?: boolean;
  /** Labels of its tasks, at most 16. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The task that a stored schedule asks for. What is undefined is left to the handler's own options. */
export interface ScheduledTask {
  /** Decoded input. What this client cannot read (another media type, a codec that it does not have) stays a `Payload`. */
  readonly input: unknown;
  /** The text of which the input is made, instead of `input`. */
  readonly inputTemplate: string | undefined;
  /** Larger is sooner, -100 to 100. */
  readonly priority: number;
  /** Which line of the handler its tasks are in. */
  readonly key: string | undefined;
  /** Weight of the key. */
  readonly keyWeight: number | undefined;
  /** What it overrides of the handler's retry policy. */
  readonly retry: RetryOptions | undefined;
  /** Longest run of one attempt. */
  readonly timeout: Duration | undefined;
  /** Deadline of a whole task. */
  readonly totalTimeout: Duration | undefined;
  /** True: never run twice. */
  readonly atMostOnce: boolean | undefined;
  /** Labels of its tasks. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a schedule stands. COMPLETED: it has no nominal time any more. */
export type ScheduleState = 'ACTIVE' | 'PAUSED' | 'COMPLETED';

/** A schedule as it is stored. */
export interface Schedule {
  /** UUID; another one if a schedule of this name is deleted and made again. */
  readonly id: string;
  /** Unique in the namespace. */
  readonly name: string;
  /** For people. */
  readonly description: string;
  /** Name of the handler of its tasks. */
  readonly handler: string;
  /** Where it stands. */
  readonly state: ScheduleState;
  /** Why it is paused. Empty if it is not. */
  readonly pauseNote: string;
  /** True if it paused itself. */
  readonly pausedByFailures: boolean;
  /** The next nominal time. Undefined if none is known. */
  readonly nextTime: Date | undefined;
  /** Nominal times that got a task. */
  readonly fires: number;
  /** How many of its last tasks failed in a row. Counted only with `failuresMax`. */
  readonly failures: number;
  /** When it asks for tasks. */
  readonly times: ScheduleTimes;
  /** What it asks for. */
  readonly task: ScheduledTask;
  /** What becomes of times that could not be kept. */
  readonly misfire: MisfireOptions;
  /** What becomes of a time while tasks of the same schedule are unfinished. */
  readonly overlap: OverlapOptions;
  /** It pauses itself after so many failures in a row. Undefined: never. */
  readonly failuresMax: number | undefined;
  /** When it was made. */
  readonly createTime: Date | undefined;
  /** When it was changed, paused or resumed. */
  readonly updateTime: Date | undefined;
}

/** What became of a nominal time. */
export type FireDecision =
  | 'FIRED'
  | 'CAUGHT_UP'
  | 'BY_HAND'
  | 'BACKFILLED'
  | 'BUFFERED'
  | 'SKIPPED_OVERLAP'
  | 'SKIPPED_LATE';

/** The record of one nominal time; of SKIPPED_LATE one may stand for many in a row. */
export interface Fire {
  /** The moment at which the schedule asked for a task. */
  readonly nominalTime: Date;
  /** What became of it. */
  readonly decision: FireDecision;
  /** When that was decided. */
  readonly decideTime: Date | undefined;
  /** From when it was due (nominal time and jitter) to the decision, in milliseconds. */
  readonly latenessMs: number;
  /** Its task. Undefined: it has none. */
  readonly taskId: string | undefined;
  /** State of the task. Undefined: it has none, or none any more. */
  readonly taskState: TaskState | undefined;
  /** SKIPPED_LATE: the last time that the record stands for. */
  readonly lastNominalTime: Date | undefined;
  /** SKIPPED_LATE: how many it stands for, counted up to 1,000. */
  readonly skipped: number;
}
