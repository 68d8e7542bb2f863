/**
 * Schedules and the records of their nominal times.
 *
 * Part of the door in `store.ts`, which says what holds of every method. Whatever changes a schedule or its records locks its row
 * first, so what is decided about one schedule is decided one after the other, on however many replicas.
 */
import type {
  Fire,
  FireDecision,
  OpenFire,
  Schedule,
  ScheduleId,
  ScheduleSpec,
  ScheduleState,
} from '../../rules/schedule/schedule.ts';
import type { Standing, Turn } from '../../rules/schedule/turn.ts';
import type {
  HandlerId,
  Lease,
  NamespaceId,
  NewTask,
  Payload,
  TaskId,
  TaskState,
} from '../../rules/task.ts';
import type { CancelResult } from './tasks.ts';

/** What its owner wrote, with the columns that are his too. */
export type WrittenSchedule = {
  readonly name: string;
  readonly handlerId: HandlerId;
  readonly handler: string;
  readonly spec: ScheduleSpec;
  readonly input: Payload | null;
};

/** What a change makes of a row. */
export type ScheduleChange = Pick<WrittenSchedule, 'handlerId' | 'spec' | 'input'> &
  Omit<Standing, 'fires'>;

/** A schedule whose turn it is. */
export type DueSchedule = {
  readonly schedule: Schedule;
  readonly open: readonly OpenFire[];
  /** What the newest task of it that succeeded returned; read only if its input asks for it. */
  readonly previousOutput: Payload | null;
  /** The database's time. */
  readonly now: number;
};

/** A turn with the tasks of its records, by nominal time. */
export type TakenTurn = {
  readonly turn: Turn;
  readonly tasks: ReadonlyMap<number, NewTask>;
};

/** A turn as it was written. */
export type WrittenTurn = {
  readonly schedule: Schedule;
  readonly standing: Standing;
  readonly fires: readonly Fire[];
  /** When it was taken. */
  readonly now: number;
};

/** What turns did; to be told to others after the commit. */
export type TurnsReport = {
  readonly turns: readonly WrittenTurn[];
  readonly tasks: readonly {
    readonly taskId: TaskId;
    readonly handlerId: HandlerId;
    readonly state: TaskState;
    /** If it was stored RUNNING, under the slot that it had been offered. */
    readonly lease: Lease | null;
  }[];
  /** Those of them whose ends will matter. */
  readonly watched: readonly TaskId[];
  readonly cancelled: readonly Omit<CancelResult, 'more'>[];
};

/** How schedules stand all together. */
export type ScheduleLook = {
  /** How long until the next turn of any; null: none is due by time alone. */
  readonly lookInMs: number | null;
  /** Ends of tasks matter to some. */
  readonly watching: boolean;
};

/** Decides a turn; pure, because it may be asked again after a conflict. */
export type Decide = (due: DueSchedule) => TakenTurn;

/** What applying does to one schedule. */
export type Applied = {
  readonly id: ScheduleId;
  readonly name: string;
  /** After it. */
  readonly state: ScheduleState;
  /** Null: it is made. */
  readonly before: Schedule | null;
  readonly isChanged: boolean;
};

/** A schedule that is no more. */
export type DeletedSchedule = Pick<Schedule, 'id' | 'name' | 'handlerId' | 'state'>;

/** Which schedules. */
export type ScheduleQuery = {
  readonly namespaceId: NamespaceId;
  readonly handlerId: HandlerId | null;
  readonly states: readonly ScheduleState[];
  /** Names after this one. */
  readonly after: string;
  readonly limit: number;
};

/** Schedules. */
export type Schedules = {
  get(namespaceId: NamespaceId, name: string): Promise<Schedule | null>;
  /** By name. */
  list(
    query: ScheduleQuery,
  ): Promise<{ readonly schedules: readonly Schedule[]; readonly more: boolean }>;
  /** The first names, for hints. */
  names(namespaceId: NamespaceId, limit: number): Promise<readonly string[]>;
  /**
   * Makes and changes schedules so that each is as it is written, all or none: `begin` says where a new one stands, `change`
   * what becomes of one that is there (null: it is so already). With `validateOnly` nothing is written.
   */
  apply(
    namespaceId: NamespaceId,
    written: readonly WrittenSchedule[],
    decide: {
      readonly begin: (
        schedule: Pick<Schedule, 'id' | 'spec' | 'createdAt'>,
        now: number,
      ) => Pick<Standing, 'state' | 'nextAt' | 'lookAt' | 'pauseNote'>;
      readonly change: (
        schedule: Schedule,
        written: WrittenSchedule,
        at: { readonly now: number; readonly running: boolean },
      ) => ScheduleChange | null;
      /** Called when all is decided and nothing is written; throws if nothing shall be. */
      readonly approve: () => void;
    },
    how: { readonly validateOnly: boolean; readonly mayExist: boolean },
  ): Promise<readonly Applied[]>;
  /** Changes one schedule; null: there is none. `running`: tasks of it are unfinished. */
  change(
    namespaceId: NamespaceId,
    name: string,
    change: (
      schedule: Schedule,
      at: { readonly now: number; readonly running: boolean },
    ) => ScheduleChange,
  ): Promise<Schedule | null>;
  /** Deletes a schedule with its records, and answers what it was; null: there was none. */
  delete(namespaceId: NamespaceId, name: string): Promise<DeletedSchedule | null>;

  peek(): Promise<ScheduleLook>;
  /**
   * Takes the turns that are due, of at most `limit` schedules and until they have made `tasksMax` tasks. `claimed` is told how many
   * schedules are locked for it, before anything is decided.
   */
  takeTurns(
    limit: number,
    tasksMax: number,
    decide: Decide,
    claimed?: (count: number) => void,
  ): Promise<TurnsReport>;
  /** Takes a turn of one schedule now; null: there is none. `present` are its records of a range, by nominal time. */
  takeTurnOf(
    namespaceId: NamespaceId,
    name: string,
    range: { readonly from: number; readonly to: number } | null,
    decide: (due: DueSchedule, present: ReadonlyMap<number, FireDecision>) => TakenTurn,
  ): Promise<TurnsReport | null>;
  /** These tasks may have ended: makes it the turn of their schedules. Answers how many it was news to. */
  noteEnds(taskIds: readonly TaskId[]): Promise<number>;
  /** Tasks whose ends will matter, after a place in their order, for the safety poll. Answers those that have ended. */
  findEnds(
    after: TaskId | null,
    limit: number,
  ): Promise<{
    readonly ended: readonly TaskId[];
    readonly unfinished: readonly TaskId[];
    readonly last: TaskId | null;
  }>;

  /** Newest first, before a nominal time. */
  fires(query: {
    readonly scheduleId: ScheduleId;
    readonly decisions: readonly FireDecision[];
    readonly before: number | null;
    readonly limit: number;
  }): Promise<{ readonly fires: readonly Fire[]; readonly more: boolean }>;
  /** Deletes at most `limit` records that are done with and past retention, and those of deleted schedules. */
  deleteFires(retentionMs: number, limit: number): Promise<number>;
};
