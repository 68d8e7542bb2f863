// What a client can do, as types: submit tasks, read, await, watch, cancel and retry them.
// The doing is in client/; `createClient` is its door.

import type { Duration } from './duration.ts';
import type { MusterError } from './errors.ts';
import type { RetryOptions } from './handler.ts';
import type {
  AnyHandlerReference,
  HandlerReference,
  InputOf,
  OutputOf,
} from './handler-reference.ts';
import type { Limits } from './limits/limits.ts';
import type { PayloadCodec } from './payload/payload.ts';
import type { Schedules } from './schedules/schedules.ts';
import type { Task, TaskState, TaskView } from './task.ts';
import type { ConnectionOptions } from './wire/connection.ts';
import type { Services } from './wire/services.ts';

/** What `createClient` takes; every part has a default. */
export interface ClientOptions extends ConnectionOptions {
  /** Encrypts or compresses payloads; agents need the same. Default: none. */
  readonly codec?: PayloadCodec;
  /** Bytes that one payload may have after the codec: the coordinator's setting. Default 1 MiB. */
  readonly payloadBytesMax?: number;
  /** How long a call is tried again while no coordinator answers or has room. '0s': not at all. Default '30s'. */
  readonly retryTimeout?: Duration;
}

/** What one task is submitted with, besides its input. What is left out comes from the handler's own options. */
export interface SubmitOptions {
  /** UUIDv7 of the moment, to submit the same task again without harm. Default: the SDK makes one. */
  readonly id?: string;
  /** Free-form identity, at most 256 bytes: while the key is held, a submit returns the task that holds it. */
  readonly idempotencyKey?: string;
  /** How long the key is held: 1 s to 30 days. Default '24h'. */
  readonly idempotencyTtl?: Duration;
  /** Wait before the task is due, at most 365 days. Not together with `dueTime`. */
  readonly delay?: Duration;
  /** The task is not started earlier; at most 365 days ahead. */
  readonly dueTime?: Date;
  /** Larger is sooner among tasks of the same handler: -100 to 100. Default 0. */
  readonly priority?: number;
  /**
   * Whom or what the task is for, as a tenant or an account, at most 256 bytes: tasks of one handler and key are one line, which
   * the handler's limits may bound and which takes turns with others.
   */
  readonly key?: string;
  /** Turns that the key gets among others: 0.001 to 1,000. Only with `key`. Default 1. */
  readonly keyWeight?: number;
  /** Overrides the handler's retry policy, field by field. */
  readonly retry?: RetryOptions;
  /** Longest run of one attempt: 1 ms to 30 days. */
  readonly timeout?: Duration;
  /** Deadline of the whole task, retries included, from the submit: 1 ms to 365 days. Default: none. */
  readonly totalTimeout?: Duration;
  /** Time-to-live before the first start, from the due time: 1 ms to 365 days. Default: none. */
  readonly startTtl?: Duration;
  /** True: never run twice; a lost or failed attempt is final. */
  readonly atMostOnce?: boolean;
  /** Labels to filter by, at most 16. Keys: 1 to 63 of `a-z 0-9 . _ - /`, beginning with a letter; values: at most 128 bytes. */
  readonly labels?: Readonly<Record<string, string>>;
  /** True: refuse with HANDLER_NOT_FOUND if no agent has ever registered the handler. Default: the task waits for one. */
  readonly requireHandler?: boolean;
}

/** Input and options of a submit; the input may be left out where it may be undefined. */
export type SubmitArguments<Input, Options = SubmitOptions> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options];

/** Options of a wait. Giving up waiting does nothing to the task. */
export interface WaitOptions {
  /** Longest wait. Default: none. WAIT_TIMEOUT when it is over. */
  readonly timeout?: Duration;
  /** Ends the wait with ABORTED. */
  readonly signal?: AbortSignal;
}

/** A handler that no agent serves at the moment of the submit; its tasks wait for one. */
export interface Unserved {
  /** The nearest name that some agent has registered. Undefined: none is near. */
  readonly nearestHandler: string | undefined;
  /** True if some agent has registered the name before. */
  readonly known: boolean;
}

/** What a cancel did: ended the task, asked a running one to stop, or came too late. */
export type CancelOutcome = 'CANCELLED' | 'REQUESTED' | 'FINISHED';

/** A submitted task. */
export interface TaskHandle<Output> {
  /** UUIDv7 of the task. */
  readonly id: string;
  /** True if the task had been stored before, by this id or by its idempotency key. */
  readonly duplicate: boolean;
  /** Set if no agent serves the handler at the moment of the submit: perhaps its name is wrong. */
  readonly unserved: Unserved | undefined;
  /**
   * The output, once the task has succeeded. Throws a `TaskFailedError` if it failed, else a `MusterError`:
   * TASK_CANCELLED, WAIT_TIMEOUT, TASK_NOT_FOUND. May be called often, and waits across broken connections.
   */
  result(options?: WaitOptions): Promise<Output>;
  /** The task as it stands. TASK_NOT_FOUND once its retention is over. */
  get(view?: TaskView): Promise<Task>;
  /** The task as it stands, then after every change that is noticed, until it is finished. */
  watch(options?: { signal?: AbortSignal }): AsyncIterable<Task>;
  /** Asks for its end. `reason` is for people, at most 1 KiB. */
  cancel(reason?: string): Promise<CancelOutcome>;
  /** Submits the finished task again, as a new one; repeating it returns the same new one. */
  retry(): Promise<TaskHandle<Output>>;
}

