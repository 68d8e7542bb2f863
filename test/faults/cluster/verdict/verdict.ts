// Holds a story that is over to the promises. Known are: what clients were told, what handlers wrote down when they
// ran, what the database holds, and who was hit by a fault.
//
//   lost         an acknowledged task is not stored
//   stuck        a stored task has not ended, in all the time of calm
//   outcome      a task has an end that nobody asked for and no run explains
//   double       its recorded output is that of no run, or of several
//   lapsed       it is that of a run whose lease is not the one that stands
//   repeated     a run that no lost, failed or interrupted attempt explains; a lease or an attempt that ran twice; runs
//                that overlapped although the older one's agent was not lost
//   unexplained  an attempt was LOST though no fault kept its agent away, FAILED though it was not told to, or was
//                INTERRUPTED though its agent was not asked to stop
//   wait         a wait or a watch did not end, or ended otherwise than the task

import { type Run, signature } from '../../history.ts';
import type { Seen } from '../play/load.ts';
import type { Evidence, PastAttempt, StoredTask } from './evidence.ts';

/** The names of the rules. */
export const rules = [
  ...(['lost', 'stuck', 'outcome', 'double', 'lapsed', 'repeated', 'unexplained', 'wait'] as const),
];

/** The name of a rule. */
export type Rule = (typeof rules)[number];

/** A promise that was not kept. */
export interface Breach {
  readonly rule: Rule;
  readonly taskId: string;
  readonly told: string;
}

/** What a client knows of a task, now that all its waits are over. */
export interface Witnessed {
  readonly id: string;
  readonly acknowledged: boolean;
  readonly cancelled: boolean;
  /** Attempts that fail as they were told to. */
  readonly failures: number;
  /** How its wait ended; `pending`: it has not. Undefined: there was none. */
  readonly seen: Seen | 'pending' | undefined;
}

/** All that is known. */
export interface Story extends Evidence {
  readonly witnessed: readonly Witnessed[];
  readonly runs: readonly Run[];
  /** Whether a fault explains that the agent was lost at a moment; milliseconds of the calendar. */
  isExcused(agentId: string, lostAt: number): boolean;
  /** Whether the agent was asked to stop. */
  wasAskedToStop(agentId: string): boolean;
}

/** A task may be lost with its agent so often. */
const lostAttemptsMax = 3;

/** Every breach of the story; empty: all promises were kept. */
export function breachesOf(story: Story): Breach[] {
  const tasks = new Map(story.tasks.map((task) => [task.id, task]));
  const attemptsOf = Map.groupBy(story.attempts, ({ taskId }) => taskId);
  const runsOf = Map.groupBy(story.runs, ({ taskId }) => taskId);
  return story.witnessed.flatMap((witness) => {
    const { id } = witness;
    const task = tasks.get(id);
    const found: Found = {
      witness,
      attempts: attemptsOf.get(id) ?? [],
      runs: runsOf.get(id) ?? [],
    };
    return told(found, task, story).map(([rule, text]) => ({ rule, taskId: id, told: text }));
  });
}

interface Found {
  readonly witness: Witnessed;
  readonly attempts: readonly PastAttempt[];
  readonly runs: readonly Run[];
}

type Finding = readonly [rule: Rule, told: string];

function told(found: Found, task: StoredTask | undefined, story: Story): Finding[] {
  if (task === undefined) {
    if (found.witness.acknowledged) return [['lost', 'was acknowledged and is not stored']];
    return found.runs.length > 0 ? [['lost', 'ran and is not stored']] : [];
  }
  if (!isFinished(task)) {
    const { state, attempt, leaseEpoch } = task;
    const ran = found.runs.map(describe).join(', ');
    return [['stuck', `is ${state}, attempt ${attempt}, epoch ${leaseEpoch}; it ran: ${ran}`]];
  }
  return [
    ...outcomeFindings(found, task),
    ...runFindings(found, task),
    ...attemptFindings(found, story),
    ...waitFindings(found, task),
  ];
}

const isFinished = ({ state }: StoredTask) => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(state);

const describe = (run: Run) => `"${signature(run)}" ${run.end ?? 'cut off'}`;

function outcomeFindings({ witness, runs }: Found, task: StoredTask): Finding[] {
  const { state, attempt, leaseEpoch, lostAttempts, failure } = task;
  if (state === 'CANCELLED')
    return witness.cancelled ? [] : [['outcome', 'is CANCELLED, which nobody asked for']];
  if (state === 'FAILED')
    return lostAttempts > lostAttemptsMax ? [] : [['outcome', `is FAILED: ${failure}`]];
  const sources = runs.filter((run) => run.end === 'finished' && signature(run) === task.output);
  const [source] = sources;
  if (source === undefined || sources.length > 1)
    return [['double', `has the output "${task.output}" of ${sources.length} runs`]];
  if (source.attempt === attempt && source.leaseEpoch === leaseEpoch) return [];
  return [
    [
      'lapsed',
      `has the output "${task.output}", but attempt ${attempt} epoch ${leaseEpoch} stands`,
    ],
  ];
}

function runFindings({ attempts, runs }: Found, task: StoredTask): Finding[] {
  const findings: Finding[] = [];
  const all = runs.map(describe).join(', ');
  const past = new Map(attempts.map((attempt) => [attempt.number, attempt]));
  for (const [what, key] of [['attempt', (run: Run) => run.attempt] as const, epochKey]) {
    const numbers = new Set(runs.map(key));
    if (numbers.size < runs.length) findings.push(['repeated', `ran one ${what} twice: ${all}`]);
  }
  for (const run of runs)
    if (run.attempt !== task.attempt && !past.has(run.attempt))
      findings.push(['repeated', `ran attempt ${run.attempt}, which nothing tells of: ${all}`]);
  for (const [at, run] of runs.entries()) {
    const next = runs[at + 1];
    const end = run.endedAt ?? Number.POSITIVE_INFINITY;
    if (next && next.beganAt < end && past.get(run.attempt)?.outcome !== 'LOST')
      findings.push(['repeated', `overlapped itself: ${all}`]);
  }
  return findings;
}

const epochKey = ['lease', (run: Run) => run.leaseEpoch] as const;

function attemptFindings({ witness, attempts, runs }: Found, story: Story): Finding[] {
  return attempts.flatMap(({ number, agentId, outcome, endedAt, failure }): Finding[] => {
    const what = `attempt ${number} at ${agentId} is ${outcome}`;
    if (outcome === 'LOST' && !story.isExcused(agentId, endedAt))
      return [['unexplained', `${what}, with no fault to explain it`]];
    if (outcome === 'INTERRUPTED' && !story.wasAskedToStop(agentId))
      return [['unexplained', `${what}, though it was not asked to stop`]];
    const failed = runs.find((run) => run.attempt === number && run.end === 'failed');
    if (outcome === 'FAILED' && (number > witness.failures || failed === undefined))
      return [['unexplained', `${what}: ${failure}`]];
    return [];
  });
}

function waitFindings({ witness }: Found, task: StoredTask): Finding[] {
  const { seen } = witness;
  if (seen === undefined) return [];
  if (seen === 'pending') return [['wait', `ended ${task.state}, which a wait was never told`]];
  if ('error' in seen) return [['wait', `ended ${task.state}, but a wait with ${seen.error}`]];
  const isSame =
    seen.state === task.state && (seen.output === undefined || seen.output === task.output);
  if (isSame) return [];
  return [
    [
      'wait',
      `ended ${task.state} "${task.output}", a wait was told ${seen.state} "${seen.output}"`,
    ],
  ];
}
