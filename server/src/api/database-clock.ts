/**
 * The database's time, without asking it for every call.
 *
 * Ids are made and checked by the database's clock, because partitions are cut by it and the clocks of coordinators may
 * be wrong. The offset to this process's monotonic clock is read at the start and now and then.
 */
import type { Logger } from 'pino';
import { createLoop } from '../loop.ts';
import type { Time } from '../rules/time.ts';
import type { Store } from '../store/store.ts';

/** Tells the database's time. */
export type DatabaseClock = {
  /** Milliseconds since 1970. */
  now(): number;
  start(): Promise<void>;
  stop(): Promise<void>;
};

const refreshIntervalMs = 60_000;

/** A clock that follows the database's. */
export function createDatabaseClock(store: Store, logger: Logger, time: Time): DatabaseClock {
  let offset = time.calendar() - time.now();

  async function refresh(): Promise<void> {
    const asked = time.now();
    const told = await store.now();
    // The reading was taken somewhere between asking and now.
    offset = told - (asked + time.now()) / 2;
  }

  const loop = createLoop({
    name: 'database-clock',
    intervalMs: refreshIntervalMs,
    ...{ logger, time },
    runOnce: async () => {
      await refresh();
      return { did: 0 };
    },
  });

  return {
    now: () => Math.floor(time.now() + offset),
    async start() {
      await refresh();
      loop.start();
    },
    stop: loop.stop,
  };
}
