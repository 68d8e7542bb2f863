/**
 * Passes events on from the outbox to the stream that keeps them.
 *
 * One coordinator at a time does it, so that the events of a task come in their order; whoever finds another at it leaves
 * it alone. Events stay in the outbox until the stream has them: one whose storing was not confirmed is passed again,
 * under the same id. What nobody could pass on for as long as finished tasks are kept is forgotten, and said to be.
 */
import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { LoopReport } from '../loop.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { EventOutbox } from '../store/store.ts';
import type { EventStream } from '../wakeups/events/events.ts';

/** Events that are passed on at once. */
const batchMax = 500;
/** How often it is said that events are wanted. */
const askIntervalMs = 3600_000;
/** The pause after a stream has refused. */
const refusedPauseMs = 1_000;
/** The pause after another coordinator was found to be at it. */
const takenPauseMs = 200;
/** Nobody has asked for so long: the outbox ends. Longer than any outage of all who ask should be. */
export const unaskedMs = 24 * 3600_000;

/** What passing on needs. */
export type PassingOptions = {
  readonly outbox: EventOutbox;
  readonly stream: EventStream;
  /** Events are forgotten when they are so old. */
  readonly keptMs: number;
  readonly logger: Logger;
  readonly clock: () => number;
};

/** One look at the outbox, for a loop. */
export function createPassing(options: PassingOptions): () => Promise<LoopReport> {
  const { outbox, stream, logger, clock } = options;
  const age = createAge();
  let askedAt = Number.NEGATIVE_INFINITY;
  let refused = false;

  async function ask(): Promise<void> {
    if (clock() - askedAt < askIntervalMs) return;
    await outbox.ask(stream.kinds);
    askedAt = clock();
    const forgotten = await outbox.forget(options.keptMs, batchMax);
    if (forgotten === 0) return;
    askedAt = Number.NEGATIVE_INFINITY;
    logger.error({ forgotten }, 'events were too old to be kept any longer, and are forgotten');
  }

  return async () => {
    await ask();
    if (!stream.isReachable()) return { did: 0 };
    try {
      const passed = await outbox.pass(batchMax, async (events) => {
        age.now(events[0]?.at ?? null);
        await stream.keep(events);
        if (refused) logger.info('the stream keeps events again');
        refused = false;
      });
      if (passed === 0) age.now(null);
      // Whoever is at it may have read before the last of them was written.
      if (passed === null) return { did: 0, nextInMs: takenPauseMs };
      return passed === batchMax ? { did: passed, nextInMs: 0 } : { did: passed };
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      if (!refused) logger.warn({ err: error }, 'the stream does not keep events; they wait');
      refused = true;
      return { did: 0, nextInMs: refusedPauseMs };
    }
  };
}

/** The metric `muster.events.outbox.age`: seconds since the oldest event that was waiting at the last look. */
function createAge() {
  let oldest: number | null = null;
  metrics
    .getMeter('muster')
    .createObservableGauge('muster.events.outbox.age', {
      unit: 's',
      description: 'Age of the oldest event that waits for the stream, as of the last look',
    })
    .addCallback((result) => {
      result.observe(oldest === null ? 0 : Math.max(0, (Date.now() - oldest) / 1_000));
    });
  return {
    now(at: number | null): void {
      oldest = at;
    },
  };
}
