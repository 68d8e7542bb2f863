// What users would pick instead, measured on the same machine: graphile-worker, pg-boss and BullMQ,
// each in real processes of its own, set up as its own documentation advises for speed.

import type { Crew, WorkerProcesses } from './crew.ts';
import type { PeerName } from './peer.ts';
import { type Skipped, withCrew } from './places.ts';

/** Jobs per second of one way to load a peer. */
export interface PeerRate {
  /** All jobs: from the first insert to the last completion. */
  readonly tasksPerSecond: number;
  readonly insertsPerSecond: number;
  /** Only running them: from the first start to the last completion. */
  readonly processedPerSecond: number;
}

/** A peer's throughput: of its better way, with the number of processes that was fastest. */
export interface PeerThroughput extends PeerRate {
  readonly how: 'insert first' | 'insert while processing';
  readonly workerProcesses: WorkerProcesses;
  readonly insertFirst: PeerRate;
  /** Jobs per second of a line that was there before the workers, with the number of processes that is best for that. */
  readonly linePerSecond: number;
  readonly insertWhileProcessing: PeerRate;
  /** Tasks per second of the better way, for each number of processes that was tried. */
  readonly tried: Readonly<Record<number, number>>;
}

const warmUpJobs = 1_000;

/**
 * All are tried, and the fastest counts: which one it is depends on the peer, the machine and its load.
 * On two cores that were quiet, graphile-worker was about as fast in one process as in three, and pg-boss
 * fastest in three; on a busy machine the order changed from run to run.
 */
const workerProcessesTried: readonly WorkerProcesses[] = [0, 1, 2];

/** Measures both ways; `postgresUrl` is any database of a server, in which it makes its own. */
export async function measurePeer(
  name: PeerName,
  options: {
    readonly postgresUrl: string;
    readonly tasks: number;
    readonly inputBytes: number;
    /** Jobs of one call that stores them. Default: as many as the peer takes best. */
    readonly callJobsMax?: number;
    /** Default: all. */
    readonly workerProcesses?: readonly WorkerProcesses[];
  },
): Promise<PeerThroughput | Skipped> {
  const { postgresUrl, tasks, inputBytes, callJobsMax } = options;
  let best: Omit<PeerThroughput, 'tried' | 'linePerSecond'> | undefined;
  let linePerSecond = 0;
  const tried: Record<number, number> = {};
  for (const workerProcesses of options.workerProcesses ?? workerProcessesTried) {
    const where = { postgresUrl, inputBytes, workerProcesses, callJobsMax };
    const rates = await withCrew(name, 'throughput', where, (crew) => measureBothWays(crew, tasks));
    if ('skipped' in rates) return rates;
    tried[workerProcesses] = rates.tasksPerSecond;
    linePerSecond = Math.max(linePerSecond, rates.insertFirst.processedPerSecond);
    const isBetter = rates.tasksPerSecond > (best?.tasksPerSecond ?? 0);
    if (isBetter) best = { ...rates, workerProcesses };
  }
  if (!best) throw new Error('No number of processes was to be tried.');
  return { ...best, tried, linePerSecond };
}

async function measureBothWays(
  crew: Crew,
  tasks: number,
): Promise<Omit<PeerThroughput, 'workerProcesses' | 'tried' | 'linePerSecond'>> {
  await warmUp(crew);
  const insertFirst = await measureInsertFirst(crew, tasks);
  const insertWhileProcessing = await measureInsertWhileProcessing(crew, tasks);
  const both = { insertFirst, insertWhileProcessing };
  return insertFirst.tasksPerSecond >= insertWhileProcessing.tasksPerSecond
    ? { how: 'insert first', ...insertFirst, ...both }
    : { how: 'insert while processing', ...insertWhileProcessing, ...both };
}

async function warmUp(crew: Crew): Promise<void> {
  await crew.openWorkers();
  await crew.insert(0, warmUpJobs);
  await crew.started(warmUpJobs);
  await crew.drain();
  await crew.closeWorkers();
}

/** Connecting the workers is not counted: the clock stops after the inserts until the first job starts. */
async function measureInsertFirst(crew: Crew, tasks: number): Promise<PeerRate> {
  const inserted = await crew.insert(0, tasks);
  await crew.openWorkers();
  const { firstAt, completedAt } = await finish(crew, tasks);
  await crew.closeWorkers();
  const seconds = (inserted.end - inserted.begin + (completedAt - firstAt)) / 1e9;
  return {
    tasksPerSecond: Math.round(tasks / seconds),
    insertsPerSecond: perSecond(tasks, inserted.end - inserted.begin),
    processedPerSecond: perSecond(tasks, completedAt - firstAt),
  };
}

async function measureInsertWhileProcessing(crew: Crew, tasks: number): Promise<PeerRate> {
  await crew.openWorkers();
  const inserted = await crew.insert(0, tasks);
  const { firstAt, completedAt } = await finish(crew, tasks);
  await crew.closeWorkers();
  return {
    tasksPerSecond: perSecond(tasks, completedAt - inserted.begin),
    insertsPerSecond: perSecond(tasks, inserted.end - inserted.begin),
    processedPerSecond: perSecond(tasks, completedAt - firstAt),
  };
}

/** Waits until the jobs 0 … tasks - 1 have been completed, and checks that each ran once. */
async function finish(
  crew: Crew,
  tasks: number,
): Promise<{ readonly firstAt: number; readonly completedAt: number }> {
  await crew.started(tasks);
  const { end: completedAt } = await crew.drain();
  const { handled, sum, firstAt } = await crew.started(tasks);
  if (handled !== tasks || sum !== (tasks * (tasks - 1)) / 2) {
    throw new Error(`${handled} jobs started for ${tasks}, with the sum ${sum} of their numbers.`);
  }
  return { firstAt, completedAt };
}

function perSecond(count: number, nanoseconds: number): number {
  return Math.round((count / nanoseconds) * 1e9);
}
