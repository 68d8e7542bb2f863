// The Postgres of a bench: its own server, durable as in production, with its own statistics read before and after.
//
// The bench asks as a user of its own, so that its statements are told apart from those of the coordinator.

import pg from 'pg';
import { type PostgresServer, startPostgres } from '../harness/postgres.ts';
import type { Transactions } from './result.ts';

/** What everything that is compared runs on. Commits are durable: fsync and synchronous_commit are on. */
const settings = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '1000',
};

const benchUser = 'bench';

/** Starts the server; `version` is for the report. */
export async function startDatabaseServer(): Promise<PostgresServer> {
  const server = await startPostgres({ settings });
  // In the template, so that every database made from it has the extension.
  const client = await connect(server.url('template1'));
  await client.query(`CREATE ROLE ${benchUser} SUPERUSER LOGIN`);
  await client.query('CREATE EXTENSION pg_stat_statements');
  await client.end();
  return server;
}

/** A connection of the bench itself. */
export interface Observer {
  /** True once no task waits or runs. */
  isIdle(): Promise<boolean>;
  /** Tasks by state, as numbers of the contract. */
  countStates(): Promise<ReadonlyMap<number, number>>;
  /** Begins to count anew. */
  resetStatistics(): Promise<void>;
  /** What happened since; complete once the processes that did it have ended. */
  statistics(): Promise<Statistics>;
  run<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** What Postgres itself counted. */
export interface Statistics {
  readonly statements: number;
  readonly rowWrites: number;
  readonly transactions: Omit<Transactions, 'hotPathPer100Tasks'>;
  /** Calls, milliseconds and rows by statement, the most expensive first. */
  readonly top: readonly { readonly text: string; readonly calls: number; readonly ms: number }[];
}

/** Connects to the coordinator's database as the bench. */
export async function observe(databaseUrl: string): Promise<Observer> {
  const url = new URL(databaseUrl);
  url.username = benchUser;
  const client = await connect(url.href);
  await client.query('SET search_path = muster, public');
  const run = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows;
  return {
    run,
    async isIdle() {
      const open = (state: number) => `EXISTS (SELECT FROM tasks WHERE state = ${state})`;
      const [row] = await run<{ idle: boolean }>(
        `SELECT NOT (${[1, 2, 3, 4].map(open).join(' OR ')}) AS idle`,
      );
      return row?.idle === true;
    },
    async countStates() {
      const rows = await run<{ state: number; count: string }>(
        'SELECT state, count(*) AS count FROM tasks GROUP BY state',
      );
      return new Map(rows.map(({ state, count }) => [state, Number(count)]));
    },
    async resetStatistics() {
      await run('SELECT pg_stat_statements_reset(), pg_stat_reset()');
    },
    statistics: () => readStatistics(run),
    close: () => client.end(),
  };
}

type Run = Observer['run'];

/** What changes tasks, and what looks after them, by their text. */
const hotPath = `(query LIKE '%INSERT INTO tasks%' OR query LIKE '%UPDATE tasks t SET state%' OR query = 'COMMIT')`;

async function readStatistics(run: Run): Promise<Statistics> {
  const own = `s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  const isBench = `s.userid = (SELECT oid FROM pg_roles WHERE rolname = '${benchUser}')`;
  const [calls] = await run<Record<'all' | 'hot' | 'bench', string>>(
    `SELECT sum(calls) FILTER (WHERE NOT ${isBench}) AS "all",
      sum(calls) FILTER (WHERE NOT ${isBench} AND ${hotPath}) AS hot,
      sum(calls) FILTER (WHERE ${isBench}) AS bench
     FROM public.pg_stat_statements s WHERE ${own}`,
  );
  const [writes] = await run<{ writes: string }>(
    `SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS writes
     FROM pg_stat_user_tables WHERE relname ~ '^tasks_[0-9]{8}$'`,
  );
  const top = await run<{ text: string; calls: string; ms: number }>(
    `SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 100) AS text, calls, total_exec_time AS ms
     FROM public.pg_stat_statements s WHERE ${own} AND NOT ${isBench}
     ORDER BY total_exec_time DESC LIMIT 12`,
  );
  const [all, hot, bench] = [calls?.all, calls?.hot, calls?.bench].map(Number) as number[];
  return {
    statements: all ?? 0,
    rowWrites: Number(writes?.writes),
    transactions: { hotPath: hot ?? 0, maintenance: (all ?? 0) - (hot ?? 0), bench: bench ?? 0 },
    top: top.map((row) => ({ text: row.text, calls: Number(row.calls), ms: row.ms })),
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
