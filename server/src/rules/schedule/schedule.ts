/**
 * The nouns of schedules: what their owner wrote, where they stand, and the record of each nominal time.
 *
 * A spec is stored as JSON as it stands here, so its fields are plain values; null means "not said". Times are milliseconds
 * since 1970 by the database's clock.
 */
import type { ClockChangeRule } from '../calendar/cron-times.ts';
import type { CronDialect } from '../calendar/field.ts';
import type { LeftOut } from '../calendar/timing.ts';
import type {
  HandlerId,
  Labels,
  NamespaceId,
  Payload,
  TaskId,
  TaskKey,
  TaskOptions,
  TaskState,
} from '../task.ts';

declare const brand: unique symbol;

/** Lower-case text of a UUID that names a schedule. */
export type ScheduleId = string & { readonly [brand]: 'ScheduleId' };

/** When a schedule asks for tasks, as its owner wrote it. */
export type TimingSpec = {
  readonly cron: readonly string[];
  /** Null: there is no expression. */
  readonly dialect: CronDialect | null;
  readonly rateMs: number | null;
  /** Null: `startAt`, else when the schedule was made. */
  readonly anchorAt: number | null;
  /** The next is due so long after the end of the one before; then there is no other source. */
  readonly endDelayMs: number | null;
  /** Single moments, in order. */
  readonly moments: readonly number[];
  readonly zone: string;
  readonly clockChanges: ClockChangeRule;
  readonly startAt: number | null;
  readonly endAt: number | null;
  /** As `2026-12-25`. */
  readonly excludedDays: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly firesMax: number | null;
  /** Each time is delayed by less than this; 0: not at all. */
  readonly jitterMs: number;
};

/** What becomes of times that could not be kept. */
export type MisfirePolicy = {
  readonly rule: 'ONCE' | 'ALL' | 'SKIP';
  /** A time is late if this has passed since it was due. */
  readonly lateMs: number;
  readonly catchUpMs: number | null;
  readonly allMax: number;
  readonly startDeadlineMs: number | null;
};

/** What becomes of a time while tasks of the same schedule are unfinished. */
export type OverlapPolicy = {
  readonly rule: 'ALLOW' | 'SKIP' | 'BUFFER' | 'CANCEL';
  /** Unfinished tasks that are allowed at once; null: any number. 1 with SKIP and CANCEL. */
  readonly runningMax: number | null;
  /** Times that may wait; 0 but with BUFFER. */
  readonly bufferMax: number;
};

/** The task that a schedule asks for, but for its handler and input. */
export type TaskTemplate = {
  readonly inputIsTemplate: boolean;
  readonly priority: number;
  readonly options: TaskOptions | null;
  readonly totalTimeoutMs: number | null;
  readonly labels: Labels | null;
  /** Absent: none. */
  readonly key?: TaskKey;
};

/** A schedule as its owner wrote it, but for its name, handler and input, which are columns. */
export type ScheduleSpec = {
  readonly description: string;
  readonly timing: TimingSpec;
  readonly task: TaskTemplate;
  readonly misfire: MisfirePolicy;
  readonly overlap: OverlapPolicy;
  readonly failuresMax: number | null;
};

/** Where a schedule stands, at the index that is stored and sent, less one. */
export const scheduleStates = ['ACTIVE', 'PAUSED', 'COMPLETED'] as const;

/** Where a schedule stands. */
export type ScheduleState = (typeof scheduleStates)[number];

/** A schedule as it is stored. */
export type Schedule = {
  readonly id: ScheduleId;
  readonly namespaceId: NamespaceId;
  readonly name: string;
  readonly handlerId: HandlerId;
  /** Name of the handler. */
  readonly handler: string;
  readonly spec: ScheduleSpec;
  readonly input: Payload | null;
  readonly state: ScheduleState;
  readonly pauseNote: string;
  readonly pausedByFailures: boolean;
  /** The next nominal time; null: none is known. */
  readonly nextAt: number | null;
  /** Nominal times that got a task, those by hand and of backfills not counted. */
  readonly fires: number;
  readonly failures: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What became of a nominal time, at the index that is stored and sent, less one. */
export const fireDecisions = [
  'FIRED',
  'CAUGHT_UP',
  'BY_HAND',
  'BACKFILLED',
  'BUFFERED',
  'SKIPPED_OVERLAP',
  'SKIPPED_LATE',
] as const;

/** What became of a nominal time. */
export type FireDecision = (typeof fireDecisions)[number];

/** The record of one nominal time; of SKIPPED_LATE one may stand for many in a row. */
export type Fire = {
  readonly nominalAt: number;
  /** Nominal time and jitter. */
  readonly dueAt: number;
  readonly decision: FireDecision;
  readonly decidedAt: number;
  readonly taskId: TaskId | null;
  /** Null: it has no task, or none any more. */
  readonly taskState: TaskState | null;
  readonly lastNominalAt: number | null;
  readonly skipped: number;
};

/** A record that is not done with: its time waits in line, or the end of its task will matter. */
export type OpenFire = {
  readonly nominalAt: number;
  readonly dueAt: number;
  /** Asked for by a backfill: it was never due by itself. */
  readonly backfill: boolean;
  /** Null: it waits in line. */
  readonly taskId: TaskId | null;
  /** Null: it waits in line, or its task is gone. */
  readonly taskState: TaskState | null;
  readonly endedAt: number | null;
};

/** Whether the ends of its tasks matter to a schedule. */
export function isWatched(spec: ScheduleSpec): boolean {
  return isLimited(spec) || spec.failuresMax !== null;
}

/** Whether a schedule must know which of its tasks are unfinished. */
export function isLimited({ timing, overlap }: ScheduleSpec): boolean {
  return overlap.runningMax !== null || timing.endDelayMs !== null;
}
