/**
 * Patience with the database: what must be written is tried until it is written.
 *
 * Only for statements that are safe to repeat. An outage is survived in silence here; loops log it.
 */
import type { Time } from '../rules/time.ts';
import { StoreConflict, StoreUnavailable } from '../store/errors.ts';

/** How long to wait between two tries, and until when. */
export type Pace = {
  /** Waits so long; may return early when the coordinator stops. */
  readonly wait: (ms: number) => Promise<void>;
  /** True once nothing is tried again. */
  readonly stopped: () => boolean;
};

const firstWaitMs = 50;
const longestWaitMs = 1000;

/** True for errors that pass: the database is away, or another transaction came in between. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof StoreConflict;
}

/** Repeats a statement until the database answers. Throws passing errors only after a stop. */
export async function insist<Result>(
  pace: Pace,
  statement: () => Promise<Result>,
): Promise<Result> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      return await statement();
    } catch (error) {
      if (!isPassing(error) || pace.stopped()) throw error;
      await pace.wait(waitMs);
    }
  }
}

/** A pace that can be stopped: waits end, and the tries after them are the last. */
export function createPace(time: Pick<Time, 'after'>): Pace & { stop(): void } {
  let over = false;
  const sleepers = new Set<() => void>();
  return {
    stopped: () => over,
    wait: (ms) =>
      new Promise((resolve) => {
        if (over) return resolve();
        const wake = () => {
          timer.cancel();
          sleepers.delete(wake);
          resolve();
        };
        const timer = time.after(ms, wake);
        sleepers.add(wake);
      }),
    stop() {
      over = true;
      for (const wake of [...sleepers]) wake();
    },
  };
}
