/**
 * Tasks: submissions, reads, cancellations, and the edges that time drives.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type {
  Attempt,
  FinishedState,
  HandlerId,
  Lease,
  LeaseRef,
  NamespaceId,
  NewTask,
  SessionId,
  Task,
  TaskFilter,
  TaskId,
  TaskState,
  TaskView,
} from '../../rules/task.ts';
import type { ScheduleLook } from './schedules.ts';

/** One task of a submit call, as it was stored. */
export type StoredTask =
  | {
      readonly kind: 'STORED';
      readonly id: TaskId;
      readonly state: TaskState;
      /** The lease if it was stored RUNNING, else null. */
      readonly lease: Lease | null;
      /** Milliseconds until it is due; 0 unless DELAYED. */
      readonly dueInMs: number;
    }
  | { readonly kind: 'DUPLICATE'; readonly id: TaskId }
  /** Nothing of its call was stored. */
  | { readonly kind: 'ID_REUSED'; readonly id: TaskId };

/** Writes of the api role for submissions. */
export type Submissions = {
  /**
   * Stores calls, each wholly or not at all, in one statement (or one transaction where idempotency keys are used).
   * Repeatable: a task of a lost reply is answered as STORED, with its lease if it still stands under the offer of
   * this very NewTask and `repeated` is true.
   * Answers per call, per task, in order.
   */
  insert(
    calls: readonly (readonly NewTask[])[],
    repeated: boolean,
  ): Promise<readonly (readonly StoredTask[])[]>;
  /** Makes new tasks of finished ones; at most one each, ever. `newIds[i]` is the id to use for `ids[i]`. */
  retry(
    namespaceId: NamespaceId,
    ids: readonly TaskId[],
    newIds: readonly TaskId[],
  ): Promise<readonly RetriedTask[]>;
  /** FAILED and CANCELLED tasks that match and have not been retried, newest first, at most `limit`. Other states match nothing. */
  retryable(query: {
    readonly namespaceId: NamespaceId;
    readonly filter: TaskFilter;
    readonly limit: number;
  }): Promise<{ readonly ids: readonly TaskId[]; readonly more: boolean }>;
};

/** What became of one wish to retry. */
export type RetriedTask =
  | {
      readonly kind: 'RETRIED';
      readonly id: TaskId;
      readonly retryId: TaskId;
      readonly duplicate: boolean;
      readonly handlerId: HandlerId;
    }
  | { readonly kind: 'UNFINISHED' | 'MISSING'; readonly id: TaskId };

/** What became of each wish to cancel. */
export type CancelResult = {
  readonly cancelled: readonly TaskId[];
  /** Of those that are cancelled, in their order. */
  readonly cancelledHandlerIds: readonly HandlerId[];
  /** RUNNING: the request is stored; with the lease that should stop. */
  readonly requested: readonly (LeaseRef & { readonly sessionId: SessionId })[];
  readonly finished: readonly TaskId[];
  readonly missing: readonly TaskId[];
  readonly more: boolean;
};

/** Reads and cancellations. */
export type Tasks = {
  get(namespaceId: NamespaceId, id: TaskId, view: TaskView): Promise<Task | null>;
  /** In any order; missing ones are left out. Never the full view. */
  getMany(
    namespaceId: NamespaceId,
    ids: readonly TaskId[],
    view: 'BASIC' | 'PAYLOADS',
  ): Promise<readonly Task[]>;
  /** State per id; missing ones are left out. `version` changes with every change that a watcher should see. */
  states(
    namespaceId: NamespaceId,
    ids: readonly TaskId[],
  ): Promise<ReadonlyMap<TaskId, { readonly state: TaskState; readonly version: string }>>;
  /** Newest first, before the cursor, at most `limit` rows or `bytesMax` of payload bytes (at least one row). */
  list(query: {
    readonly namespaceId: NamespaceId;
    readonly filter: TaskFilter;
    readonly before: TaskId | null;
    readonly limit: number;
    readonly bytesMax: number;
    readonly view: 'BASIC' | 'PAYLOADS';
  }): Promise<{ readonly tasks: readonly Task[]; readonly more: boolean }>;
  /** Attempts of one task, in order, with their log lines. */
  attempts(id: TaskId): Promise<readonly Attempt[]>;
  cancel(
    namespaceId: NamespaceId,
    which: { readonly ids: readonly TaskId[] } | { readonly filter: TaskFilter },
    reason: string,
    limit: number,
  ): Promise<CancelResult>;
};

/** Edges that time drives. */
export type Timers = {
  /**
   * DELAYED → READY of at most `limit` due rows; `nextDueInMs` null: none is delayed. Also tells how schedules stand, because an
   * idle coordinator asks both all day.
   */
  promote(limit: number): Promise<{
    readonly promoted: readonly { readonly taskId: TaskId; readonly handlerId: HandlerId }[];
    readonly nextDueInMs: number | null;
    readonly schedules: ScheduleLook;
  }>;
  /** Ends not running tasks past their deadline or time-to-live; answers running ones whose deadline has passed, once each. */
  expire(limit: number): Promise<{
    readonly ended: readonly {
      readonly taskId: TaskId;
      readonly handlerId: HandlerId;
      readonly state: FinishedState;
    }[];
    readonly toCancel: readonly (LeaseRef & { readonly sessionId: SessionId })[];
  }>;
};
