/**
 * DELAYED → READY when the time has come.
 *
 * Sleeps until the next due time that it knows of: from its own last look, or from the wakeup `delayed`. The safety poll
 * finds what was stored by others whose wakeup was lost.
 */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createLoop, type Loop } from '../loop.ts';
import type { Time } from '../rules/time.ts';
import type { ScheduleLook, Store } from '../store/store.ts';
import type { Wakeups } from '../wakeups/wakeups.ts';

/** Rows of one statement; more are due at once only after an outage or a spike, and follow without a wait. */
const promotionBatchMax = 1000;
/** Tasks that fall due this close together are promoted together. */
const promotionRestMs = 5;

/** The loop that promotes due tasks. */
export function createPromotion(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly config: Config;
  readonly logger: Logger;
  readonly time: Time;
  /** Is told how schedules stand, at every look. */
  readonly looked: (schedules: ScheduleLook) => void;
}): Loop {
  const { store, wakeups, config, logger, time, looked } = options;
  let unsubscribe = () => {};
  const loop = createLoop({
    name: 'promotion',
    intervalMs: config.safetyPollIntervalMs,
    restMs: promotionRestMs,
    ...{ logger, time },
    runOnce: async () => {
      const { promoted, nextDueInMs, schedules } = await store.timers.promote(promotionBatchMax);
      looked(schedules);
      if (promoted.length > 0) {
        wakeups.publish('ready', {
          handlerIds: [...new Set(promoted.map(({ handlerId }) => handlerId))],
        });
        wakeups.publish('moved', {
          tasks: promoted.map(({ taskId }) => ({ taskId, finished: false })),
        });
      }
      const again = promoted.length >= promotionBatchMax ? 0 : nextDueInMs;
      return { did: promoted.length, ...(again === null ? {} : { nextInMs: Math.max(0, again) }) };
    },
  });
  return {
    ...loop,
    start() {
      unsubscribe = wakeups.subscribe('delayed', ({ dueInMs }) => loop.nudgeIn(dueInMs));
      loop.start();
    },
    async stop() {
      unsubscribe();
      await loop.stop();
    },
  };
}
