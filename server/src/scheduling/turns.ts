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
import { createIdGenerator } from '../rules/ids.ts';
import { scheduleLimits } from '../rules/limits.ts';
import { tasksOf } from '../rules/schedule/fired-task.ts';
import type { Schedule } from '../rules/schedule/schedule.ts';
import { type Turn, takeTurn } from '../rules/schedule/turn.ts';
import type { TaskId } from '../rules/task.ts';
import { cutText } from '../rules/text.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { DueSchedule, ScheduleLook, TakenTurn, TurnsReport } from '../store/store.ts';
import { tellTurns } from '../wakeups/tell-turns.ts';
import { createEndWatch } from './end-watch.ts';

/** Schedules of one transaction; more are due at once in a spike, and follow without a wait. */
const turnSchedulesMax = 500;
/** Tasks of one transaction, but for those of its last schedule. */
const turnTasksMax = 1_000;
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
  },
): Turns {
  const { store, wakeups, config, logger, time } = context;
  const { schedules } = store;
  let unsubscribe = () => {};
  const measure = measureLateness();
  /** How many schedules the next transaction takes. */
  let part = turnSchedulesMax;

  function decide(newId: () => TaskId, due: DueSchedule): TakenTurn {
    const turn = turnOf(due, logger);
    const { now, previousOutput } = due;
    return { turn, tasks: tasksOf(due.schedule, turn, { newId, now, previousOutput }) };
  }

  function take(schedulesMax: number): Promise<TurnsReport> {
    // Ids by the database's time, because partitions are cut by it.
    let now = 0;
    const newId = createIdGenerator({ now: () => now, random: time.bytes });
    return schedules.takeTurns(schedulesMax, turnTasksMax, (due) => {
      now = due.now;
      return decide(newId as () => TaskId, due);
    });
  }

  /** One schedule that cannot be written must not stop all others: then they are taken in ever smaller parts. */
  async function takeTurns(): Promise<TurnsReport> {
    try {
      const report = await take(part);
      part = Math.min(turnSchedulesMax, part * 2);
      return report;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      if (part > 1) {
        part = Math.ceil(part / 2);
        return takeTurns();
      }
      // It comes first of those that are due.
      return schedules.takeTurns(1, turnTasksMax, ({ schedule }) => ({
        turn: pausedBy(error, schedule, logger),
        tasks: new Map(),
      }));
    }
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
      const report = await takeTurns();
      ends.follow(report.watched);
      tellTurns(context, report);
      measure(report);
      // Others hold what is due: a replica that takes the turn, or a call that may leave it as it is and says nothing.
      if (report.turns.length === 0) return reportOf(0, heldMs);
      return reportOf(report.turns.length, 0);
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

/** A schedule whose turn cannot be taken, as when its zone is no longer known, is paused; all others go on. */
function turnOf({ schedule, open, now }: DueSchedule, logger: Logger): Turn {
  try {
    return takeTurn(schedule, open, Math.floor(now));
  } catch (error) {
    return pausedBy(error, schedule, logger);
  }
}

/** A turn that does nothing but pause the schedule, and says why. */
function pausedBy(error: unknown, { name, fires, failures }: Schedule, logger: Logger): Turn {
  logger.error({ err: error, schedule: name }, 'a schedule cannot be followed; it is paused');
  const why = error instanceof Error ? error.message : String(error);
  return {
    standing: {
      ...{ state: 'PAUSED', nextAt: null, lookAt: null, fires, failures, pausedByFailures: false },
      pauseNote: cutText(`It cannot be followed: ${why}`, scheduleLimits.noteMaxBytes),
    },
    ended: [],
    fires: [],
    cancel: [],
  };
}
