/**
 * Schedules ask for their tasks: whoever's time has come takes its turn.
 *
 * Sleeps until the next moment at which a turn is due, as far as it knows: from its own last look, or from the wakeup
 * `scheduled`. Where the ends of tasks matter it listens for those that were made here or that `scheduled` tells of, and looks now
 * and then for all others.
 */
import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { createLoop, type Loop, type LoopReport } from '../loop.ts';
import type { RoleContext } from '../role.ts';
import type { SlotPool } from '../rules/slot-pool.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { ScheduleLook, TurnsReport } from '../store/store.ts';
import { tellTurns } from '../wakeups/tell-turns.ts';
import { createEndWatch } from './end-watch.ts';
import { pauseFirst, takeTogether } from './turn-taking.ts';

/** Schedules of the first transaction, and of the largest: a spike begins with little, so that its first tasks start soon. */
const firstPart = 160;
const turnSchedulesMax = 500;
/** Until the next look at what is due and held by others. */
const heldMs = 100;
/** What falls due this close together is decided together. */
const restMs = 5;

/** The promotion of due tasks looks for schedules as well; this loop looks by itself so many times more seldom. */
const safetyPolls = 12;

/** The loop that takes the turns of schedules. */
export type Turns = Loop & {
  /** Somebody has seen how schedules stand. */
  readonly looked: (schedules: ScheduleLook) => void;
};

/** Makes the loop. */
export function createTurns(
  context: Pick<RoleContext, 'store' | 'wakeups' | 'events' | 'config' | 'time'> & {
    readonly logger: Logger;
    readonly pool: SlotPool;
  },
): Turns {
  const { store, wakeups, config, logger, time } = context;
  const { schedules } = store;
  let unsubscribe = () => {};
  const measure = measureLateness();
  /** How many schedules the next transaction takes. */
  let part = firstPart;

  async function takeOne(claimed?: (count: number) => void): Promise<number> {
    const { report, handOn } = await takeTogether(context, part, claimed);
    tell(report);
    handOn();
    return report.turns.length;
  }

  function tell(report: TurnsReport): void {
    ends.follow(report.watched);
    tellTurns(context, report);
    measure(report);
  }

  /**
   * Two transactions, of which the second begins when the first has found as many as it takes: while one waits for the database the
   * other decides. Answers how many turns were taken.
   */
  async function takeTurns(): Promise<number> {
    const size = part;
    let found = (_isFull: boolean) => {};
    const isFull = new Promise<boolean>((resolve) => {
      found = resolve;
    });
    const mayBeTwo = store.engine === 'postgres' && size >= firstPart;
    const first = takeOne((count) => found(mayBeTwo && count >= size)).finally(() => found(false));
    const second = isFull.then((full) => (full ? takeOne() : 0));
    const both = await Promise.allSettled([first, second]);
    const failed = both.find((each) => each.status === 'rejected');
    if (failed !== undefined) return takeLess(failed.reason);
    const did = both.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0);
    part = did < size ? firstPart : Math.min(size * 2, turnSchedulesMax);
    return did;
  }

  /** One schedule that cannot be written must not stop all others: then they are taken in ever smaller parts. */
  async function takeLess(error: unknown): Promise<number> {
    if (error instanceof StoreUnavailable) throw error;
    if (part > 1) {
      part = Math.ceil(part / 2);
      return takeTurns();
    }
    // It comes first of those that are due.
    const { report } = await pauseFirst(context, error);
    tell(report);
    return report.turns.length;
  }

  const loop = createLoop({
    name: 'schedules',
    intervalMs: config.safetyPollIntervalMs * safetyPolls,
    restMs,
    ...{ logger, time },
    async runOnce(): Promise<LoopReport> {
      await ends.note();
      const before = await schedules.peek();
      ends.watch(before.watching);
      if (before.lookInMs === null || before.lookInMs > 0) return reportOf(0, before.lookInMs);
      const did = await takeTurns();
      // Others hold what is due: a replica that takes the turn, or a call that may leave it as it is and says nothing.
      return reportOf(did, did === 0 ? heldMs : 0);
    },
  });
  const ends = createEndWatch({ ...context, onEnd: loop.nudge });

  return {
    ...loop,
    looked({ lookInMs, watching }) {
      if (lookInMs !== null) loop.nudgeIn(lookInMs);
      if (ends.watch(watching)) loop.nudge();
    },
    start() {
      unsubscribe = wakeups.subscribe('scheduled', ({ lookInMs, watched }) => {
        ends.follow(watched ?? []);
        loop.nudgeIn(lookInMs);
      });
      loop.start();
    },
    async stop() {
      unsubscribe();
      ends.stop();
      await loop.stop();
    },
  };
}

const secondsUpTo = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

function measureLateness(): (report: TurnsReport) => void {
  const lateness = metrics.getMeter('muster').createHistogram('muster.schedules.lateness', {
    description: 'From when a nominal time was due to its task.',
    unit: 's',
    advice: { explicitBucketBoundaries: secondsUpTo },
  });
  return ({ turns }) => {
    for (const { fires } of turns)
      for (const { decision, decidedAt, dueAt } of fires)
        if (decision === 'FIRED') lateness.record(Math.max(0, decidedAt - dueAt) / 1000);
  };
}

function reportOf(did: number, nextInMs: number | null): LoopReport {
  return nextInMs === null ? { did } : { did, nextInMs };
}
