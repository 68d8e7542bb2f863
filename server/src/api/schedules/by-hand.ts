/**
 * ScheduleService: tasks that somebody asks of a schedule out of its turn.
 */
import type {
  BackfillScheduleRequest__Output,
  BackfillScheduleResponse,
  TriggerScheduleRequest__Output,
  TriggerScheduleResponse,
} from '@muster/proto';
import { nextNominalTime, type Timing } from '../../rules/calendar/timing.ts';
import { isFinished } from '../../rules/lifecycle.ts';
import { scheduleLimits } from '../../rules/limits.ts';
import { timingOf } from '../../rules/schedule/clockwork.ts';
import { timesBetween } from '../../rules/schedule/due-times.ts';
import { tasksOf } from '../../rules/schedule/fired-task.ts';
import { admit, type TimeInLine } from '../../rules/schedule/overlap.ts';
import type { Fire, FireDecision } from '../../rules/schedule/schedule.ts';
import { type DecidedFire, decided, dueAtOf, type Standing } from '../../rules/schedule/turn.ts';
import type { DueSchedule, TakenTurn, TurnsReport } from '../../store/store.ts';
import { tellTurns } from '../../wakeups/tell-turns.ts';
import { fireMessage } from '../../wire/messages/schedule/stored.ts';
import { checkRange } from '../../wire/messages/schedule/timing.ts';
import { createChecks } from '../../wire/validation.ts';
import type { ApiContext } from '../context.ts';
import type { Caller } from '../edge.ts';
import { enterSchedule, scheduleNotFound } from './find.ts';

type Present = ReadonlyMap<number, FireDecision>;

/** Two calls in the same millisecond get two nominal times: so far apart at most. */
const triggerSpanMs = 10_000;

/** Makes a task now. */
export async function triggerSchedule(
  context: ApiContext,
  request: TriggerScheduleRequest__Output,
  caller: Caller,
): Promise<TriggerScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  const from = Math.floor(context.clock.now()) - triggerSpanMs;
  const range = { from, to: from + 2 * triggerSpanMs };
  const report = await context.store.schedules.takeTurnOf(
    namespace.id,
    name,
    range,
    (due, present) => {
      const { schedule } = due;
      const nominalAt = freeTime(
        timingOf(schedule.spec.timing, schedule.createdAt),
        due.now,
        present,
      );
      const time = { nominalAt, dueAt: nominalAt, fresh: true, backfill: false };
      return handed(context, due, [decided(time, 'BY_HAND')]);
    },
  );
  const [fire] = report?.turns[0]?.fires ?? [];
  if (report === null || fire === undefined) throw await scheduleNotFound(context, namespace, name);
  tellMade(context, report);
  return { fire: fireMessage(fire) };
}

/** A moment that is nobody's nominal time. */
function freeTime(timing: Timing, now: number, present: Present): number {
  let time = Math.floor(now);
  while (present.has(time) || nextNominalTime(timing, time - 1) === time) time += 1;
  return time;
}

/** Makes a task for each nominal time of a range that has none. */
export async function backfillSchedule(
  context: ApiContext,
  request: BackfillScheduleRequest__Output,
  caller: Caller,
): Promise<BackfillScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  const checks = createChecks();
  const range = checkRange(checks, 'range', request.range);
  checks.finish();
  if (range === null) throw new Error('A range without faults is no range.');
  let had = 0;
  let planned: readonly Fire[] = [];
  const report = await context.store.schedules.takeTurnOf(
    namespace.id,
    name,
    range,
    (due, present) => {
      const times = backfillTimes(context, due, range);
      const missing = times.filter((time) => !hasTask(present.get(time)));
      had = times.length - missing.length;
      const fires = backfilled(due, missing, present);
      planned = fires.map((fire) => ({
        ...fire,
        decidedAt: due.now,
        taskId: null,
        taskState: null,
      }));
      return handed(context, due, request.validateOnly ? [] : fires);
    },
  );
  if (report === null) throw await scheduleNotFound(context, namespace, name);
  tellMade(context, report);
  const made = report.turns
    .flatMap((turn) => turn.fires)
    .toSorted((a, b) => a.nominalAt - b.nominalAt);
  return { fires: (request.validateOnly ? planned : made).map(fireMessage), present: had };
}

