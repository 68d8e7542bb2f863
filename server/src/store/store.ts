/**
 * What the rest of the server may ask of the database. Only this folder knows SQL.
 *
 * Every method is one statement or one short transaction, safe to repeat and safe to run on several replicas at
 * once. Errors: `StoreUnavailable` when the database cannot be reached (the write may or may not have happened),
 * `StoreRefused` when it refused the data; anything else is a defect.
 */
import type {
  Attempt,
  CoordinatorId,
  FinishedState,
  HandlerId,
  HandlerOptions,
  Labels,
  Lease,
  LeaseRef,
  LogLine,
  NamespaceId,
  NewTask,
  OutcomeWrite,
  Payload,
  Progress,
  SessionId,
  Task,
  TaskFilter,
  TaskId,
  TaskState,
  TaskView,
} from '../rules/task.ts';

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

/** Which READY rows to claim, and for whom. */
export type ClaimRequest = {
  /** Handlers that every one of the slots can run, each with the most rows to take of it. */
  readonly handlers: readonly { readonly handlerId: HandlerId; readonly limit: number }[];
  /** One entry per free slot: the n-th row in order (priority, due time, id) goes to the n-th slot. */
  readonly slots: readonly { readonly sessionId: SessionId; readonly attachment: number }[];
  /** A claim stops once its inputs hold so many bytes; then fewer rows than slots say nothing about what is left. */
  readonly bytesMax: number;
};

/** READY → RUNNING, and the ways back. */
export type Leases = {
  /** Claims in one statement with SKIP LOCKED. Fewer rows than slots: nothing else was READY and unlocked. */
  claim(request: ClaimRequest): Promise<readonly Lease[]>;
  /** True per handler that has READY rows; reads only. */
  peek(handlerIds: readonly HandlerId[]): Promise<ReadonlySet<HandlerId>>;
  /** Records ends, each guarded by RUNNING and its epoch. Repeatable. One result per write, in order. */
  record(writes: readonly OutcomeWrite[]): Promise<readonly RecordedOutcome[]>;
  /**
   * RUNNING → READY (CANCELLED if that was asked for meanwhile) of leases that were never written to any socket;
   * guarded by epoch alone.
   */
  returnUnsent(leases: readonly LeaseRef[]): Promise<readonly EndedLease[]>;
  /**
   * RUNNING → READY (same attempt number; CANCELLED if that was asked for meanwhile) of leases that the agent has
   * given back or never had. Requires, under a
   * share lock of the session's row, that the session is still attached with this attachment. Answers what went back.
   */
  giveBack(
    sessionId: SessionId,
    attachment: number,
    leases: readonly LeaseRef[],
  ): Promise<readonly EndedLease[]>;
  /** All RUNNING rows of these sessions, with `ageMs` since the lease was given, for reconciliation; without payloads. */
  running(sessionIds: readonly SessionId[]): Promise<readonly RunningRow[]>;
  /** Full leases of RUNNING rows, for taking up what an unknown claim or insert left. */
  load(leases: readonly LeaseRef[]): Promise<readonly Lease[]>;
  /** Stores the newest progress and checkpoint; guarded by RUNNING and epoch. Answers the refs that were accepted. */
  writeProgress(reports: readonly ProgressWrite[]): Promise<readonly LeaseRef[]>;
  /** Appends log lines up to `linesMax` per attempt; guarded by RUNNING and epoch. Repeating may double lines. */
  appendLogLines(
    reports: readonly (LeaseRef & { readonly lines: readonly LogLine[] })[],
    linesMax: number,
  ): Promise<void>;
};

/** What became of one outcome. */
export type RecordedOutcome = LeaseRef & {
  /** RECORDED: durable, now or by an earlier repetition. STALE: the lease had lapsed, nothing was written. */
  readonly status: 'RECORDED' | 'STALE';
  /** State after it, if this call moved the row; else null. */
  readonly state: TaskState | null;
  readonly handlerId: HandlerId | null;
  /** Wait until the retry if DELAYED, else 0. */
  readonly dueInMs: number;
};

/** A RUNNING row as reconciliation sees it. */
export type RunningRow = LeaseRef & {
  readonly sessionId: SessionId;
  readonly handlerId: HandlerId;
  readonly ageMs: number;
  readonly cancelRequested: boolean;
  readonly cancelReason: string;
  /** True once the deadline has passed. */
  readonly deadlinePassed: boolean;
};

/** Progress of one attempt on its way into the store; null: unchanged. */
export type ProgressWrite = LeaseRef & {
  readonly progress: Omit<Progress, 'updatedAt'> | null;
  readonly checkpoint: Payload | null;
};

/** How a session stands. */
export type SessionState = 'ATTACHED' | 'DETACHED' | 'LOST' | 'CLOSED';

/** What an agent says of itself when it connects. */
export type SessionFacts = {
  readonly namespaceId: NamespaceId;
  readonly agentId: string;
  readonly coordinatorId: CoordinatorId;
  readonly handlerIds: readonly HandlerId[];
  readonly slots: number;
  readonly weight: number;
  readonly labels: Labels;
  readonly sdk: string;
  readonly host: string;
  /** Silence after the last sign of life before it may be declared lost. */
  readonly lostAfterMs: number;
};

