// A peer with one schedule of each minute, in a process and a database of its own.

import { fileURLToPath } from 'node:url';
import { createDatabaseAt, dropDatabaseAt } from '../../harness/postgres.ts';
import { startNode } from '../../harness/processes.ts';

/** The peers that have schedules in Postgres. */
export type MinutePeer = 'graphileWorker' | 'pgBoss';

/** A peer that runs. */
export interface PeerEachMinute {
  /** When the job has started so far: calendar moments in milliseconds. */
  starts(): readonly number[];
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('minute-process.ts', import.meta.url));
const readyMs = 60_000;

/** Starts it; `postgresUrl` is any database of a server, in which it makes its own. */
export async function startEachMinute(
  name: MinutePeer,
  postgresUrl: string,
): Promise<PeerEachMinute> {
  const url = await createDatabaseAt(postgresUrl);
  const process = await startNode(main, [name, url], { name });
  const stop = async () => {
    await process.end();
    await dropDatabaseAt(url);
  };
  try {
    await process.line(/^ready$/, { timeoutMs: readyMs });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    starts: () =>
      process.lines.flatMap((line) => {
        const [, at] = /^started (\d+)$/.exec(line) ?? [];
        return at === undefined ? [] : [Number(at)];
      }),
    stop,
  };
}
