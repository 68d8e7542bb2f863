/**
 * Brings the schema to the version that this code knows: plain numbered SQL files, forward only.
 *
 * Each file runs in a transaction of its own, under an advisory lock, so that replicas that start together do it once.
 * A schema newer than this code is refused: an older coordinator would not know what it may write. An older one is changed
 * only if it may be: others may run on it, and there is no way back.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { SchemaChanged, SchemaNewer, SchemaOlder } from './errors.ts';

/** One connection on which migrations run; several statements in one text are allowed. */
export type MigrationConnection = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};

/** One numbered file. */
export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
};

/** Any number that no other program is likely to lock. */
const lockKey = 7_420_001;
const folder = new URL('../../migrations/', import.meta.url);

/** The files of this version, in order. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, folder), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), sql, checksum };
    });
}

/** What may be done to the schema: an empty database always gets one, an older one is changed only with `all`. */
export type MigrationPermission = 'all' | 'new only';

/** Applies what is missing and answers its numbers. Throws `SchemaNewer`, `SchemaOlder` or `SchemaChanged`. */
export async function migrate(
  connection: MigrationConnection,
  permission: MigrationPermission,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly number[]> {
  await connection.query(`SELECT pg_advisory_lock(${lockKey})`);
  try {
    await connection.query(`CREATE SCHEMA IF NOT EXISTS muster`);
    await connection.query(`CREATE TABLE IF NOT EXISTS muster.muster_migrations (
      number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const done = await applied(connection);
    const missing = missingOf(done, migrations);
    if (done.size > 0 && missing.length > 0 && permission !== 'all') throw older(done, migrations);
    for (const migration of missing) await apply(connection, migration);
    return missing.map(({ number }) => number);
  } finally {
    await connection.query(`SELECT pg_advisory_unlock(${lockKey})`);
  }
}

async function applied(connection: MigrationConnection): Promise<ReadonlyMap<number, string>> {
  const { rows } = await connection.query('SELECT number, checksum FROM muster.muster_migrations');
  return new Map(rows.map((row) => [Number(row.number), String(row.checksum)]));
}

function missingOf(
  done: ReadonlyMap<number, string>,
  migrations: readonly Migration[],
): readonly Migration[] {
  const known = migrations.at(-1)?.number ?? 0;
  const newest = Math.max(0, ...done.keys());
  if (newest > known) {
    throw new SchemaNewer(
      `The database has schema version ${newest}, this Muster knows ${known}. Start a newer Muster, or give this one another database.`,
    );
  }
  for (const migration of migrations) {
    const checksum = done.get(migration.number);
    if (checksum === undefined || checksum === migration.checksum) continue;
    throw new SchemaChanged(
      `Migration ${migration.number} (${migration.name}) was applied with checksum ${checksum.slice(0, 12)}, ` +
        `its file has ${migration.checksum.slice(0, 12)}. Applied migrations must not be edited: restore the file.`,
    );
  }
  return migrations.filter(({ number }) => !done.has(number));
}

function older(done: ReadonlyMap<number, string>, migrations: readonly Migration[]): SchemaOlder {
  return new SchemaOlder(
    `The database has schema version ${Math.max(...done.keys())}, this Muster needs ${migrations.at(-1)?.number}. ` +
      'Back it up and start one coordinator of this version with --migrate (MUSTER_MIGRATE=true); older ones that run on it go on.',
  );
}

async function apply(connection: MigrationConnection, migration: Migration): Promise<void> {
  await connection.query('BEGIN');
  try {
    await connection.query(migration.sql);
    await connection.query(
      'INSERT INTO muster.muster_migrations (number, name, checksum) VALUES ($1, $2, $3)',
      [migration.number, migration.name, migration.checksum],
    );
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}
