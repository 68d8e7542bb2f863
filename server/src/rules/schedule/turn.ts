/**
 * A turn of a schedule: everything that is to be decided about it at one moment, from its row, its open records and the clock.
 *
 * First the ends of its tasks are taken note of, then it is seen which times are due, then which times in line may have a task.
 * Whoever holds the lock of its row takes the turn and writes the whole of it; a turn that is taken once more changes nothing.
 */
import { nextAdmittedTime, nextNominalTime, type Timing } from '../calendar/timing.ts';
import { isFinished } from '../lifecycle.ts';
import type { TaskId } from '../task.ts';
import { jitterOf, timingOf } from './clockwork.ts';
import { dueTimes, type LeftOutTimes } from './due-times.ts';
import { admit, ownOf, type TimeInLine } from './overlap.ts';
import type { FireDecision, OpenFire, Schedule, ScheduleState } from './schedule.ts';

/** A record to be made or, unless `fresh`, to be changed. */
export type DecidedFire = {
  readonly nominalAt: number;
  readonly dueAt: number;
  readonly decision: FireDecision;
  readonly fresh: boolean;
  readonly backfill: boolean;
  /** SKIPPED_LATE: the last of the times that it stands for. */
  readonly lastNominalAt: number | null;
  readonly skipped: number;
};

/** What a turn changes of the row. */
export type Standing = Pick<
  Schedule,
  'state' | 'nextAt' | 'fires' | 'failures' | 'pauseNote' | 'pausedByFailures'
> & {
  /** When the next turn is due by time alone; null: never. */
  readonly lookAt: number | null;
};

/** What was decided. */
export type Turn = {
  readonly standing: Standing;
  /** Records by nominal time whose tasks have ended, or are gone. */
  readonly ended: readonly number[];
  readonly fires: readonly DecidedFire[];
  readonly cancel: readonly TaskId[];
};

/** Takes a turn at `now`. Throws as `timingOf` does. */
export function takeTurn(schedule: Schedule, open: readonly OpenFire[], now: number): Turn {
  const { spec } = schedule;
  const timing = timingOf(spec.timing, schedule.createdAt);
  const running = open.filter(({ taskState }) => taskState !== null && !isFinished(taskState));
  const ended = open.filter((fire) => fire.taskId !== null && !running.includes(fire));
  const noted = noteEnds(schedule, ended);
  const notes = { ended: ended.map(({ nominalAt }) => nominalAt) };
  if (noted.state === 'PAUSED')
    return { ...notes, standing: { ...noted, nextAt: null, lookAt: null }, fires: [], cancel: [] };

  const next = nextOf(schedule, timing, { running: running.length, ended, now });
  const waiting = open.filter(({ taskId }) => taskId === null).map(waitingTime);
  const due = dueOf(schedule, timing, next, { now, waiting: ownOf(waiting).length });
  const isTooLate = tooLate(schedule, now);
  const line = [...waiting, ...due.line];
  const admitted = admit(
    line.filter((time) => !isTooLate(time)),
    running.length,
    spec.overlap,
  );
  const fires = noted.fires + ownOf(admitted.fire).length;
  const isOver = hasFired(schedule, fires + ownOf(admitted.wait).length);
  const isBusy = running.length + admitted.fire.length > 0;
  const nextAt = isOver
    ? null
    : (due.next ?? afterGivenUp(schedule, timing, { line, isBusy, now }));
  // After the end of a task there is a next time, unless it was the last one.
  const awaitsEnd = spec.timing.endDelayMs !== null && !isOver && isBusy;
  const state: ScheduleState = nextAt === null && !awaitsEnd ? 'COMPLETED' : 'ACTIVE';
  return {
    ...notes,
    standing: { ...noted, state, fires, nextAt, lookAt: lookAtOf(schedule, nextAt) },
    fires: [
      ...(due.leftOut === null ? [] : [leftOutFire(schedule, due.leftOut)]),
      ...line.filter(isTooLate).map((time) => decided(time, 'SKIPPED_LATE')),
      ...admitted.skip.map((time) => decided(time, 'SKIPPED_OVERLAP')),
      ...admitted.fire.map((time) => decided(time, time.asked)),
      ...admitted.wait.filter(({ fresh }) => fresh).map((time) => decided(time, 'BUFFERED')),
    ],
    cancel: admitted.cancel ? running.map(({ taskId }) => taskId as TaskId) : [],
  };
}

/** When a schedule that is made, changed or resumed at `now` asks first; `running`: tasks of it are unfinished. */
export function beginAt(
  schedule: Pick<Schedule, 'id' | 'spec' | 'createdAt'>,
  now: number,
  running: boolean,
): Pick<Standing, 'state' | 'nextAt' | 'lookAt'> {
  const { timing: spec } = schedule.spec;
  const timing = timingOf(spec, schedule.createdAt);
  const { endDelayMs, startAt } = spec;
  if (endDelayMs !== null && running) return { state: 'ACTIVE', nextAt: null, lookAt: null };
  const first = startAt !== null && startAt > now ? startAt : now + (endDelayMs ?? 0);
  const nextAt =
    endDelayMs === null ? nextNominalTime(timing, now) : nextAdmittedTime(timing, first);
  return {
    state: nextAt === null ? 'COMPLETED' : 'ACTIVE',
    nextAt,
    lookAt: lookAtOf(schedule, nextAt),
  };
}

