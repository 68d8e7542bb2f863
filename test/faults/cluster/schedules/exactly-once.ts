// The verdict on schedules that fire whatever happens: one record, one task and one run for each nominal time.

import type { Run } from '../../history.ts';
import type { ScheduleEvidence } from './evidence.ts';

/** What was seen, and what is wrong in words. */
export interface OnceVerdict {
  /** Nominal times of all schedules together. */
  readonly expected: number;
  readonly fires: number;
  readonly tasks: number;
  /** Nominal times without a record, without a task, or without a run that came to its end. */
  readonly missing: number;
  /** Nominal times with a second record, or a second task. */
  readonly doubled: number;
  /** Runs beyond the first of their nominal time, and how many of those lost attempts explain. */
  readonly again: number;
  readonly explained: number;
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly faults: readonly string[];
}

/** The whole multiples of a number of milliseconds from a moment up to, not including, another. */
export function multiples(everyMs: number, from: number, to: number): readonly number[] {
  const first = Math.ceil(from / everyMs);
  const count = Math.max(0, Math.ceil(to / everyMs) - first);
  return Array.from({ length: count }, (_, n) => (first + n) * everyMs);
}

/** Holds what is stored and what ran to the nominal times that each schedule has. */
export function judgeOnce(
  names: readonly string[],
  nominalTimes: readonly number[],
  { fires, tasks }: ScheduleEvidence,
  runs: readonly Run[],
): OnceVerdict {
  const firesOf = Map.groupBy(fires, keyOf);
  const tasksOf = Map.groupBy(tasks, keyOf);
  const runsOf = Map.groupBy(runs, ({ key = '' }) => key);
  const recorded = new Set(fires.map(({ taskId }) => taskId));
  const faults: string[] = [];
  const counts = { missing: 0, doubled: 0, again: 0, explained: 0 };
  const expected = new Set(
    names.flatMap((schedule) => nominalTimes.map((nominalAt) => keyOf({ schedule, nominalAt }))),
  );
  for (const key of expected) {
    const records = firesOf.get(key) ?? [];
    const made = tasksOf.get(key) ?? [];
    const ran = runsOf.get(key) ?? [];
    const finished = ran.filter(({ end }) => end === 'finished').length;
    const lost = made.reduce((sum, { lostAttempts }) => sum + lostAttempts, 0);
    if (records.length === 0 || made.length === 0 || finished === 0) counts.missing += 1;
    if (records.length > 1 || made.length > 1) counts.doubled += 1;
    counts.again += Math.max(0, ran.length - 1);
    counts.explained += Math.min(lost, Math.max(0, ran.length - 1));
    const told = `${records.length} records, ${made.length} tasks, ${ran.length} runs of which ${finished} came to their end`;
    if (records.length !== 1 || made.length !== 1 || finished !== 1) faults.push(`${key}: ${told}`);
    if (ran.length > 1 + lost) faults.push(`${key}: ${told}, ${lost} attempts lost`);
    for (const { decision, taskId } of records) {
      if (decision !== 'FIRED') faults.push(`${key}: ${decision}`);
      if (made[0]?.id !== taskId) faults.push(`${key}: its record names task ${taskId}`);
    }
    for (const { id, state } of made)
      if (state !== 'SUCCEEDED') faults.push(`${key}: task ${id} is ${state}`);
  }
  for (const [what, all] of Object.entries({ record: firesOf, task: tasksOf, run: runsOf }))
    for (const key of all.keys())
      if (!expected.has(key)) faults.push(`${key}: a ${what} that nobody expects`);
  for (const { id, ...task } of tasks)
    if (!recorded.has(id)) faults.push(`${keyOf(task)}: task ${id} has no record`);
  const latenesses = fires.map(({ decidedAt, dueAt }) => decidedAt - dueAt).sort((a, b) => a - b);
  const at = (share: number) => Math.round(latenesses[Math.floor(latenesses.length * share)] ?? 0);
  return {
    ...{ expected: expected.size, fires: fires.length, tasks: tasks.length, ...counts, faults },
    latenessMs: { p50: at(0.5), p99: at(0.99), max: Math.round(latenesses.at(-1) ?? 0) },
  };
}

/** As the key that handlers are shown. */
function keyOf({ schedule, nominalAt }: { schedule: string; nominalAt: number }): string {
  return `${schedule}@${new Date(nominalAt).toISOString().replace('.000Z', 'Z')}`;
}
