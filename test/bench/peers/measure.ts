// What users would pick instead, measured on the same machine: graphile-worker, pg-boss and BullMQ,
// each in real processes of its own, set up as its own documentation advises for speed.

import { createDatabaseAt, dropDatabaseAt } from '../../harness/postgres.ts';
import { type Crew, startCrew, type WorkerProcesses } from './crew.ts';
import type { PeerName, Purpose } from './peer.ts';
import { startRedis } from './redis.ts';

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
  readonly insertWhileProcessing: PeerRate;
  /** Tasks per second of the better way, for each number of processes that was tried. */
  readonly tried: Readonly<Record<number, number>>;
}

/** Milliseconds from the call that submits a job to the start of its handler, one job at a time. */
export interface PeerLatency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Why a peer was not measured. */
export interface Skipped {
  readonly skipped: string;
}

const warmUpJobs = 1_000;
const warmUpSamples = 20;
const latencyInputBytes = 90;

/**
 * All are tried, and the fastest counts: which one it is depends on the peer, the machine and its load.
 * On two cores graphile-worker was as fast in one process as in three, pg-boss was fastest in three, and
 * BullMQ in two.
 */
const workerProcessesTried: readonly WorkerProcesses[] = [0, 1, 2];

/** Measures both ways; `postgresUrl` is any database of a server, in which it makes its own. */
export async function measurePeer(
  name: PeerName,
  options: {
    readonly postgresUrl: string;
    readonly tasks: number;
    readonly inputBytes: number;
    /** Default: all. */
    readonly workerProcesses?: readonly WorkerProcesses[];
  },
): Promise<PeerThroughput | Skipped> {
  const { postgresUrl, tasks, inputBytes } = options;
  let best: Omit<PeerThroughput, 'tried'> | undefined;
  const tried: Record<number, number> = {};
  for (const workerProcesses of options.workerProcesses ?? workerProcessesTried) {
    const where = { postgresUrl, inputBytes, workerProcesses };
    const rates = await withCrew(name, 'throughput', where, (crew) => measureBothWays(crew, tasks));
    if ('skipped' in rates) return rates;
    tried[workerProcesses] = rates.tasksPerSecond;
    const isBetter = rates.tasksPerSecond > (best?.tasksPerSecond ?? 0);
    if (isBetter) best = { ...rates, workerProcesses };
  }
  if (!best) throw new Error('No number of processes was to be tried.');
  return { ...best, tried };
}

async function measureBothWays(
  crew: Crew,
  tasks: number,
): Promise<Omit<PeerThroughput, 'workerProcesses' | 'tried'>> {
  await warmUp(crew);
  const insertFirst = await measureInsertFirst(crew, tasks);
  const insertWhileProcessing = await measureInsertWhileProcessing(crew, tasks);
  const both = { insertFirst, insertWhileProcessing };
  return insertFirst.tasksPerSecond >= insertWhileProcessing.tasksPerSecond
    ? { how: 'insert first', ...insertFirst, ...both }
    : { how: 'insert while processing', ...insertWhileProcessing, ...both };
}

/** Measures one job at a time, stored by one process and run by another, completed before the next. */
export async function measurePeerLatency(
  name: PeerName,
  options: { readonly postgresUrl: string; readonly samples: number },
): Promise<PeerLatency | Skipped> {
  const { postgresUrl, samples } = options;
  const where = { postgresUrl, inputBytes: latencyInputBytes, workerProcesses: 1 } as const;
  const latencies = await withCrew(name, 'latency', where, async (crew) => {
    await crew.openWorkers();
    const times: number[] = [];
    for (let id = 0; id < warmUpSamples + samples; id += 1) {
      const { begin } = await crew.insertOne(id);
      const { lastAt } = await crew.started(id + 1);
      times.push((lastAt - begin) / 1e6);
      await crew.drain();
    }
    return times.slice(warmUpSamples);
  });
  return 'skipped' in latencies ? latencies : percentilesOf(latencies);
}

async function withCrew<Result extends object>(
  name: PeerName,
  purpose: Purpose,
  options: {
    readonly postgresUrl: string;
    readonly inputBytes: number;
    readonly workerProcesses: WorkerProcesses;
  },
  measure: (crew: Crew) => Promise<Result>,
): Promise<Result | Skipped> {
  const place = name === 'bullmq' ? await redisPlace() : await postgresPlace(options.postgresUrl);
  if (!place) return { skipped: 'There is no redis-server on PATH.' };
  try {
    const task = { name, purpose, url: place.url, inputBytes: options.inputBytes };
    const crew = await startCrew(task, options.workerProcesses);
    try {
      return await measure(crew);
    } finally {
      await crew.end();
    }
  } finally {
    await place.leave();
  }
}

/** An empty place for a peer's jobs. */
interface Place {
  readonly url: string;
  leave(): Promise<void>;
}

async function redisPlace(): Promise<Place | undefined> {
  const server = await startRedis();
  return server && { url: server.url, leave: () => server.stop() };
}

async function postgresPlace(postgresUrl: string): Promise<Place> {
  const url = await createDatabaseAt(postgresUrl);
  return { url, leave: () => dropDatabaseAt(url) };
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

function percentilesOf(times: readonly number[]): PeerLatency {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.round(value * 1000) / 1000;
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}
