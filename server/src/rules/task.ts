/**
 * The nouns of the server: what a task is between the wire and the rows.
 *
 * Wire messages end in `wire/`, rows end in `store/`; everything between them speaks these values.
 * Times are milliseconds since 1970 by the database's clock, durations are milliseconds, ids are lower-case UUID text.
 */

declare const brand: unique symbol;

/** A text that only one kind of thing is named by. */
type Branded<Text, Name extends string> = Text & { readonly [brand]: Name };

/** Lower-case text of a UUIDv7 that names a task. */
export type TaskId = Branded<string, 'TaskId'>;

/** Lower-case text of a UUIDv7 that names an agent's session. */
export type SessionId = Branded<string, 'SessionId'>;

/** Lower-case text of a UUIDv7 that names one run of a coordinator process. */
export type CoordinatorId = Branded<string, 'CoordinatorId'>;

/** Lower-case text of a UUID that names a lane. */
export type LaneId = Branded<string, 'LaneId'>;

/** Row number of a handler in its dictionary. */
export type HandlerId = Branded<number, 'HandlerId'>;

/** Row number of a namespace in its dictionary. */
export type NamespaceId = Branded<number, 'NamespaceId'>;

/** All states of a task, at the index that is stored as `smallint` and sent as the enum's number, less one. */
export const taskStates = [
  'DELAYED',
  'WAITING',
  'READY',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const;

/** Where a task stands. */
export type TaskState = (typeof taskStates)[number];

/** States without exits. */
export type FinishedState = 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** Bytes with a name for their format; Muster never looks inside. */
export type Payload = { readonly mediaType: string; readonly data: Buffer };

/** What a failure is about. */
export type FailureKind = 'ERROR' | 'TIMEOUT' | 'LOST' | 'DEADLINE' | 'EXPIRED' | 'REFUSED';

/** Why an attempt, or a task, failed. */
export type Failure = {
  readonly kind: FailureKind;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly details: Payload | null;
  readonly nonRetryable: boolean;
};

/** When and how often a failed attempt is tried again, fully resolved. */
export type RetryPolicy = {
  /** Attempts in all, 1 to 1,000. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly multiplier: number;
  readonly maxDelayMs: number;
  /** Share of each wait that chance may take away, 0 to 1. */
  readonly jitter: number;
  readonly nonRetryableErrors: readonly string[];
};

/** What a submitter asked for beside the handler's own options; null where it said nothing. Stored with the task. */
export type TaskOptions = {
  readonly retry: Partial<RetryPolicy> | null;
  readonly attemptTimeoutMs: number | null;
  readonly atMostOnce: boolean | null;
};

/** A handler's own defaults, as its newest registration gave them. */
export type HandlerOptions = {
  readonly retry: Partial<RetryPolicy> | null;
  readonly attemptTimeoutMs: number | null;
  readonly atMostOnce: boolean;
  readonly lostAttemptsMax: number;
  readonly cancelGraceMs: number;
};

/** Small text pairs to filter by. */
export type Labels = Readonly<Record<string, string>>;

/** Where a task came from: trace, family, schedule, retry. */
export type Origin = {
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly parentId: TaskId | null;
  readonly rootId: TaskId | null;
  readonly retryOf: TaskId | null;
  readonly nominalAt: number | null;
};

/** Whom a task is for: tasks of one handler and key are one lane. */
export type TaskKey = {
  readonly name: string;
  /** Share of the turns that its key gets among others, 0.001 to 1,000. */
  readonly weight: number;
};

/** The slot under which a task may be stored RUNNING at once. */
export type SlotOffer = {
  readonly sessionId: SessionId;
  readonly attachment: number;
};

/** A task on its way into the store. Database time decides what is due. */
export type NewTask = {
  readonly id: TaskId;
  readonly namespaceId: NamespaceId;
  readonly handlerId: HandlerId;
  readonly priority: number;
  /** Which of its handler's lanes it belongs to; null: none in particular. */
  readonly key: TaskKey | null;
  readonly labels: Labels | null;
  readonly input: Payload | null;
  readonly options: TaskOptions | null;
  /** 16 bytes over everything that the submitter said; tells a repeated submit from a reused id. */
  readonly contentHash: Buffer;
  readonly idempotency: { readonly key: string; readonly ttlMs: number } | null;
  /** Not before this time; null: `startDelayMs` from now. */
  readonly dueAt: number | null;
  readonly startDelayMs: number;
  /** From the submit; null: no deadline. */
  readonly totalTimeoutMs: number | null;
  /** From the due time; null: no time-to-live. */
  readonly startTtlMs: number | null;
  readonly origin: Origin;
  /** Store it RUNNING under this slot if it is due and nothing holds it; null: not eagerly. Set as its flush is written. */
  offer: SlotOffer | null;
};

/** One lease: a task and the epoch of its hand-over. */
export type LeaseRef = { readonly taskId: TaskId; readonly leaseEpoch: number };

/** A lease with all that its agent and the rules about its end need. */
export type Lease = LeaseRef & {
  readonly sessionId: SessionId;
  readonly namespaceId: NamespaceId;
  readonly handlerId: HandlerId;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** The lane that it came from; null: none. */
  readonly laneId: LaneId | null;
  /** Attempts that ended as failures before this one; only these count against the retry policy. */
  readonly failures: number;
  readonly options: TaskOptions | null;
  readonly input: Payload | null;
  readonly checkpoint: Payload | null;
  readonly labels: Labels | null;
  readonly deadlineAt: number | null;
  /** Milliseconds until the deadline when the row was read; null: none. */
  readonly deadlineInMs: number | null;
  readonly cancelRequested: boolean;
  readonly idempotencyKey: string | null;
  readonly origin: Origin;
};

/** How an attempt ended, as an agent reports it and the rules judged it. */
export type OutcomeWrite = LeaseRef & {
  readonly result: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED';
  /** Only with SUCCEEDED. */
  readonly output: Payload | null;
  /** Only with FAILED. */
  readonly failure: Failure | null;
  /** Wait before the retry that the policy allows; null: it allows none. Only with FAILED. */
  readonly retryDelayMs: number | null;
};

/** Progress of a running attempt. */
export type Progress = {
  readonly completed: number;
  readonly total: number;
  readonly message: string;
  readonly updatedAt: number;
};

/** How grave a log line is. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** One line that a handler logged; `at` is by the agent's clock, for people only. */
export type LogLine = { readonly at: number; readonly level: LogLevel; readonly message: string };

/** How an attempt ended. */
export type AttemptOutcome =
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'LOST'
  | 'INTERRUPTED';

/** One try of a task on one agent. */
export type Attempt = {
  readonly number: number;
  readonly leaseEpoch: number;
  readonly agentId: string;
  readonly sessionId: SessionId;
  readonly outcome: AttemptOutcome;
  readonly leasedAt: number | null;
  readonly endedAt: number | null;
  readonly failure: Failure | null;
  readonly logLines: readonly LogLine[];
};

/** A task as it is stored, for readers. Payloads are null unless asked for. */
export type Task = {
  readonly id: TaskId;
  readonly namespaceId: NamespaceId;
  readonly handlerId: HandlerId;
  readonly handler: string;
  readonly state: TaskState;
  readonly priority: number;
  /** '': none. */
  readonly key: string;
  readonly labels: Labels;
  readonly input: Payload | null;
  readonly output: Payload | null;
  readonly failure: Failure | null;
  readonly attempt: number;
  readonly lostAttempts: number;
  readonly leaseEpoch: number;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly leasedAt: number | null;
  readonly endedAt: number | null;
  readonly deadlineAt: number | null;
  readonly expiresAt: number | null;
  readonly cancelRequestedAt: number | null;
  readonly cancelReason: string;
  readonly sessionId: SessionId | null;
  readonly agentId: string;
  readonly progress: Progress | null;
  readonly options: TaskOptions | null;
  readonly idempotencyKey: string;
  readonly origin: Origin;
  /** Only in the full view. */
  readonly attempts: readonly Attempt[];
};

/** How much of a task a reader wants. */
export type TaskView = 'BASIC' | 'PAYLOADS' | 'FULL';

/** Which tasks; all given conditions must hold. */
export type TaskFilter = {
  readonly handlerId: HandlerId | null;
  readonly states: readonly TaskState[];
  readonly labels: Labels;
  readonly minCreatedAt: number | null;
  readonly maxCreatedAt: number | null;
};
