/**
 * One transaction of turns: what is decided about each schedule, and the slots that its tasks are offered.
 *
 * A task whose handler has a free slot at this coordinator is stored RUNNING under it and handed on after the commit, as those that
 * are submitted: two writes instead of three, and no claim between the commit and the start.
 */
import type { Logger } from 'pino';
import type { RoleContext } from '../role.ts';
import { createIdGenerator } from '../rules/ids.ts';
import { scheduleLimits } from '../rules/limits.ts';
import { tasksOf } from '../rules/schedule/fired-task.ts';
import type { Schedule } from '../rules/schedule/schedule.ts';
import { type Turn, takeTurn } from '../rules/schedule/turn.ts';
import { createOffers, type SlotPool, type SlotReservation } from '../rules/slot-pool.ts';
import type { TaskId } from '../rules/task.ts';
import { cutText } from '../rules/text.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { DueSchedule, TurnsReport } from '../store/store.ts';

/** Turns that were taken. */
export type TakenTurns = {
  readonly report: TurnsReport;
  /** Hands the tasks that run to their agents; to be called when others have been told of them. */
  handOn(): void;
};

type Context = Pick<RoleContext, 'store' | 'time'> & {
  readonly logger: Logger;
  readonly pool: SlotPool;
};

/** Tasks of one transaction, but for those of its last schedule. */
const turnTasksMax = 1_000;

/** Takes the turns of at most so many schedules; `claimed` is told how many there are. Throws as the store does. */
export async function takeTogether(
  { store, time, logger, pool }: Context,
  schedulesMax: number,
  claimed?: (count: number) => void,
): Promise<TakenTurns> {
  // Ids by the database's time, because partitions are cut by it.
  let now = 0;
  const newId = createIdGenerator({ now: () => now, random: time.bytes });
  const offer = createOffers(pool);
  const held = new Map<TaskId, SlotReservation>();
  try {
    const decide = (due: DueSchedule) => {
      now = due.now;
      const turn = turnOf(due, logger);
      const making = { newId: newId as () => TaskId, now, previousOutput: due.previousOutput };
      const tasks = tasksOf(due.schedule, turn, making);
      for (const task of tasks.values()) {
        const reservation = offer(task);
        if (reservation !== null) held.set(task.id, reservation);
      }
      return { turn, tasks };
    };
    const report = await store.schedules.takeTurns(schedulesMax, turnTasksMax, decide, claimed);
    return { report, handOn: () => settle(held, report) };
  } catch (error) {
    // Without an answer nobody knows whether they run: their slots stay taken until dispatch has read the rows.
    const isLost = error instanceof StoreUnavailable;
    for (const reservation of held.values())
      if (isLost) reservation.abandon();
      else reservation.cancel();
    throw error;
  }
}

/** Pauses the first schedule that is due, because of this error. */
export async function pauseFirst({ store, logger }: Context, error: unknown): Promise<TakenTurns> {
  const report = await store.schedules.takeTurns(1, turnTasksMax, ({ schedule }) => ({
    turn: pausedBy(error, schedule, logger),
    tasks: new Map(),
  }));
  return { report, handOn: () => {} };
}

/** Ends every reservation by what became of its task; what was decided once more after a conflict has no task. */
function settle(held: ReadonlyMap<TaskId, SlotReservation>, { tasks }: TurnsReport): void {
  const leases = new Map(tasks.map(({ taskId, lease }) => [taskId, lease]));
  for (const [taskId, reservation] of held) {
    const lease = leases.get(taskId) ?? null;
    if (lease === null) reservation.cancel();
    else reservation.fulfil(lease);
  }
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
