// What Postgres itself counted about one database: statements by who sent them and what for, and rows written.

import type pg from 'pg';
import type { Transactions } from '../result.ts';
import { benchRole } from './server.ts';

/** What Postgres counted. */
export interface Statistics {
  readonly statements: number;
  /** Rows of tasks inserted, updated and deleted since the database was made. */
  readonly rowWrites: number;
  readonly transactions: Omit<Transactions, 'hotPathPer100Tasks'>;
  /** Calls and milliseconds by statement, the most expensive first. */
  readonly top: readonly { readonly text: string; readonly calls: number; readonly ms: number }[];
}

type Run = <Row extends pg.QueryResultRow>(text: string) => Promise<Row[]>;

/** What changes tasks, by its text; the rest looks after them. */
const hotPath = `(query LIKE '%INSERT INTO tasks%' OR query LIKE '%UPDATE tasks t SET state%' OR query = 'COMMIT')`;
const ofDatabase = `s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const isBench = `s.userid = (SELECT oid FROM pg_roles WHERE rolname = '${benchRole}')`;

/** Reads all of it. */
export async function readStatistics(run: Run): Promise<Statistics> {
  const [calls] = await run<Record<'all' | 'hot' | 'bench', string>>(
    `SELECT coalesce(sum(calls) FILTER (WHERE NOT ${isBench}), 0) AS "all",
      coalesce(sum(calls) FILTER (WHERE NOT ${isBench} AND ${hotPath}), 0) AS hot,
      coalesce(sum(calls) FILTER (WHERE ${isBench}), 0) AS bench
     FROM public.pg_stat_statements s WHERE ${ofDatabase}`,
  );
  const [writes] = await run<{ writes: string }>(
    `SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS writes
     FROM pg_stat_user_tables WHERE relname ~ '^tasks_[0-9]{8}$'`,
  );
  const top = await run<{ text: string; calls: string; ms: number }>(
    `SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 100) AS text, calls, total_exec_time AS ms
     FROM public.pg_stat_statements s WHERE ${ofDatabase} AND NOT ${isBench}
     ORDER BY total_exec_time DESC LIMIT 50`,
  );
  const [all = 0, hot = 0, bench = 0] = [calls?.all, calls?.hot, calls?.bench].map(Number);
  return {
    statements: all,
    rowWrites: Number(writes?.writes),
    transactions: { hotPath: hot, maintenance: all - hot, bench },
    top: top.map((row) => ({ text: row.text, calls: Number(row.calls), ms: row.ms })),
  };
}