/** How one task of a group ended. */
export type TaskResult<Output> =
  | {
      readonly index: number;
      readonly id: string;
      readonly state: 'SUCCEEDED';
      readonly output: Output;
    }
  | {
      readonly index: number;
      readonly id: string;
      readonly state: 'FAILED' | 'CANCELLED' | 'MISSING';
      readonly error: MusterError;
    };

/** How far a group is. */
export interface GroupProgress {
  /** Tasks in all. */
  readonly total: number;
  /** Tasks that have finished, in any way. */
  readonly finished: number;
  /** Tasks whose output is there. */
  readonly succeeded: number;
  /** Tasks that failed, or are not stored any more. */
  readonly failed: number;
  /** Tasks that were cancelled. */
  readonly cancelled: number;
}

/** Tasks that were submitted together, in the order of their inputs. */
export interface TaskGroup<Output> {
  /** Ids in order. */
  readonly ids: readonly string[];
  /** Handles in order. */
  readonly handles: readonly TaskHandle<Output>[];
  /** How each task ended, as they end. Throws only for the wait itself: WAIT_TIMEOUT, ABORTED. */
  settled(options?: WaitOptions): AsyncIterable<TaskResult<Output>>;
  /**
   * The outputs in order, once all have succeeded; the first task to fail throws, and the others go on. Iterated
   * (`for await`), it gives each output as it comes.
   */
  results(options?: WaitOptions): GroupResults<Output>;
  /** How far the group is: at once, and whenever a task has ended, until all have. At most ten times a second. */
  progress(options?: WaitOptions): AsyncIterable<GroupProgress>;
  /** Asks for the end of all tasks. `reason` is for people. */
  cancel(reason?: string): Promise<void>;
}

/** Outputs of a group: `await` for all in order, `for await` for each as it comes. */
export interface GroupResults<Output> extends AsyncIterable<Output>, PromiseLike<Output[]> {}

/** What keeps a task from running. */
export type ObstacleKind =
  | 'NOT_DUE'
  | 'HANDLER_PAUSED'
  | 'NAMESPACE_PAUSED'
  | 'SETTLING'
  | 'CONCURRENCY'
  | 'RATE'
  | 'UNSERVED'
  | 'NO_FREE_SLOT'
  | 'IN_LINE';

/** One thing that keeps a task from running. What does not apply to its kind is undefined or empty. */
export interface Obstacle {
  /** What it is. */
  readonly kind: ObstacleKind;
  /** CONCURRENCY, RATE: the name of a shared limit, or `handler`, or `key`. */
  readonly limit: string | undefined;
  /** NOT_DUE, RATE: until when, as far as time alone decides. */
  readonly until: Date | undefined;
  /** CONCURRENCY, NO_FREE_SLOT: tasks that run in its stead, at most 10. */
  readonly holders: readonly string[];
  /** CONCURRENCY: how many may run at once. NO_FREE_SLOT: slots of the agents that serve the handler. */
  readonly slots: number | undefined;
  /** NO_FREE_SLOT: agents that serve the handler. */
  readonly agents: number | undefined;
  /** HANDLER_PAUSED, NAMESPACE_PAUSED: what whoever paused it said. */
  readonly note: string | undefined;
  /** UNSERVED: the nearest name that some agent has registered. */
  readonly nearestHandler: string | undefined;
}

/** Why a task is not running. */
export interface Explanation {
  /** Where it stands. */
  readonly state: TaskState;
  /** For people: about the first obstacle, or that there is none. */
  readonly sentence: string;
  /** All of them, what decides first at the beginning. None: it runs, has ended, or is handed over with the next claim. */
  readonly obstacles: readonly Obstacle[];
  /** Others of its lane, or of its handler, that go first, counted up to 1,000. */
  readonly ahead: number;
  /** When the oldest of those was due. */
  readonly oldestDueTime: Date | undefined;
}

/** Which tasks. All given conditions must hold. */
export interface TaskFilter {
  /** Name of the handler. */
  readonly handler?: string;
  /** In one of these states. */
  readonly states?: readonly TaskState[];
  /** With each of these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Submitted at or after this time. */
  readonly since?: Date;
  /** Submitted before this time. */
  readonly until?: Date;
}

/** What `list` takes. */
export interface ListOptions extends TaskFilter {
  /** `payloads` decodes input and output. Default `basic`. */
  readonly view?: 'basic' | 'payloads';
  /** Tasks fetched at a time: 1 to 1,000. Default 50. */
  readonly pageSize?: number;
  /** Tasks in all. Default: every one that matches. */
  readonly limit?: number;
}