/** When a nominal time of a schedule is due. */
export function dueAtOf({ id, spec }: Pick<Schedule, 'id' | 'spec'>, nominalAt: number): number {
  return nominalAt + jitterOf(id, nominalAt, spec.timing.jitterMs);
}

function lookAtOf(schedule: Pick<Schedule, 'id' | 'spec'>, nextAt: number | null): number | null {
  return nextAt === null ? null : dueAtOf(schedule, nextAt);
}

/** Counts failures in a row, and pauses the schedule if there are too many. */
function noteEnds(
  schedule: Schedule,
  ended: readonly OpenFire[],
): Omit<Standing, 'nextAt' | 'lookAt'> {
  const { fires, state, pauseNote, pausedByFailures } = schedule;
  const { failuresMax } = schedule.spec;
  let { failures } = schedule;
  let last: TaskId | null = null;
  for (const { taskState, taskId } of ended.toSorted(
    (a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0),
  )) {
    if (taskState === 'SUCCEEDED') failures = 0;
    if (taskState !== 'FAILED') continue;
    failures += 1;
    last = taskId;
  }
  if (failuresMax === null) return { state, fires, failures: 0, pauseNote, pausedByFailures };
  if (state === 'PAUSED' || failures < failuresMax)
    return { state, fires, failures, pauseNote, pausedByFailures };
  const note = `${failures} of its tasks in a row have failed, the last one is ${last ?? 'gone'}.`;
  return { state: 'PAUSED', fires, failures, pauseNote: note, pausedByFailures: true };
}

/** The next time that is to be decided. Of a schedule that counts from ends: null until the last task has ended. */
function nextOf(
  { spec, nextAt }: Schedule,
  timing: Timing,
  { running, ended, now }: { running: number; ended: readonly OpenFire[]; now: number },
): number | null {
  const { endDelayMs } = spec.timing;
  if (endDelayMs === null) return nextAt;
  if (running > 0) return null;
  if (ended.length === 0) return nextAt;
  const end = Math.max(...ended.map(({ endedAt }) => endedAt ?? now));
  return nextAdmittedTime(timing, end + endDelayMs);
}

/** Of a schedule that counts from ends: a time that got no task has no end, so the next one counts from now. */
function afterGivenUp(
  { spec }: Schedule,
  timing: Timing,
  { line, isBusy, now }: { line: readonly TimeInLine[]; isBusy: boolean; now: number },
): number | null {
  const { endDelayMs } = spec.timing;
  if (endDelayMs === null || isBusy || line.length === 0) return null;
  return nextAdmittedTime(timing, now + endDelayMs);
}

type Due = {
  readonly leftOut: LeftOutTimes | null;
  readonly line: readonly TimeInLine[];
  readonly next: number | null;
};

/** The times that are due, no more than the schedule may still have. */
function dueOf(
  schedule: Schedule,
  timing: Timing,
  next: number | null,
  { now, waiting }: { now: number; waiting: number },
): Due {
  if (next === null) return { leftOut: null, line: [], next: null };
  const { timing: spec, misfire } = schedule.spec;
  const dueAt = (nominalAt: number) => dueAtOf(schedule, nominalAt);
  const fresh = (asked: 'FIRED' | 'CAUGHT_UP') => (nominalAt: number) => ({
    ...{ nominalAt, dueAt: dueAt(nominalAt), backfill: false, asked, fresh: true },
  });
  // Nobody kept a time that counts from an end from being decided: it is never late.
  if (spec.endDelayMs !== null)
    return dueAt(next) > now
      ? { leftOut: null, line: [], next }
      : { leftOut: null, line: [fresh('FIRED')(next)], next: null };
  const { jitterMs } = spec;
  const due = dueTimes({ timing, misfire, next, now, jitterMs, dueAt });
  const all = [...due.caughtUp.map(fresh('CAUGHT_UP')), ...due.onTime.map(fresh('FIRED'))];
  const room = (spec.firesMax ?? Number.POSITIVE_INFINITY) - schedule.fires - waiting;
  const line = all.slice(0, Math.max(0, room));
  return { leftOut: due.leftOut, line, next: all[line.length]?.nominalAt ?? due.next };
}

function tooLate({ spec }: Schedule, now: number): (time: TimeInLine) => boolean {
  const { startDeadlineMs } = spec.misfire;
  if (startDeadlineMs === null) return () => false;
  return ({ backfill, dueAt }) => !backfill && now > dueAt + startDeadlineMs;
}

/** Whether so many fires are all that it may have. */
export function hasFired({ spec }: Schedule, fires: number): boolean {
  return spec.timing.firesMax !== null && fires >= spec.timing.firesMax;
}

function waitingTime({ nominalAt, dueAt, backfill }: OpenFire): TimeInLine {
  return { nominalAt, dueAt, backfill, asked: backfill ? 'BACKFILLED' : 'FIRED', fresh: false };
}

/** What a time in line becomes. */
export function decided(
  { nominalAt, dueAt, fresh, backfill }: Omit<TimeInLine, 'asked'>,
  decision: FireDecision,
): DecidedFire {
  return { nominalAt, dueAt, decision, fresh, backfill, lastNominalAt: null, skipped: 0 };
}

function leftOutFire(schedule: Schedule, { first, last, count }: LeftOutTimes): DecidedFire {
  return {
    ...{ nominalAt: first, dueAt: dueAtOf(schedule, first), decision: 'SKIPPED_LATE' },
    ...{ fresh: true, backfill: false, skipped: count },
    lastNominalAt: count > 1 ? last : null,
  };
}
