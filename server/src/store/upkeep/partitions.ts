/**
 * Partitions of `tasks`: one per day of the time inside the ids, made ahead, by CREATE then ATTACH.
 *
 * ATTACH takes a lock that lets reads and writes pass, unlike CREATE … PARTITION OF. There is no default partition: it
 * would have to be searched whenever another is attached, and could not be dropped.
 */
import { leastIdAt, timeOfId } from '../../rules/ids.ts';
import type { Connection, Database } from '../engines/database.ts';
import { statement } from '../engines/database.ts';

const dayMs = 86_400_000;
const daysAhead = 3;
/** A day further from the database's time than this is no partition of ours, whatever an id says. */
const daysOffMax = 3;
/** Any number that no other program is likely to lock. */
const lockKey = 7_420_002;

/** One partition: the tasks of a day. */
export type Partition = {
  readonly name: string;
  /** Start of its day, milliseconds since 1970. */
  readonly startMs: number;
};

const listSql = statement(
  'partitions_list',
  `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'tasks'::regclass ORDER BY c.relname`,
);

const nowSql = statement('partitions_now', `SELECT now() AS now`);

/** All partitions, oldest first. */
export async function listPartitions(connection: Connection): Promise<readonly Partition[]> {
  const rows = await connection.run<{ name: string }>(listSql);
  return rows.flatMap(({ name }) => {
    const [, year, month, day] = /^tasks_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
    if (year === undefined) return [];
    return [{ name, startMs: Date.UTC(Number(year), Number(month) - 1, Number(day)) }];
  });
}

/** Least id of a partition, and least id after it. */
export function boundsOf(partition: Partition): { readonly from: string; readonly to: string } {
  return { from: leastIdAt(partition.startMs), to: leastIdAt(partition.startMs + dayMs) };
}

/** Makes the partitions from yesterday to three days ahead; answers how many were missing. */
export async function ensurePartitions(database: Database): Promise<number> {
  return database.transaction(async (connection) => {
    const today = startOfDay(await databaseNow(connection));
    const days = Array.from({ length: daysAhead + 2 }, (_, at) => today + (at - 1) * dayMs);
    return makeMissing(connection, days);
  });
}

/** Makes the partitions that these ids need, as far as their time is near; for inserts that found none. */
export async function ensurePartitionsOf(
  database: Database,
  ids: readonly string[],
): Promise<number> {
  return database.transaction(async (connection) => {
    const today = startOfDay(await databaseNow(connection));
    const days = new Set(ids.map((id) => startOfDay(timeOfId(id))));
    const near = [...days].filter((day) => Math.abs(day - today) <= daysOffMax * dayMs);
    return makeMissing(connection, near);
  });
}

/** The database's time in milliseconds. */
export async function databaseNow(connection: Connection): Promise<number> {
  const [row] = await connection.run<{ now: number }>(nowSql);
  return row?.now ?? 0;
}

async function makeMissing(connection: Connection, days: readonly number[]): Promise<number> {
  const present = async () => new Set((await listPartitions(connection)).map((p) => p.startMs));
  const before = await present();
  if (days.every((day) => before.has(day))) return 0;
  await connection.execute(`SET LOCAL lock_timeout = '2s'`);
  await connection.execute(`SELECT pg_advisory_xact_lock(${lockKey})`);
  const now = await present();
  const missing = days.filter((day) => !now.has(day));
  for (const day of missing) await make(connection, day);
  return missing.length;
}

async function make(connection: Connection, startMs: number): Promise<void> {
  const name = `tasks_${new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const { from, to } = boundsOf({ name, startMs });
  // Every task is updated at least once: vacuum early, so that a day's dead rows do not pile up.
  await connection.execute(
    `CREATE TABLE ${name} (LIKE tasks INCLUDING DEFAULTS INCLUDING STORAGE)
     WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`,
  );
  await connection.execute(
    `ALTER TABLE tasks ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`,
  );
}

function startOfDay(timeMs: number): number {
  return Math.floor(timeMs / dayMs) * dayMs;
}
