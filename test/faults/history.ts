// What really ran, known independently of the database: handlers append one line per event to a file,
// each by one write to a descriptor opened with O_APPEND, so that lines of several processes never mix
// and survive SIGKILL (not the loss of power: there is no fsync). The checker holds it to the promises.

import assert from 'node:assert/strict';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, HandlerContext, Task } from '@muster/sdk';
import { temporaryFolder } from '../harness/reaper.ts';

/** What happened to an attempt: its handler began, came to its end, failed there, or was stopped on the way. */
export type RunEvent = 'began' | 'finished' | 'failed' | 'stopped';

/** One run of a handler. */
export interface Run {
  readonly taskId: string;
  readonly attempt: number;
  readonly leaseEpoch: number;
  /** Process of the agent. */
  readonly pid: number;
  /** Milliseconds by the system's monotonic clock, which all processes of a machine share. */
  readonly beganAt: number;
  /** Undefined: it goes on, or its process was killed. */
  readonly endedAt: number | undefined;
  readonly end: Exclude<RunEvent, 'began'> | undefined;
  /** Identity of what the task is to do. Undefined: none was given. */
  readonly key?: string | undefined;
}

/** Milliseconds by the clock of `Run`. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A new empty history; pass it to handlers by its path. */
export function newHistory(): string {
  return join(temporaryFolder('history'), 'runs');
}

const descriptors = new Map<string, number>();

/** Appends one event of an attempt that runs in this process. */
export function noteRun(history: string, context: HandlerContext, event: RunEvent): void {
  let descriptor = descriptors.get(history);
  if (descriptor === undefined) {
    descriptor = openSync(history, 'a');
    descriptors.set(history, descriptor);
  }
  const { taskId, attempt, leaseEpoch, idempotencyKey = '' } = context;
  const fields = [taskId, attempt, leaseEpoch, process.pid, event, clockMs(), idempotencyKey];
  writeSync(descriptor, `${fields.join(' ')}\n`);
}

/** What a recorded run returns, so that the stored output tells which run it came from. */
export function signature(run: Pick<Run, 'attempt' | 'leaseEpoch' | 'pid'>): string {
  return `attempt ${run.attempt} epoch ${run.leaseEpoch} pid ${run.pid}`;
}

/** All runs, in the order in which they began. */
export function readRuns(history: string): Run[] {
  const open = new Map<string, Run>();
  const runs: Run[] = [];
  for (const line of linesOf(history)) {
    const [taskId = '', attempt, leaseEpoch, pid, event, at, runKey] = line.split(' ');
    const key = [taskId, attempt, leaseEpoch, pid].join(' ');
    const before = open.get(key);
    if (event !== 'began') {
      assert.ok(before, `a run ended that had not begun: ${line}`);
      open.delete(key);
      Object.assign(before, { end: event, endedAt: Number(at) });
      continue;
    }
    const numbers = { attempt: Number(attempt), leaseEpoch: Number(leaseEpoch), pid: Number(pid) };
    const run: Run = {
      ...{ taskId, ...numbers, beganAt: Number(at) },
      ...{ endedAt: undefined, end: undefined, key: runKey || undefined },
    };
    open.set(key, run);
    runs.push(run);
  }
  return runs;
}

function linesOf(history: string): string[] {
  try {
    return readFileSync(history, 'utf8').split('\n').slice(0, -1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Every task with the label, with its output. */
export async function readTasks(client: Client, label: string): Promise<Task[]> {
  const tasks: Task[] = [];
  const labels = { story: label };
  for await (const task of client.list({ labels, view: 'payloads', pageSize: 1000 }))
    tasks.push(task);
  return tasks;
}

/**
 * What is wrong with a story that is over, in words; empty: nothing.
 *
 *   - a task that was acknowledged is missing, or has not succeeded
 *   - its recorded outcome is not that of exactly one run that came to its end
 *   - one attempt ran twice, or one lease did; or runs of one task overlapped though no agent was lost
 *   - it ran oftener than the attempts that were LOST allow
 */
export function faultsOf(
  acknowledged: readonly string[],
  tasks: readonly Task[],
  runs: readonly Run[],
): string[] {
  const told = new Set(acknowledged);
  const stored = new Map(tasks.map((task) => [task.id, task]));
  const runsOf = Map.groupBy(runs, ({ taskId }) => taskId);
  const faults = tasks
    .filter(({ id }) => !told.has(id))
    .map(({ id }) => `${id} is stored though nobody was told so`);
  for (const id of told) {
    const task = stored.get(id);
    if (task === undefined) faults.push(`${id} is lost`);
    else faults.push(...faultsOfTask(task, runsOf.get(id) ?? []).map((fault) => `${id} ${fault}`));
  }
  return faults;
}

function faultsOfTask(task: Task, runs: readonly Run[]): string[] {
  const faults: string[] = [];
  const { state, attempt, leaseEpoch, lostAttempts } = task;
  if (state !== 'SUCCEEDED') faults.push(`is ${state}`);
  const sources = runs.filter((run) => run.end === 'finished' && signature(run) === task.output);
  if (sources.length !== 1)
    faults.push(`has the outcome "${String(task.output)}" of ${sources.length} runs`);
  else if (sources[0]?.attempt !== attempt || sources[0].leaseEpoch !== leaseEpoch)
    faults.push(
      `stands at attempt ${attempt} epoch ${leaseEpoch}, not at "${String(task.output)}"`,
    );
  const told = runs.map((run) => `${signature(run)} ${run.end ?? 'cut off'}`).join(', ');
  const numbers = new Set(runs.map((run) => run.attempt));
  if (numbers.size < runs.length) faults.push(`ran one attempt twice: ${told}`);
  const epochs = new Set(runs.map((run) => run.leaseEpoch));
  if (epochs.size < runs.length) faults.push(`ran one lease twice: ${told}`);
  if (runs.length > 1 + lostAttempts)
    faults.push(`ran ${runs.length} times, with ${lostAttempts} attempts lost: ${told}`);
  if (lostAttempts === 0 && overlap(runs)) faults.push(`overlapped itself: ${told}`);
  return faults;
}

function overlap(runs: readonly Run[]): boolean {
  return runs.some((run, at) => {
    const next = runs[at + 1];
    return next !== undefined && next.beganAt < (run.endedAt ?? Number.POSITIVE_INFINITY);
  });
}

/** Fails with every fault of the story; tells how many tasks and runs there were. */
export async function expectHonestHistory(
  client: Client,
  story: { readonly label: string; readonly history: string; readonly ids: readonly string[] },
): Promise<{ readonly tasks: readonly Task[]; readonly runs: readonly Run[] }> {
  const tasks = await readTasks(client, story.label);
  const runs = readRuns(story.history);
  const faults = faultsOf(story.ids, tasks, runs);
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
  return { tasks, runs };
}
