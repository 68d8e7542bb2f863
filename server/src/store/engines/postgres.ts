/**
 * Postgres 15 or newer, through `pg`: a hot pool for flushes and all that liveness depends on, a cold one for the rest.
 */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { MigrationConnection } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { typeParsers } from './codec.ts';
import {
  connectionSettings,
  createDatabase,
  type Database,
  hotSettings,
  outlivingConnections,
  type Rewrite,
} from './database.ts';

/** How a Postgres is reached. */
export type PostgresOptions = {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string;
  readonly hotConnections: number;
  readonly coldConnections: number;
  readonly rewrite: Rewrite | null;
};

const connectTimeoutMs = 5_000;
const hotStatementTimeoutMs = 10_000;
const coldStatementTimeoutMs = 30_000;
/** A dead network is noticed so long after the server itself would have given up. */
const answerMarginMs = 5_000;

/** Opens pools; connects only when they are used. */
export function openPostgres(options: PostgresOptions): Database {
  const hot = pool(options.url, options.hotConnections, hotStatementTimeoutMs, hotSettings);
  const cold = pool(options.url, options.coldConnections, coldStatementTimeoutMs, {});
  return createDatabase({
    engine: 'postgres',
    hot,
    kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool: cold }) }),
    rewrite: options.rewrite,
    migrate: (work) => migrateOver(options.url, work),
    close: async () => {
      await Promise.all([hot.end(), cold.end()]);
    },
  });
}

/** Migrations get a connection without timeouts and without the plans of hot ones. */
async function migrateOver(
  url: string,
  work: (connection: MigrationConnection) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    options: settingsText(connectionSettings),
    types: typeParsers,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function pool(
  url: string,
  max: number,
  statementTimeoutMs: number,
  settings: Readonly<Record<string, string>>,
): pg.Pool {
  const made = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: 'muster',
    options: settingsText({
      ...connectionSettings,
      ...settings,
      statement_timeout: String(statementTimeoutMs),
      idle_in_transaction_session_timeout: String(statementTimeoutMs),
    }),
    query_timeout: statementTimeoutMs + answerMarginMs,
    types: typeParsers,
  });
  return outlivingConnections(made);
}

function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
