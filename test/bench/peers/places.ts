// Where a peer's jobs lie while it is measured: a database of its own, made in a server that runs, or a
// Redis of its own.

import { createDatabaseAt, dropDatabaseAt } from '../../harness/postgres.ts';
import { type Crew, startCrew, type WorkerProcesses } from './crew.ts';
import type { PeerName, Purpose } from './peer.ts';
import { startRedis } from './redis.ts';

/** Why a peer was not measured. */
export interface Skipped {
  readonly skipped: string;
}

/** Starts a peer's processes in an empty place, measures, and ends both. */
export async function withCrew<Result extends object>(
  name: PeerName,
  purpose: Purpose,
  options: {
    readonly postgresUrl: string;
    readonly inputBytes: number;
    readonly workerProcesses: WorkerProcesses;
    /** Default: as many as the peer takes best. */
    readonly callJobsMax?: number | undefined;
  },
  measure: (crew: Crew) => Promise<Result>,
): Promise<Result | Skipped> {
  const place = name === 'bullmq' ? await redisPlace() : await postgresPlace(options.postgresUrl);
  if (!place) return { skipped: 'There is no redis-server on PATH.' };
  try {
    const { inputBytes, callJobsMax = 100_000 } = options;
    const task = { name, purpose, url: place.url, inputBytes, callJobsMax };
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
