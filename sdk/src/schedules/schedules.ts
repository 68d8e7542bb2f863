// What a client can do with schedules, as types. The doing is in create-schedules.ts.

import type { TaskHandle, Unserved } from '../client.ts';
import type { HandlerReference } from '../handler-reference.ts';
import type { ScheduleDefinition } from './define-schedule.ts';
import type {
  Fire,
  FireDecision,
  Schedule,
  ScheduleOptions,
  ScheduleState,
  ScheduleTimes,
  TimeRange,
} from './schedule.ts';

/** A schedule that was made or changed just now. */
export interface StoredSchedule extends Schedule {
  /** Set if no agent serves the handler at this moment: perhaps its name is wrong. */
  readonly unserved: Unserved | undefined;
}

/** Which schedules. All given conditions must hold. */
export interface ListSchedulesOptions {
  /** Name of the handler. */
  readonly handler?: string;
  /** In one of these states. */
  readonly states?: readonly ScheduleState[];
  /** Schedules fetched at a time: 1 to 1,000. Default 50. */
  readonly pageSize?: number;
}

/** Which fire records. */
export interface ListFiresOptions {
  /** With one of these decisions. Default: any. */
  readonly decisions?: readonly FireDecision[];
  /** Records fetched at a time: 1 to 1,000. Default 50. */
  readonly pageSize?: number;
}

/**
 * What is to be changed, in groups: whoever gives one option of a group says all of it, and what is left out of the group
 * has its default again. Groups: when (all of `ScheduleTimes`), what (`handler`, `input` or `inputTemplate`, `priority`,
 * `retry`, `timeout`, `totalTimeout`, `atMostOnce`, `labels`; the handler must be among them), and, each by itself,
 * `description`, `misfire`, `overlap`, `failuresMax` (0: never).
 */
export interface ScheduleChanges<Input = unknown>
  extends ScheduleTimes,
    Partial<Omit<ScheduleOptions<Input>, 'name' | keyof ScheduleTimes | 'handler'>> {
  /** The handler of its tasks. Needed if anything of the task is changed. */
  readonly handler?: HandlerReference<Input, unknown> | string;
}

/** A range to fill. */
export interface BackfillOptions extends TimeRange {
  /** True: nothing is stored; the answer says what would be. */
  readonly dryRun?: boolean;
}

/** What a range got. */
export interface BackfillSummary {
  /** Times that got a task by this call, oldest first. With BUFFER and CANCEL they wait in line. */
  readonly fires: readonly Fire[];
  /** How many nominal times of the range had a task already, or wait for theirs. */
  readonly present: number;
}

/** How far a preview looks. */
export interface PreviewOptions {
  /** Nominal times: 1 to 1,000. Default 10. */
  readonly count?: number;
  /** Times after this one. Default: now. */
  readonly after?: Date;
}

/** A task that was asked for by hand. */
export interface Triggered<Output> {
  /** Its record. */
  readonly fire: Fire;
  /** The task. */
  readonly task: TaskHandle<Output>;
}

/** What applying does to a schedule. */
export type ApplyAction = 'CREATED' | 'UPDATED' | 'UNCHANGED';

/** What applying did, or would do, to one schedule. */
export interface AppliedSchedule {
  /** Which one. */
  readonly name: string;
  /** What it did. */
  readonly action: ApplyAction;
  /** UPDATED: what differed: `description`, `timing`, `task`, `misfire`, `overlap`, `failures_max`. */
  readonly changedFields: readonly string[];
  /** Set if no agent serves the handler at this moment; said of at most 20 handlers. */
  readonly unserved: Unserved | undefined;
}

/**
 * Makes schedules and follows them: `client.schedules`. SCHEDULE_NOT_FOUND where there is none of the name. A call whose
 * answer was lost is made again: `create` may then say SCHEDULE_EXISTS of its own schedule, `delete` SCHEDULE_NOT_FOUND.
 * Calling `apply` or `backfill` again is harmless.
 */
export interface Schedules {
  /** Makes a schedule; with a note it is made paused. SCHEDULE_EXISTS if there is one of that name. */
  create(schedule: ScheduleDefinition, options?: { pauseNote?: string }): Promise<StoredSchedule>;
  /** One schedule. */
  get(name: string): Promise<Schedule>;
  /** Schedules by name. Pages are fetched as they are needed. */
  list(options?: ListSchedulesOptions): AsyncIterable<Schedule>;
  /** Changes a schedule, by groups. If its times change, what it asks for counts from now on. */
  update<Input = unknown>(name: string, changes: ScheduleChanges<Input>): Promise<StoredSchedule>;
  /** Deletes a schedule with its fire records. Its tasks stay. */
  delete(name: string): Promise<void>;
  /** Stops it from asking for tasks. `note` says why, for people, at most 1 KiB; pausing again changes it. */
  pause(name: string, note?: string): Promise<Schedule>;
  /** Lets it ask again, from now on: what it would have asked for meanwhile was not asked for. */
  resume(name: string): Promise<Schedule>;
  /**
   * Makes a task of it now, whatever its timing, pause and overlap policy say. Tried once: a second try could make a second
   * task. After UNREACHABLE `fires` tells whether there is one.
   */
  trigger<Output = unknown>(name: string): Promise<Triggered<Output>>;
  /** Makes a task for each nominal time of a past range that has none, at most 1,000; all of them or none. */
  backfill(name: string, options: BackfillOptions): Promise<BackfillSummary>;
  /** The next nominal times: of a stored schedule by its name, or of a definition or times that need not be stored. */
  preview(schedule: string | ScheduleTimes, options?: PreviewOptions): Promise<Date[]>;
  /** What became of each nominal time, newest first. Pages are fetched as they are needed. */
  fires(name: string, options?: ListFiresOptions): AsyncIterable<Fire>;
  /**
   * Makes and changes schedules so that each is as it was defined, all or none; others stay as they are, and what is paused
   * stays paused. At most 10,000 and 3.5 MiB: OPTION_INVALID for more, which are applied in parts. `dryRun`: only says what
   * would be done.
   */
  apply(
    schedules: Iterable<ScheduleDefinition>,
    options?: { dryRun?: boolean },
  ): Promise<AppliedSchedule[]>;
}