/** An agent's session as it is stored. */
export type SessionRow = SessionFacts & {
  readonly id: SessionId;
  readonly state: SessionState;
  readonly draining: boolean;
  readonly attachment: number;
  readonly handlerVersions: Readonly<Record<string, string>>;
  readonly running: number;
  readonly createdAt: number;
  readonly attachedAt: number;
  readonly detachedAt: number | null;
};

/** Answer to an attach. */
export type Attached =
  | { readonly kind: 'ENDED' }
  | {
      readonly kind: 'ATTACHED';
      readonly attachment: number;
      /**
       * Leases of the inventory that hold (also READY ones with an unchanged epoch, taken back into their lease).
       * Without input and checkpoint: the agent has them.
       */
      readonly kept: readonly Lease[];
      /** Items of the inventory whose outcome is recorded already: acknowledge them as RECORDED. */
      readonly recorded: readonly LeaseRef[];
      /** Items of the inventory whose lease is void. */
      readonly abandoned: readonly LeaseRef[];
      /** RUNNING rows that the agent did not list: they went back to READY (CANCELLED if that was asked for). */
      readonly returned: readonly EndedLease[];
    };

/** Presence of agents. */
export type Sessions = {
  /** Begins a session, attached for the first time. */
  create(
    id: SessionId,
    tokenHash: Buffer,
    facts: SessionFacts,
    handlerVersions: Readonly<Record<string, string>>,
  ): Promise<{ readonly attachment: number }>;
  /**
   * Attaches a session again, under `FOR UPDATE` of its row: raises `attachment`, settles the inventory, gives back
   * what is not in it. ENDED: unknown, lost, closed, another namespace, or another token.
   */
  attach(
    id: SessionId,
    tokenHash: Buffer,
    facts: SessionFacts,
    handlerVersions: Readonly<Record<string, string>>,
    inventory: readonly LeaseRef[],
  ): Promise<Attached>;
  /** Stores new slots, handlers, labels or draining, if the attachment is still this one. */
  update(
    id: SessionId,
    attachment: number,
    change: Partial<Pick<SessionFacts, 'slots' | 'handlerIds'>> & {
      readonly draining?: boolean;
      readonly handlerVersions?: Readonly<Record<string, string>>;
    },
  ): Promise<void>;
  /** ATTACHED → DETACHED if the attachment is still this one; `silentMs`: how long it had not been heard already. */
  detach(id: SessionId, attachment: number, silentMs: number): Promise<void>;
  /** → CLOSED if the attachment is still this one. Leases that are left go back as INTERRUPTED. */
  close(id: SessionId, attachment: number): Promise<readonly EndedLease[]>;
  /**
   * DETACHED → LOST under `FOR UPDATE`, if `attachment` is unchanged; false if it attached meanwhile or is gone.
   * Its leases are ended by `loseLeases`.
   */
  lose(id: SessionId, attachment: number): Promise<boolean>;
  /** Ends at most `limit` leases of LOST sessions (any of them): READY again, FAILED or CANCELLED by the rules. */
  loseLeases(limit: number): Promise<readonly EndedLease[]>;
  /** Pages of sessions, newest first, in the states given. */
  list(query: {
    readonly namespaceId: NamespaceId;
    readonly states: readonly SessionState[];
    readonly before: SessionId | null;
    readonly limit: number;
  }): Promise<readonly SessionRow[]>;
  /** By session id or agent id, newest first, at most `limit`. */
  find(namespaceId: NamespaceId, id: string, limit: number): Promise<readonly SessionRow[]>;
  /** Attached sessions that serve each handler: handler → agents and versions. */
  serving(namespaceId: NamespaceId, handlerIds: readonly HandlerId[]): Promise<readonly Serving[]>;
  /** Deletes LOST and CLOSED sessions that ended more than `olderThanMs` ago. */
  prune(olderThanMs: number): Promise<number>;
};

/** Who serves a handler. */
export type Serving = {
  readonly handlerId: HandlerId;
  readonly agentId: string;
  readonly version: string;
};

/** A lease that ended without the agent's word. */
export type EndedLease = LeaseRef & { readonly state: TaskState; readonly handlerId: HandlerId };

/** A detached session, as monitoring observes it on its own monotonic clock. */
export type DetachedSession = {
  readonly id: SessionId;
  readonly attachment: number;
  /** How long it may stay detached before it is lost. */
  readonly lostInMs: number;
};

/** Another coordinator, as monitoring observes it. */
export type CoordinatorRow = {
  readonly id: CoordinatorId;
  readonly address: string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly host: string;
  readonly alive: boolean;
  readonly draining: boolean;
  readonly counter: number;
  readonly sessions: number;
  readonly startedAt: number;
  readonly beatAt: number;
};

