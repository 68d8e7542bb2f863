// The one error type of the SDK. Everything that fails, in the process or at a coordinator,
// reaches the caller as a `MusterError` whose `reason` says what it is; gRPC statuses are
// turned into it at the edge (wire/status.ts). Programmer errors of Muster itself crash.

import type { ErrorReason } from '@muster/proto';

type WithoutPrefix<Name> = Name extends `ERROR_REASON_${infer Reason}` ? Reason : never;

/** A reason that a coordinator gives: the names of `ErrorReason` in the contract, without the prefix. */
export type CoordinatorReason = Exclude<WithoutPrefix<keyof typeof ErrorReason>, 'UNSPECIFIED'>;

/** A reason that arises in this process. docs/errors.md has a section for each. */
export type ClientReason =
  /** An option is not known; the message names the nearest one. */
  | 'OPTION_UNKNOWN'
  /** An option has a value that it must not have. */
  | 'OPTION_INVALID'
  /** The value cannot be written as JSON without losing data. Metadata: `path`. */
  | 'PAYLOAD_NOT_JSON'
  /** The encoded value is over the limit. Metadata: `bytes`, `bytes_max`. */
  | 'PAYLOAD_TOO_LARGE'
  /** The bytes cannot be read: unknown media type, malformed JSON. Metadata: `media_type`. */
  | 'PAYLOAD_UNREADABLE'
  /** The payload codec threw; `cause` is what it threw. */
  | 'CODEC_FAILED'
  /** The input does not satisfy the handler's schema; `violations` says where. */
  | 'INPUT_INVALID'
  /** What the handler returned does not satisfy its output schema; `violations` says where. */
  | 'OUTPUT_INVALID'
  /** The task ended as FAILED. Always a `TaskFailedError`. */
  | 'TASK_FAILED'
  /** The task ended as CANCELLED, or, as the reason of a handler's signal, is asked to stop. */
  | 'TASK_CANCELLED'
  /** The reason of a handler's signal: the attempt has run for its whole timeout. */
  | 'ATTEMPT_TIMEOUT'
  /** The reason of a handler's signal: the deadline of the whole task has passed. */
  | 'DEADLINE_PASSED'
  /** The reason of a handler's signal: the lease is void, and nothing that it writes will be kept. */
  | 'LEASE_LAPSED'
  /** The reason of a handler's signal: the agent leaves, and the attempt is handed back. */
  | 'AGENT_DRAINING'
  /** The task cannot be retried, because it has not finished. Metadata: `id`. */
  | 'TASK_UNFINISHED'
  /** The result did not come within the timeout that the caller gave; the task goes on. */
  | 'WAIT_TIMEOUT'
  /** The caller's own signal was aborted. */
  | 'ABORTED'
  /** The client is closed. */
  | 'CLIENT_CLOSED'
  /** More submits wait in this process than it may hold. */
  | 'CLIENT_OVERLOADED'
  /** No coordinator could be reached, or the connection broke, until the retries were over. */
  | 'UNREACHABLE'
  /** The call failed without a reason that this SDK knows. Metadata: `code`, and `reason` if there was one. */
  | 'CALL_FAILED'
  /** The test coordinator could not be started; the message says what to install or what it printed. */
  | 'TEST_COORDINATOR_FAILED';

/** Why something failed, for programs. */
export type MusterReason = CoordinatorReason | ClientReason;

/** One thing that is wrong with a request or a value. */
export interface Violation {
  /** Path of the field, for example `tasks[3].handler` or `items[0].price`. */
  readonly field: string;
  /** What is wrong with it, for people. */
  readonly description: string;
}

/** What a `MusterError` may carry besides its reason and message. */
export interface MusterErrorOptions {
  /** Facts for programs, by the names that the reason documents. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What is wrong with which field; a coordinator names the first 20. */
  readonly violations?: readonly Violation[];
  /** Wait before it makes sense to try again, in milliseconds. */
  readonly retryDelayMs?: number | undefined;
  /** The gRPC status code, where there was one. */
  readonly code?: number | undefined;
  /** What led to it. */
  readonly cause?: unknown;
}

/** The error type of Muster: `reason` for programs, `message` for people. */
export class MusterError extends Error {
  /** Why, for programs. */
  readonly reason: MusterReason;
  /** Facts for programs, by the names that the reason documents. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What is wrong with which field. Empty where the reason is not about fields. */
  readonly violations: readonly Violation[];
  /** Wait before it makes sense to try again, in milliseconds. Undefined: nobody said. */
  readonly retryDelayMs: number | undefined;
  /** The gRPC status code. Undefined: the error did not come from a call. */
  readonly code: number | undefined;

  constructor(reason: MusterReason, message: string, options: MusterErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'MusterError';
    this.reason = reason;
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryDelayMs = options.retryDelayMs;
    this.code = options.code;
  }
}

/** What a failure of a task is about: the kinds of `FailureKind` in the contract, without the prefix. */
export type TaskFailureKind = 'ERROR' | 'TIMEOUT' | 'LOST' | 'DEADLINE' | 'EXPIRED' | 'REFUSED';

/** Why a task, or an attempt, failed. */
export interface TaskFailure {
  /** What it is about. ERROR: the handler threw. The others: see `FailureKind`. */
  readonly kind: TaskFailureKind;
  /** Name of the error, for example `TypeError`. */
  readonly name: string;
  /** For people, at most 8 KiB. */
  readonly message: string;
  /** Stack trace of the handler. Empty: there is none. */
  readonly stack: string;
  /** What the handler attached. Undefined: nothing, or the view does not include it. */
  readonly details: unknown;
  /** True if the handler said that trying again is pointless. */
  readonly nonRetryable: boolean;
}

/** Thrown by `result()` when the task ended as FAILED (`reason` is `TASK_FAILED`). */
export class TaskFailedError extends MusterError {
  /** UUID of the task. */
  readonly taskId: string;
  /** Name of its handler. */
  readonly handler: string;
  /** Attempts that were made. */
  readonly attempts: number;
  /** Why the last one failed. */
  readonly failure: TaskFailure;

  constructor(task: { id: string; handler: string; attempt: number }, failure: TaskFailure) {
    const tries = task.attempt === 1 ? '1 attempt' : `${task.attempt} attempts`;
    const what = failure.message === '' ? failure.name : `${failure.name}: ${failure.message}`;
    super('TASK_FAILED', `Task ${task.id} (${task.handler}) failed after ${tries}: ${what}`, {
      metadata: { id: task.id, handler: task.handler },
    });
    this.name = 'TaskFailedError';
    this.taskId = task.id;
    this.handler = task.handler;
    this.attempts = task.attempt;
    this.failure = failure;
  }
}

/**
 * For handlers to throw: the attempt fails and is not tried again, whatever the retry policy.
 * (Any thrown error with `nonRetryable: true` does the same, and any `details` that it has are kept.)
 */
export class NonRetryableError extends Error {
  /** Always true; what the agent looks at. */
  readonly nonRetryable = true;
  /** For programs, as JSON, at most 64 KiB; `TaskFailure.details` for whoever awaits the result. */
  readonly details: unknown;

  constructor(message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'NonRetryableError';
    this.details = options.details;
  }
}
