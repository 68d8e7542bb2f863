/**
 * Leases: claims, outcomes, what goes back, what attempts say of themselves.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type {
  HandlerId,
  Lease,
  LeaseRef,
  LogLine,
  OutcomeWrite,
  Payload,
  Progress,
  SessionId,
  Task,
  TaskState,
} from '../../rules/task.ts';

/** Which READY rows to claim, and for whom. */
export type ClaimRequest = {
  /** Handlers that every one of the slots can run. */
  readonly handlers: readonly ClaimedHandler[];
  /** One entry per free slot: the n-th row in order (priority, due time, id) goes to the n-th slot. */
  readonly slots: readonly { readonly sessionId: SessionId; readonly attachment: number }[];
  /** A claim stops once its inputs hold so many bytes; then fewer rows than slots say nothing about what is left. */
  readonly bytesMax: number;
};

/** One handler of a claim. */
export type ClaimedHandler = {
  readonly handlerId: HandlerId;
  /** The most rows to take of it. */
  readonly limit: number;
  /**
   * Where to begin: after the row of this lease in the order (priority, due time, id), so that the dead entries before it
   * are not walked again while an old snapshot keeps them. The last lease of this handler that a claim has answered.
   * Rows before it are not seen. Not used once its task has been READY or DELAYED again. Default: from the start.
   */
  readonly after?: LeaseRef | null;
};

/** What is to be claimed of handlers that are not paused. */
export type Peeked = {
  /** Those with READY rows. */
  readonly ready: ReadonlySet<HandlerId>;
  /** Limited ones with lanes whose turn it may be. */
  readonly inLanes: ReadonlySet<HandlerId>;
};

/** READY → RUNNING, and the ways back. */
export type Leases = {
  /**
   * Claims in one statement with SKIP LOCKED; answers in order. Fewer rows than slots: nothing else was READY and
   * unlocked, after where the claim began.
   */
  claim(request: ClaimRequest): Promise<readonly Lease[]>;
  /** Which of these handlers have something to claim; reads only. */
  peek(handlerIds: readonly HandlerId[]): Promise<Peeked>;
  /**
   * Records ends, each guarded by RUNNING and its epoch. Repeatable. One result per write, in order. With `tasks`, if all
   * are successes, answers also the tasks as they stand then, but for some.
   */
  record(
    writes: readonly OutcomeWrite[],
    wanted?: { readonly tasks: boolean },
  ): Promise<readonly RecordedOutcome[]>;
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
  /** Told of every row that this call moved, but for those that succeeded. */
  readonly handlerId: HandlerId | null;
  /** Wait until the retry if DELAYED, else 0. */
  readonly dueInMs: number;
  /** The task after it, whole. Null: it was not asked for, or is large, or this call did not move it. */
  readonly task: Task | null;
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

/** A lease that ended without the agent's word. */
export type EndedLease = LeaseRef & { readonly state: TaskState; readonly handlerId: HandlerId };
