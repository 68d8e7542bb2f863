// The verdict on schedules whose tasks may not overlap at will: what is stored, what ran, and what was seen meanwhile.

import type { Run } from '../../history.ts';
import type { ScheduledTask, ScheduleEvidence, StoredFire } from './evidence.ts';
import { policies, policyOf } from './policies.ts';
import type { Peak } from './sentry.ts';

/** All that is known when it is over. */
export interface OverlapEvidence extends ScheduleEvidence {
  readonly names: readonly string[];
  /** Each schedule has all of them. */
  readonly nominalTimes: readonly number[];
  /** Runs that heed their abort. */
  readonly heeding: readonly Run[];
  readonly outside: readonly Peak[];
  readonly within: readonly Peak[];
}

/** A stretch of time in which something was there. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** How many of the stretches there were at once, at most; one that ends when another begins is over. */
export function mostAtOnce(stretches: readonly Stretch[]): number {
  const steps = stretches.flatMap(({ from, to }) => [
    { at: from, change: 1 },
    { at: to, change: -1 },
  ]);
  steps.sort((a, b) => a.at - b.at || a.change - b.change);
  let most = 0;
  let now = 0;
  for (const { change } of steps) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

/** What is wrong, in words. */
export function overlapFaults(evidence: OverlapEvidence): readonly string[] {
  const { names, fires, tasks, heeding, outside, within } = evidence;
  const recorded = new Set(fires.map(({ taskId }) => taskId));
  const [firesOf, tasksOf] = [
    Map.groupBy(fires, ({ schedule }) => schedule),
    Map.groupBy(tasks, ({ schedule }) => schedule),
  ];
  const runsOf = Map.groupBy(heeding, ({ key = '' }) => key.split('@')[0] ?? '');
  return [
    ...names.flatMap((name) => {
      const found = recordFaults(firesOf.get(name) ?? [], evidence.nominalTimes);
      const stored = taskFaults(name, firesOf.get(name) ?? [], tasksOf.get(name) ?? []);
      return [...found, ...stored, ...runFaults(name, runsOf.get(name) ?? [])].map(
        (fault) => `${name}: ${fault}`,
      );
    }),
    ...tasks.filter(({ id }) => !recorded.has(id)).map(({ id }) => `task ${id} has no record`),
    ...peakFaults('a look', outside),
    ...peakFaults('a transaction', within),
  ];
}

function recordFaults(fires: readonly StoredFire[], nominalTimes: readonly number[]): string[] {
  const of = Map.groupBy(fires, ({ nominalAt }) => nominalAt);
  const expected = new Set(nominalTimes);
  const text = (time: number) => new Date(time).toISOString();
  return [
    ...nominalTimes
      .filter((time) => of.get(time)?.length !== 1)
      .map((time) => `${text(time)} has ${of.get(time)?.length ?? 0} records`),
    ...[...of.keys()]
      .filter((time) => !expected.has(time))
      .map((time) => `${text(time)} has a record that nobody expects`),
    ...fires
      .filter(({ decision, taskId }) =>
        decision === 'FIRED' ? taskId === null : decision !== 'SKIPPED_OVERLAP' || taskId !== null,
      )
      .map((fire) => `${text(fire.nominalAt)} ended as ${fire.decision}, task ${fire.taskId}`),
    ...fires.filter(({ stage }) => stage !== 0).map((fire) => `${text(fire.nominalAt)} is open`),
  ];
}

/** Database times only: from the decision to the end of the task that was decided for. */
function taskFaults(
  name: string,
  fires: readonly StoredFire[],
  tasks: readonly ScheduledTask[],
): string[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const faults: string[] = [];
  const stretches: Stretch[] = [];
  for (const { nominalAt, taskId, decidedAt } of fires) {
    if (taskId === null) continue;
    const task = byId.get(taskId);
    if (task?.nominalAt !== nominalAt || task.endedAt === null)
      faults.push(`task ${taskId} of ${new Date(nominalAt).toISOString()} is ${task?.state}`);
    else stretches.push({ from: decidedAt, to: task.endedAt });
  }
  const { runningMax } = policyOf(name);
  const most = mostAtOnce(stretches);
  if (most > runningMax) faults.push(`by its rows ${most} tasks were unfinished at once`);
  return faults;
}

function runFaults(name: string, runs: readonly Run[]): string[] {
  // Of a run that was cut off nobody knows the end.
  const stretches = runs.flatMap(({ beganAt, endedAt }) =>
    endedAt === undefined ? [] : [{ from: beganAt, to: endedAt }],
  );
  const most = mostAtOnce(stretches);
  return most > policyOf(name).runningMax ? [`${most} tasks ran at once`] : [];
}

function peakFaults(who: string, peaks: readonly Peak[]): string[] {
  return peaks.flatMap(({ schedule, running, waiting }) => {
    const { runningMax, waitingMax } = policyOf(schedule);
    return running > runningMax || waiting > waitingMax
      ? [`${schedule}: ${who} saw ${running} unfinished tasks and ${waiting} times that wait`]
      : [];
  });
}

/** What a policy came to. */
export interface PolicyCounts {
  readonly policy: string;
  readonly decisions: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
  /** The most of one schedule that a transaction saw. */
  readonly running: number;
  readonly waiting: number;
  /** What was never tried, so that nothing was shown. */
  readonly untried: readonly string[];
}

/** A task that is cancelled is mostly over before another time is due. */
const mayFireAll: ReadonlySet<string> = new Set(['allow', 'cancel']);

/** Counts by policy; a policy whose limits were not reached has shown nothing. */
export function countPolicies({ fires, tasks, within }: OverlapEvidence): readonly PolicyCounts[] {
  return policies.map(({ name, overlap, runningMax, waitingMax }) => {
    const isOwn = ({ schedule }: { schedule: string }) => policyOf(schedule).name === name;
    const peaks = within.filter(isOwn);
    const running = Math.max(0, ...peaks.map((peak) => peak.running));
    const waiting = Math.max(0, ...peaks.map((peak) => peak.waiting));
    const decisions = counted(fires.filter(isOwn).map(({ decision }) => decision));
    const states = counted(tasks.filter(isOwn).map(({ state }) => state));
    const wanted: readonly (readonly [string, boolean])[] = [
      ['unfinished tasks at once', running >= Math.min(runningMax, 2)],
      ['as many as may be', running >= runningMax || runningMax === Number.POSITIVE_INFINITY],
      ['times that wait', waiting >= waitingMax],
      ['skipped times', mayFireAll.has(name) || (decisions.SKIPPED_OVERLAP ?? 0) > 0],
      ['cancelled tasks', overlap.rule !== 'CANCEL' || (states.CANCELLED ?? 0) > 0],
    ];
    const untried = wanted.flatMap(([what, isTried]) => (isTried ? [] : [what]));
    return { policy: name, decisions, states, running, waiting, untried };
  });
}

function counted(words: readonly string[]): Record<string, number> {
  const groups = [...Map.groupBy(words, (word) => word)].sort();
  return Object.fromEntries(groups.map(([word, all]) => [word, all.length]));
}
