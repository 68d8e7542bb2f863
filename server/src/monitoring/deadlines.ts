/**
 * Deadlines of whole tasks and times-to-live before the first start.
 *
 * What does not run is ended here; what runs is told to stop, and its agent keeps the deadline by its own clock besides.
 * Looks once a second while deadlines pass, and rarely when none do: an idle coordinator asks the database little.
 */

import type { LoopReport } from '../loop.ts';
import type { Store } from '../store/store.ts';
import { type Events, tellUnstarted } from '../wakeups/events/events.ts';
import type { Wakeups } from '../wakeups/wakeups.ts';

/** Rows of one statement. */
const batchMax = 1000;
const busyIntervalMs = 1000;
/** So long after the last deadline that passed, looks are frequent. */
const busyForMs = 30_000;

/** One look at deadlines, for a loop. */
export function createDeadlines(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly clock: () => number;
}): () => Promise<LoopReport> {
  const { store, wakeups, events, clock } = options;
  let busyUntil = Number.NEGATIVE_INFINITY;

  return async () => {
    const { ended, toCancel } = await store.timers.expire(batchMax);
    if (ended.length > 0)
      wakeups.publish('moved', { tasks: ended.map(({ taskId }) => ({ taskId, finished: true })) });
    tellUnstarted(events, 'FAILED', ended);
    if (toCancel.length > 0)
      wakeups.publish('cancel', {
        orders: toCancel.map(({ taskId, leaseEpoch, sessionId }) => ({
          taskId,
          leaseEpoch,
          sessionId,
          cause: 'DEADLINE',
          reason: 'The deadline of the task has passed.',
        })),
      });
    const did = ended.length + toCancel.length;
    if (did > 0) busyUntil = clock() + busyForMs;
    if (did >= batchMax) return { did, nextInMs: 0 };
    return clock() < busyUntil ? { did, nextInMs: busyIntervalMs } : { did };
  };
}
