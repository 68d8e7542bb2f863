/**
 * How limits stand, for readers.
 */
import type { HandlerLimits, RateLimit } from './limits.ts';

/** A limit that handlers share. */
export type NamedLimit = {
  readonly name: string;
  readonly description: string;
  readonly concurrency: number | null;
  readonly rate: RateLimit | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Tasks that run under it. */
  readonly running: number;
  /** What its bucket allows now; null: it has no rate. */
  readonly tokens: number | null;
  readonly handlers: readonly string[];
};

/** What is written of a limit that handlers share. */
export type WrittenLimit = Pick<NamedLimit, 'name' | 'description' | 'concurrency' | 'rate'>;

/** The limits of a handler, as they stand. */
export type HandlerStanding = {
  readonly limits: HandlerLimits;
  /** False: tasks that it had before are still being moved to its lanes, and nothing is handed over. */
  readonly settled: boolean;
  readonly paused: boolean;
  readonly namespacePaused: boolean;
  readonly pauseNote: string;
  readonly running: number;
  /** Tasks that wait in its lanes, counted up to a bound. */
  readonly waiting: number;
};
