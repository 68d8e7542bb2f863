/**
 * Drops the partitions that hold nothing but finished tasks past retention, with what belongs to those tasks.
 *
 * A partition is looked at without locks first, then again under a lock that keeps writers out of it. Dropping locks the
 * whole table for a moment; whoever waits for that lock makes others wait behind it, so it is not awaited for long.
 */
import { sql } from 'kysely';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { StoreConflict } from '../errors.ts';
import { boundsOf, databaseNow, listPartitions, type Partition } from './partitions.ts';

const dayMs = 86_400_000;
/** Ids may lie a day before the database's time, so a day is still written to for a day after its end. */
const openDays = 2;
const sideRowsMax = 5_000;
const sideTables = ['attempts', 'attempt_logs', 'task_progress'] as const;

/** SQL: whether a finished row is past the retention of its namespace; `defaultMs` is an expression, milliseconds. */
export function isOver(row: string, defaultMs: string): string {
  const retention = `(SELECT CASE WHEN n.deleted_at IS NOT NULL THEN 0 ELSE coalesce(n.retention_ms, ${defaultMs}) END
    FROM namespaces n WHERE n.id = ${row}.namespace_id)`;
  return `(${row}.ended_at < now() - coalesce(${retention}, 0) * interval '1 millisecond')`;
}

const deleteSideSql = sideTables.map((table) =>
  statement(
    `retention_beside_${table}`,
    `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${table} WHERE task_id >= $1::uuid AND task_id < $2::uuid LIMIT ${sideRowsMax})) RETURNING 1`,
  ),
);

/** See `Retention.dropPartitions`. */
export async function dropPartitions(
  database: Database,
  retentionMs: number,
): Promise<readonly string[]> {
  const now = await databaseNow(database);
  const partitions = await listPartitions(database);
  const closed = partitions.filter(({ startMs }) => startMs + (1 + openDays) * dayMs <= now);
  const dropped: string[] = [];
  for (const partition of closed) {
    if (!(await looksOver(database, partition, retentionMs))) continue;
    if (!(await dropOne(database, partition, retentionMs))) continue;
    dropped.push(partition.name);
    await deleteBeside(database, boundsOf(partition));
  }
  // What a process left that died between the two.
  const [oldest] = partitions;
  if (oldest) {
    const to = boundsOf(oldest).from;
    await deleteBeside(database, { from: '00000000-0000-0000-0000-000000000000', to });
  }
  return dropped;
}

function checkText(partition: Partition, retentionMs: number): string {
  return `SELECT NOT EXISTS (SELECT FROM ${partition.name} t
    WHERE t.ended_at IS NULL OR NOT ${isOver('t', String(retentionMs))}) AS over`;
}

/** Reads the whole day, on a connection whose plans are free. */
async function looksOver(
  database: Database,
  partition: Partition,
  retentionMs: number,
): Promise<boolean> {
  const { rows } = await database.cold((kysely) =>
    sql.raw<{ over: boolean }>(checkText(partition, retentionMs)).execute(kysely),
  );
  return rows[0]?.over ?? false;
}

async function dropOne(
  database: Database,
  partition: Partition,
  retentionMs: number,
): Promise<boolean> {
  const check = statement(`retention_check_${partition.name}`, checkText(partition, retentionMs));
  const dropLocked = async (connection: Connection) => {
    await connection.execute(`SET LOCAL lock_timeout = '500ms'`);
    await connection.execute(`SET LOCAL statement_timeout = '60s'`);
    await connection.execute(`LOCK TABLE ${partition.name} IN SHARE MODE`);
    const [row] = await connection.run<{ over: boolean }>(check);
    if (row?.over !== true) return false;
    await connection.execute(`DROP TABLE ${partition.name}`);
    return true;
  };
  try {
    return await database.transaction(dropLocked);
  } catch (error) {
    // Somebody works in it: the next round will see.
    if (error instanceof StoreConflict) return false;
    throw error;
  }
}

async function deleteBeside(
  database: Database,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  for (const each of deleteSideSql) {
    let rows: unknown[];
    do rows = await database.run(each, [from, to]);
    while (rows.length >= sideRowsMax);
  }
}
