// How a bench learns what became of its tasks. On Postgres it asks the database, under a role of its own, so that its
// statements are told apart from those of the coordinator; PGlite lets nobody else in, so there the client asks.

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Settled } from '../protocol.ts';
import { benchRole } from './server.ts';
import { readStatistics, type Statistics } from './statistics.ts';

/** Tasks by the name of their state. */
export type States = Readonly<Record<string, number>>;

/** Whoever looks at the tasks of a measurement. */
export interface Observer {
  /** Waits until no task waits or runs; answers when the last one ended, in calendar milliseconds. */
  settled(): Promise<number>;
  countStates(): Promise<States>;
  /** Begins to count statements anew. */
  resetStatistics(): Promise<void>;
  /** Statements since then, and rows since the database was made. Undefined where nobody counts. */
  statistics(): Promise<Statistics | undefined>;
  /** Waits until nobody else is connected: only then has Postgres counted every row, which it does with a delay. */
  alone(): Promise<void>;
  /** Asks the database itself. Throws on PGlite. */
  run<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const states = [
  ...['', 'DELAYED', 'WAITING', 'READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'],
] as const;
/**
 * Those that a task of the bench can be in before its end, the likeliest first. Each has an index, which a look must use: a
 * walk past all rows every 20 ms took half a processor from what is measured. Nothing waits for a lane here.
 */
const openStates = [4, 3, 1];
const byIndexOnly = ['enable_seqscan', 'enable_bitmapscan'];
const lookEveryMs = 20;
/** No measurement takes longer to end. */
const settleLimitMs = 15 * 60_000;
const aloneLimitMs = 30_000;

/** Connects to the coordinator's Postgres as the bench. */
export async function observePostgres(databaseUrl: string): Promise<Observer> {
  const client = await connectAsBench(databaseUrl);
  const run = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows;
  const isIdle = async () => {
    const open = openStates.map((state) => `EXISTS (SELECT FROM tasks WHERE state = ${state})`);
    const [row] = await run<{ open: boolean }>(`SELECT ${open.join(' OR ')} AS open`);
    return row?.open === false;
  };
  const isAlone = async () => {
    const [row] = await run<{ others: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
         AND backend_type = 'client backend' AND pid <> pg_backend_pid()) AS others`,
    );
    return row?.others === false;
  };
  return {
    run,
    settled: async () => {
      for (const setting of byIndexOnly) await run(`SET ${setting} = off`);
      await until(isIdle, {
        everyMs: lookEveryMs,
        limitMs: settleLimitMs,
        what: 'The end of all tasks',
      });
      const endedAt = Date.now();
      for (const setting of byIndexOnly) await run(`RESET ${setting}`);
      return endedAt;
    },
    countStates: async () => {
      const rows = await run<{ state: number; count: string }>(
        'SELECT state, count(*) AS count FROM tasks GROUP BY state',
      );
      return Object.fromEntries(
        rows.map(({ state, count }) => [states[state] ?? String(state), Number(count)]),
      );
    },
    resetStatistics: async () => {
      await run(
        `SELECT public.pg_stat_statements_reset(0,
          (SELECT oid FROM pg_database WHERE datname = current_database()), 0)`,
      );
    },
    statistics: () => readStatistics(run),
    alone: () => until(isAlone, { everyMs: lookEveryMs, limitMs: aloneLimitMs, what: 'Solitude' }),
    close: () => client.end(),
  };
}

/** A connection whose statements count as the bench's own. */
export async function connectAsBench(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`SET ROLE ${benchRole}`);
  await client.query('SET search_path = muster, public');
  return client;
}

/** Looks through the client. */
export function observeThrough(client: { settle(): Promise<Settled> }): Observer {
  let last: Settled | undefined;
  return {
    settled: async () => {
      last = await client.settle();
      return last.endedAt;
    },
    countStates: async () => (last ?? (await client.settle())).states,
    resetStatistics: async () => {},
    statistics: async () => undefined,
    alone: async () => {},
    run: async () => {
      throw new Error('PGlite answers nobody but its coordinator.');
    },
    close: async () => {},
  };
}

/** Asks again and again until it is true. */
export async function until(
  isTrue: () => Promise<boolean>,
  how: { readonly everyMs: number; readonly limitMs: number; readonly what: string },
): Promise<void> {
  const endAt = performance.now() + how.limitMs;
  while (!(await isTrue())) {
    if (performance.now() > endAt)
      throw new Error(`${how.what} did not come in ${how.limitMs} ms.`);
    await sleep(how.everyMs);
  }
}