/** Membership by counters: nobody compares clocks. */
export type Coordinators = {
  register(
    row: Pick<CoordinatorRow, 'id' | 'address' | 'roles' | 'version' | 'host'>,
  ): Promise<void>;
  /** Raises the own counter and answers everything that monitoring observes, in one statement. `alive` false: declared dead. */
  beat(
    id: CoordinatorId,
    sessions: number,
    draining: boolean,
  ): Promise<{
    readonly alive: boolean;
    readonly others: readonly CoordinatorRow[];
    readonly detached: readonly DetachedSession[];
    /** True if LOST sessions still have RUNNING rows. */
    readonly lostLeases: boolean;
  }>;
  /** Declares a coordinator dead if its counter is still this one, and detaches its sessions. */
  declareDead(id: CoordinatorId, counter: number): Promise<boolean>;
  /** Leaves in order: the row goes, its sessions are detached. */
  leave(id: CoordinatorId): Promise<void>;
  list(before: CoordinatorId | null, limit: number): Promise<readonly CoordinatorRow[]>;
  find(id: CoordinatorId): Promise<CoordinatorRow | null>;
  /** Deletes dead rows older than `olderThanMs`. */
  prune(olderThanMs: number): Promise<number>;
};

/** What became of each wish to cancel. */
export type CancelResult = {
  readonly cancelled: readonly TaskId[];
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
  /** DELAYED → READY of at most `limit` due rows; `nextDueInMs` null: none is delayed. */
  promote(limit: number): Promise<{
    readonly promoted: readonly { readonly taskId: TaskId; readonly handlerId: HandlerId }[];
    readonly nextDueInMs: number | null;
  }>;
  /** Ends not running tasks past their deadline or time-to-live; answers running ones whose deadline has passed, once each. */
  expire(limit: number): Promise<{
    readonly ended: readonly { readonly taskId: TaskId; readonly state: FinishedState }[];
    readonly toCancel: readonly (LeaseRef & { readonly sessionId: SessionId })[];
  }>;
};

/** A namespace as it is stored. */
export type NamespaceRow = {
  readonly id: NamespaceId;
  readonly name: string;
  readonly description: string;
  /** null: the coordinator's setting. */
  readonly retentionMs: number | null;
  readonly createdAt: number;
};

/** A handler as it is stored. */
export type HandlerRow = {
  readonly id: HandlerId;
  readonly namespaceId: NamespaceId;
  readonly name: string;
  /** False: tasks were submitted for it, but no agent has registered it yet. */
  readonly registered: boolean;
  readonly options: HandlerOptions;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What an agent registers of a handler. */
export type HandlerFacts = {
  readonly name: string;
  readonly options: HandlerOptions;
  readonly inputSchema: string;
  readonly outputSchema: string;
  readonly description: string;
};

/** The small dictionaries behind the integers of hot rows. */
export type Dictionaries = {
  namespaces(): Promise<readonly NamespaceRow[]>;
  createNamespace(
    name: string,
    description: string,
    retentionMs: number | null,
  ): Promise<NamespaceRow | 'EXISTS'>;
  updateNamespace(
    name: string,
    change: { readonly description?: string; readonly retentionMs?: number | null },
  ): Promise<NamespaceRow | 'MISSING'>;
  /** NOT_EMPTY: it has unfinished tasks or attached or detached sessions. */
  deleteNamespace(name: string): Promise<'DELETED' | 'MISSING' | 'NOT_EMPTY'>;
  /** All handlers, for the in-memory dictionary; small by nature (bounded by names). */
  handlers(): Promise<readonly HandlerRow[]>;
  /** Rows for names, made where missing (unregistered). */
  ensureHandlers(
    namespaceId: NamespaceId,
    names: readonly string[],
  ): Promise<readonly HandlerRow[]>;
  /** Stores registrations; rows for all, in order. Writes only what changed. */
  registerHandlers(
    namespaceId: NamespaceId,
    facts: readonly HandlerFacts[],
  ): Promise<readonly HandlerRow[]>;
  handlerSchemas(
    id: HandlerId,
  ): Promise<{ readonly inputSchema: string; readonly outputSchema: string }>;
};

/** Partitions and the end of what is finished. */
export type Retention = {
  /** Makes the partitions from yesterday to 3 days ahead; CREATE then ATTACH, under a lock timeout. Answers how many it made. */
  ensurePartitions(): Promise<number>;
  /** Drops partitions that hold nothing but finished tasks past retention. Answers their names. */
  dropPartitions(retentionMs: number): Promise<readonly string[]>;
  /** Deletes at most `limit` finished tasks past retention, with what belongs to them. */
  deleteFinished(retentionMs: number, limit: number): Promise<number>;
  /** Deletes at most `limit` expired idempotency keys. */
  deleteExpiredKeys(limit: number): Promise<number>;
};

/** Everything that may be asked of the database. */
export type Store = {
  readonly engine: 'pglite' | 'postgres';
  readonly submissions: Submissions;
  readonly leases: Leases;
  readonly sessions: Sessions;
  readonly coordinators: Coordinators;
  readonly tasks: Tasks;
  readonly timers: Timers;
  readonly dictionaries: Dictionaries;
  readonly retention: Retention;
  /** The database's time in milliseconds: a canary query. */
  now(): Promise<number>;
  close(): Promise<void>;
};