function hasTask(decision: FireDecision | undefined): boolean {
  return decision !== undefined && !decision.startsWith('SKIPPED');
}

/** Throws `CallRefused` (INVALID_REQUEST) if the range is not one that can be filled. */
function backfillTimes(
  { config }: ApiContext,
  { schedule, now }: DueSchedule,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const checks = createChecks();
  const { timing: spec } = schedule.spec;
  const { backfillMax } = scheduleLimits;
  const text = (time: number) => new Date(time).toISOString();
  if (spec.endDelayMs !== null)
    checks.fail(
      'name',
      `is "${schedule.name}", which counts from the ends of its tasks: it has no times to fill`,
    );
  if (to > now)
    checks.fail('range.end_time', `is ${text(to)}, which is to come: it is ${text(now)}`);
  const oldest = now - config.fireRetentionWindowMs;
  // Before it was made it had no records that could be gone.
  if (from < oldest && to > schedule.createdAt)
    checks.fail(
      'range.start_time',
      `is ${text(from)}; records are kept since ${text(oldest)} (setting fire-retention-window), and without them a time could get a second task. Fill the time before ${text(schedule.createdAt)}, when the schedule was made, by a call of its own`,
    );
  checks.finish();
  const timing = timingOf(spec, schedule.createdAt);
  // What is due and not yet decided is the schedule's own.
  const before = Math.min(to, schedule.nextAt ?? to);
  const times = timesBetween(timing, from - 1, before, backfillMax + 1);
  if (times.length <= backfillMax) return times;
  checks.fail(
    'range.end_time',
    `leaves more than ${backfillMax} nominal times; end it at ${text(times[backfillMax] ?? before)}, and go on from there`,
  );
  checks.finish();
  return times;
}

function backfilled(
  { schedule, open }: DueSchedule,
  times: readonly number[],
  present: Present,
): readonly DecidedFire[] {
  const running = open.filter(({ taskState }) => taskState !== null && !isFinished(taskState));
  const waiting = open.filter(({ taskId }) => taskId === null);
  const line = times.map(
    (nominalAt): TimeInLine => ({
      ...{ nominalAt, dueAt: dueAtOf(schedule, nominalAt), backfill: true },
      ...{ asked: 'BACKFILLED', fresh: !present.has(nominalAt) },
    }),
  );
  // Others that wait go first.
  const admitted =
    waiting.length > 0
      ? { fire: [], wait: line }
      : admit(line, running.length, schedule.spec.overlap);
  return [
    ...admitted.fire.map((time) => decided(time, 'BACKFILLED')),
    ...admitted.wait.map((time) => decided(time, 'BUFFERED')),
  ].sort((a, b) => a.nominalAt - b.nominalAt);
}

/** A turn that makes these records and leaves the rest to the turn that follows it. */
function handed(
  context: ApiContext,
  { schedule, now, previousOutput }: DueSchedule,
  fires: readonly DecidedFire[],
): TakenTurn {
  const { state, nextAt, failures, pauseNote, pausedByFailures } = schedule;
  const standing: Standing = {
    ...{ state, nextAt, failures, pauseNote, pausedByFailures },
    ...{ fires: schedule.fires, lookAt: now },
  };
  const turn = { standing, fires, ended: [], cancel: [] };
  const making = { newId: context.newTaskId, now, previousOutput };
  return { turn, tasks: tasksOf(schedule, turn, making) };
}

function tellMade(context: ApiContext, report: TurnsReport): void {
  // First, so that whoever has to know of their ends listens before they are begun.
  context.wakeups.publish('scheduled', { lookInMs: 0, watched: report.watched });
  tellTurns(context, report);
}
