// The nouns of the agent's work: a lease (the right to run one attempt) and how it ended.
// Wire types end in link/wire.ts; from there on these are used.

import type { Failure } from '@muster/proto';
import type { Payload } from '@muster/sdk';

/** Bytes with a media type. */
export type PayloadBytes = Payload;

/** Which lease: a task and the epoch of its hand-over. */
export interface LeaseRef {
  readonly taskId: string;
  readonly leaseEpoch: number;
}

/** One attempt as the coordinator assigned it; durations in milliseconds, times of our own clock. */
export interface Assigned {
  readonly ref: LeaseRef;
  readonly handler: string;
  /** From 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Null: the task has no input. */
  readonly input: PayloadBytes | null;
  /** Longest run from the handler's start. Undefined: none. */
  readonly attemptTimeoutMs: number | undefined;
  /** The task's deadline on our own monotonic clock. Undefined: none. */
  readonly deadlineAt: number | undefined;
  /** The task's deadline on the calendar, as the coordinator said it; for handlers to show. */
  readonly deadlineTime: Date | undefined;
  /** How long the handler may take to end after its signal. */
  readonly cancelGraceMs: number;
  /** What an earlier attempt left. Null: nothing. */
  readonly checkpoint: PayloadBytes | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly traceparent: string;
  /** Empty: none. */
  readonly tracestate: string;
  readonly nominalTime: Date | undefined;
  /** Empty: none. */
  readonly idempotencyKey: string;
  /** Empty: none. */
  readonly parentId: string;
  /** Empty: none. */
  readonly rootId: string;
}

/** How an attempt ended, as it goes to the coordinator. */
export type Result =
  /** Without a value where the handler returned none. */
  | { readonly output: PayloadBytes | undefined }
  | { readonly failure: Failure }
  | { readonly cancelled: { readonly outlivedGrace: boolean } }
  | { readonly interrupted: { readonly reason: string } };

/** A result with its lease and how long the handler ran. */
export interface Ended {
  readonly ref: LeaseRef;
  readonly result: Result;
  readonly runMs: number;
}

/** A lease as a key of maps. */
export function keyOf(ref: LeaseRef): string {
  return `${ref.taskId}/${ref.leaseEpoch}`;
}
