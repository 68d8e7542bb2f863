// What a handler is given besides its input: who it is, how long it has, and its ways to tell
// the outside how far it is. Agents make it; `@muster/sdk/testing` makes one without an agent.

import type { Client } from './client.ts';

/** Log lines of an attempt. They are stored with the task: at most 200 per attempt, 4 KiB each; longer ones are cut. */
export interface HandlerLog {
  /** For the author of the handler. */
  debug(message: string): void;
  /** Worth knowing. */
  info(message: string): void;
  /** Worth a look. */
  warn(message: string): void;
  /** Something failed. */
  error(message: string): void;
}

/** What a handler is given besides its input. Its functions may be taken out of it and called by themselves. */
export interface HandlerContext {
  /** UUID of the task. */
  readonly taskId: string;
  /** Name of the handler. */
  readonly handler: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Attempts in all by the retry policy. */
  readonly maxAttempts: number;
  /**
   * Fencing token: rises with every hand-over of the task. Write it beside your own data, and refuse a write whose
   * token is lower than the stored one: then an agent that was cut off can do no harm.
   */
  readonly leaseEpoch: number;
  /** When this attempt is stopped: its own timeout or the task's deadline, by this machine's clock. Undefined: never. */
  readonly deadline: Date | undefined;
  /**
   * Aborted when the attempt is to stop; `signal.reason` is then a `MusterError` with the reason TASK_CANCELLED,
   * ATTEMPT_TIMEOUT, DEADLINE_PASSED, LEASE_LAPSED or AGENT_DRAINING. Pass it on to `fetch` and the like.
   */
  readonly signal: AbortSignal;
  /** Log lines, stored with the task. */
  readonly log: HandlerLog;
  /** Tells how far the attempt is: units done, units in all (0 or left out: unknown), and a word for people. */
  progress(completed: number, total?: number, message?: string): void;
  /**
   * Saves a value for the next attempt, by the JSON rules; it replaces the one before. It is sent within a moment and
   * not waited for. Throws PAYLOAD_NOT_JSON or PAYLOAD_TOO_LARGE.
   */
  checkpoint(value: unknown): void;
  /** What was saved last, by this attempt or an earlier one. Undefined: nothing. */
  lastCheckpoint<Value = unknown>(): Value | undefined;
  /** Labels of the task. */
  readonly labels: Readonly<Record<string, string>>;
  /** W3C `traceparent` of the submitter. Undefined: none. */
  readonly traceparent: string | undefined;
  /** The moment at which a schedule asked for the task. Undefined: none did. */
  readonly nominalTime: Date | undefined;
  /**
   * Identity of what the task is to do, the same in all its attempts: write it beside your own data to see what is done
   * already. Of a task that a schedule asked for, made of schedule and nominal time. Undefined: none was given.
   */
  readonly idempotencyKey: string | undefined;
  /** UUID of the task that asked for this one. Undefined: none. */
  readonly parentId: string | undefined;
  /** UUID of the first task of the family. Undefined: this task has no parent. */
  readonly rootId: string | undefined;
  /**
   * Submits more tasks, which name this one as their parent and belong to its trace. An attempt that is tried again
   * submits again: give an `idempotencyKey` where that would be wrong.
   */
  readonly client: Client;
}
