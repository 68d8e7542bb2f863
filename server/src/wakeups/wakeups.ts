/**
 * Lossy hints between roles and replicas: "look now".
 *
 * Losing every one of them changes latency, never an outcome: whoever listens also looks by itself now and then.
 * Publish only after the commit of what the hint is about.
 */
import type { HandlerId, LeaseRef, SessionId, TaskId } from '../rules/task.ts';

/** A task that has moved, with what a waiter needs to know before it reads the row. */
export type TaskMoved = { readonly taskId: TaskId; readonly finished: boolean };

/** A lease whose attempt should stop. */
export type CancelOrder = LeaseRef & {
  readonly sessionId: SessionId;
  readonly cause: 'REQUESTED' | 'DEADLINE';
  readonly reason: string;
};

/** All hints by name. */
export type Hints = {
  /** READY rows of these handlers appeared. `newest`: they stand behind whatever was READY before. */
  ready: { readonly handlerIds: readonly HandlerId[]; readonly newest?: boolean };
  /** A DELAYED row was stored that is due in so many milliseconds. */
  delayed: { readonly dueInMs: number };
  /** A turn of a schedule is due in so many milliseconds. `watched`: tasks of it that were made just now, whose ends will matter. */
  scheduled: { readonly lookInMs: number; readonly watched?: readonly TaskId[] };
  /** Tasks changed their state. */
  moved: { readonly tasks: readonly TaskMoved[] };
  /** Attempts should stop. */
  cancel: { readonly orders: readonly CancelOrder[] };
  /** Sessions should drain; null: by the agent's own grace. */
  drain: { readonly sessionIds: readonly SessionId[]; readonly graceMs: number | null };
  /** Sessions detached, or their coordinator died: monitoring should look. */
  detached: { readonly sessionIds: readonly SessionId[] };
  /** A handler or namespace was registered or changed: dictionaries should be read again. */
  dictionaries: Record<string, never>;
};

/** Name of a hint. */
export type HintName = keyof Hints;

/** Where hints are published and heard. */
export type Wakeups = {
  /** Never throws and never waits. */
  publish<Name extends HintName>(name: Name, hint: Hints[Name]): void;
  /** The listener is called soon after a publish, and must not throw. Returns how to stop listening. */
  subscribe<Name extends HintName>(name: Name, listener: (hint: Hints[Name]) => void): () => void;
  /** False: what other replicas publish is not heard at present, so that looking is all that is left. */
  hearsOthers(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
};
