// How much work runs at once and how fast it is handed over, as types. The doing is in create-limits.ts.

import type { Duration } from '../duration.ts';

/** A rate of hand-overs, as a bucket of tokens that fills evenly. */
export interface RateLimit {
  /** Hand-overs in each `per`: 1 to 1,000,000. */
  readonly count: number;
  /** 1 s to 1 day. Default '1s'. */
  readonly per?: Duration;
  /** Hand-overs that may follow each other at once after a quiet time: 1 to 1,000,000. Default: `count`. */
  readonly burst?: number;
}

/** All limits of a handler. What is left out is no limit. While any is given, its tasks wait in lanes, one for each key. */
export interface HandlerLimits {
  /** Attempts that run at once, over the whole cluster: 1 to 1,000,000. */
  readonly concurrency?: number;
  /** Hand-overs. */
  readonly rate?: RateLimit;
  /** Attempts of one key that run at once. Tasks without a key count as one key. */
  readonly keyConcurrency?: number;
  /** Hand-overs of one key. */
  readonly keyRate?: RateLimit;
  /** Keys take turns by their weights even if nothing else is limited. With any other limit they always do. */
  readonly fair?: boolean;
  /**
   * A task counts as one priority higher for each such time that it has waited since it was due, so that tasks of low priority are
   * handed over too while others keep coming: 1 s to 1 day. Default: none, priorities stay as they are.
   */
  readonly priorityAgeing?: Duration;
  /** Names of shared limits that it is under too, at most 8. */
  readonly shared?: readonly string[];
}

/** A limit that several handlers are under. One of both bounds must be given. */
export interface SharedLimitOptions {
  /** Dot-separated lower-case words. */
  readonly name: string;
  /** For people, at most 1 KiB. */
  readonly description?: string;
  /** Attempts that run at once, of all handlers under it. */
  readonly concurrency?: number;
  /** Hand-overs of all handlers under it. */
  readonly rate?: RateLimit;
}

/** A shared limit as it stands. */
export interface SharedLimit {
  /** Its name. */
  readonly name: string;
  /** For people; empty: none. */
  readonly description: string;
  /** Attempts that may run at once. Undefined: no limit. */
  readonly concurrency: number | undefined;
  /** Undefined: no limit. */
  readonly rate: Required<RateLimit> | undefined;
  /** Handlers under it, by name. */
  readonly handlers: readonly string[];
  /** Attempts that run under it now; more than `concurrency` only after that was lowered. */
  readonly running: number;
  /** Hand-overs that the rate allows at this moment. Undefined: it has no rate. */
  readonly tokens: number | undefined;
}

/** How a handler's work stands. */
export interface HandlerFlow {
  /** Name of the handler. */
  readonly handler: string;
  /** Its limits; empty: none. */
  readonly limits: HandlerLimits;
  /** False: tasks that it had before its limits came or went are still being moved, and none is handed over under limits. */
  readonly settled: boolean;
  /** Somebody paused the handler. */
  readonly paused: boolean;
  /** Somebody paused its namespace. */
  readonly namespacePaused: boolean;
  /** What whoever paused the handler said; empty: nothing. */
  readonly pauseNote: string;
  /** Attempts that run under its limits now. */
  readonly running: number;
  /** Tasks that wait in its lanes, counted up to 10,000. */
  readonly waiting: number;
}

/**
 * Sets limits and pauses: `client.limits`. A change binds every hand-over that begins after the answer, on every coordinator; nothing
 * that runs is stopped. All calls may be made again.
 */
export interface Limits {
  /** Makes a shared limit, or changes it. */
  set(limit: SharedLimitOptions): Promise<SharedLimit>;
  /** One shared limit. LIMIT_NOT_FOUND if there is none of the name. */
  get(name: string): Promise<SharedLimit>;
  /** Shared limits by name. Pages are fetched as they are needed. */
  list(options?: { pageSize?: number }): AsyncIterable<SharedLimit>;
  /** Deletes a shared limit. LIMIT_USED while handlers are under it. */
  delete(name: string): Promise<void>;
  /** Sets all limits of a handler, `{}` for none; it need not be registered yet. */
  setHandler(handler: string, limits: HandlerLimits): Promise<HandlerFlow>;
  /** How a handler stands. HANDLER_NOT_FOUND if nobody has ever named it. */
  handler(handler: string): Promise<HandlerFlow>;
  /** No more tasks of the handler are handed over until it is resumed, whatever is restarted. `note` is for people. */
  pauseHandler(handler: string, note?: string): Promise<HandlerFlow>;
  /** They are handed over again. */
  resumeHandler(handler: string): Promise<HandlerFlow>;
  /** The same for all handlers of the client's namespace, those to come included. Needs the right `administer`. */
  pauseNamespace(note?: string): Promise<void>;
  /** They are handed over again, but for those of handlers that are paused themselves. */
  resumeNamespace(): Promise<void>;
}