/** What a cancel by ids or by filter did. */
export interface CancelSummary {
  /** Ended now, before they ran. */
  readonly cancelled: readonly string[];
  /** Run, and are asked to stop. */
  readonly requested: readonly string[];
  /** Were finished already. */
  readonly finished: readonly string[];
  /** Not stored, or not any more. */
  readonly missing: readonly string[];
}

/** What a retry by ids or by filter did. */
export interface RetrySummary {
  /** The new tasks, each with the finished task that it retries. */
  readonly retried: readonly {
    readonly id: string;
    readonly retryId: string;
    readonly duplicate: boolean;
  }[];
  /** Not finished, so that there is nothing to retry. */
  readonly unfinished: readonly string[];
  /** Not stored, or not any more. */
  readonly missing: readonly string[];
}

/** Tasks, by ids or by filter; a filter must have at least one condition. */
export type TaskSelection = { readonly ids: readonly string[] } | { readonly filter: TaskFilter };

/** Submits tasks and follows them. All methods may be called at the same time; errors are `MusterError`s. */
export interface Client {
  /** Namespace that it works in. */
  readonly namespace: string;
  /**
   * Submits one task and returns when it is durable. Submits that are made at the same time travel in one call.
   *
   *     const task = await client.submit(sendEmail, { to: 'a@b.c' }, { delay: '5m' });
   *     await task.result();
   */
  submit<Input, Output>(
    handler: HandlerReference<Input, Output>,
    ...[input, options]: SubmitArguments<Input>
  ): Promise<TaskHandle<Output>>;
  /**
   * The same by name, so that the handler's code need not be loaded:
   * `import type { sendEmail } from ...; client.submit<typeof sendEmail>('email.send', { to: 'a@b.c' })`.
   */
  submit<Handler extends AnyHandlerReference = HandlerReference<unknown, unknown>>(
    name: Handler['name'],
    ...[input, options]: SubmitArguments<InputOf<Handler>>
  ): Promise<TaskHandle<OutputOf<Handler>>>;
  /**
   * Submits one task per input. All inputs are checked before the first is sent. Up to 10,000 tasks and 3.5 MiB are
   * stored together or not at all; more are sent in several calls. `options` are for all, or a function of each input.
   */
  submitMany<Input, Output>(
    handler: HandlerReference<Input, Output>,
    inputs: Iterable<Input>,
    options?: ManyOptions<Input>,
  ): Promise<TaskGroup<Output>>;
  /** The same by name. */
  submitMany<Handler extends AnyHandlerReference = HandlerReference<unknown, unknown>>(
    name: Handler['name'],
    inputs: Iterable<InputOf<Handler>>,
    options?: ManyOptions<InputOf<Handler>>,
  ): Promise<TaskGroup<OutputOf<Handler>>>;
  /** A handle on a task that was submitted earlier or elsewhere; asks nobody. */
  handle<Output = unknown>(id: string): TaskHandle<Output>;
  /** A group of tasks that were submitted earlier or elsewhere; asks nobody. */
  group<Output = unknown>(ids: readonly string[]): TaskGroup<Output>;
  /** One task. TASK_NOT_FOUND if there is none, or none any more. */
  get(id: string, view?: TaskView): Promise<Task>;
  /** Why a task is not running, in one sentence and in all that keeps it. TASK_NOT_FOUND if there is none. */
  explain(id: string): Promise<Explanation>;
  /** Tasks, newest first; stable while new ones arrive. Pages are fetched as they are needed. */
  list(options?: ListOptions): AsyncIterable<Task>;
  /** Each task as it stands, then after every change that is noticed, until all are finished. Survives broken connections. */
  watch(
    ids: readonly string[],
    options?: { view?: 'basic' | 'payloads'; signal?: AbortSignal },
  ): AsyncIterable<Task>;
  /** Asks for the end of tasks, however many match. `reason` is for people, at most 1 KiB. */
  cancel(selection: TaskSelection, reason?: string): Promise<CancelSummary>;
  /** Submits finished tasks again, as new ones, however many match. By filter: FAILED and CANCELLED ones not yet retried. */
  retry(selection: TaskSelection): Promise<RetrySummary>;
  /** Schedules of the namespace: `client.schedules.apply([nightly])`. */
  readonly schedules: Schedules;
  /** Limits and pauses of the namespace: `client.limits.setHandler('email.send', { concurrency: 10 })`. */
  readonly limits: Limits;
  /** The methods of the contract as they are, with this client's connection, token, retries and errors. */
  readonly services: Services;
  /** Waits for submits that are under way, ends waits with CLIENT_CLOSED, and closes the connections. */
  close(): Promise<void>;
}

/** Options of `submitMany`: for all tasks, or made from each input. `requireHandler` holds for all. */
export type ManyOptions<Input> =
  | Omit<SubmitOptions, 'id' | 'idempotencyKey'>
  | ((input: Input, index: number) => SubmitOptions);
