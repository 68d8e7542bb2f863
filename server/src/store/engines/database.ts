/**
 * One database, as the statements of the store see it, whichever engine is behind it.
 *
 * Hot statements are prepared under their names on connections whose plans are held to indexes; the rest goes through
 * Kysely on a pool of its own, so that a slow list never stands before an outcome. On PGlite both are one connection.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { normalised, StoreConflict } from '../errors.ts';
import type { MigrationConnection } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { PreparedQuery } from './prepared-query.ts';

/** A prepared statement. Its name is unique and stands for its text for ever. */
export type Statement = { readonly name: string; readonly text: string };

/** A parameter: scalars as text, whole arrays as binary buffers from `codec.ts`. */
export type Parameter = string | number | boolean | Buffer | null;

/** A new prepared statement. */
export function statement(name: string, text: string): Statement {
  return Object.freeze({ name, text });
}

/** Where statements run: by themselves, or within a transaction. */
export type Connection = {
  /** Runs text that cannot be prepared, as definitions of tables. */
  execute(text: string): Promise<void>;
  run<Row extends pg.QueryResultRow>(
    statement: Statement,
    parameters?: readonly Parameter[],
  ): Promise<Row[]>;
};

/** A database with its connections. */
export type Database = Connection & {
  readonly engine: 'pglite' | 'postgres';
  /** Runs `work` in one transaction on a hot connection; repeats all of it after a deadlock. */
  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** Runs ordinary statements through Kysely. Errors are normalised. */
  cold<Result>(work: (kysely: Kysely<Schema>) => Promise<Result>): Promise<Result>;
  /** Brings the schema to this version; see `migrations.ts`. */
  migrate(work: (connection: MigrationConnection) => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
};

/** Changes the text of a statement; only tests, to show that a guard matters. */
export type Rewrite = (statement: Statement) => string;

/** Repeats after which a conflict is given up: each one means that another transaction did commit. */
const conflictsMax = 10;

/** Settings of a connection that every engine gets; times are read and written as UTC. */
export const connectionSettings: Readonly<Record<string, string>> = {
  search_path: 'muster',
  timezone: 'UTC',
  datestyle: 'ISO',
};

/**
 * Settings of hot connections. With partitions, custom plans, and plans made while a partition was empty, were 70 to
 * 800 times slower (measured), so plans are generic and walk indexes.
 */
export const hotSettings: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_bitmapscan: 'off',
};

/**
 * A pool whose connections may break. One that does fails the statement that runs over it, or is replaced if it is idle;
 * that it also says so by an event must not end the process. While a connection is lent, the pool itself does not listen.
 */
export function outlivingConnections(pool: pg.Pool): pg.Pool {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Makes the database of an engine from its pools. */
export function createDatabase(parts: {
  readonly engine: 'pglite' | 'postgres';
  readonly hot: pg.Pool;
  readonly kysely: Kysely<Schema>;
  readonly rewrite: Rewrite | null;
  readonly migrate: Database['migrate'];
  readonly close: () => Promise<void>;
}): Database {
  const { hot, kysely } = parts;
  const rewrite = parts.rewrite ?? ((statement) => statement.text);

  const runOn = async <Row extends pg.QueryResultRow>(
    client: pg.Pool | pg.PoolClient,
    statement: Statement,
    parameters: readonly Parameter[] = [],
  ): Promise<Row[]> => {
    try {
      return await ask<Row>(client, rewrite(statement), statement.name, parameters);
    } catch (error) {
      throw normalised(error);
    }
  };

  const connection = (client: pg.Pool | pg.PoolClient): Connection => ({
    run: (statement, parameters) => runOn(client, statement, parameters),
    execute: async (text) => {
      await client.query(text).catch((error: unknown) => {
        throw normalised(error);
      });
    },
  });

  return {
    engine: parts.engine,
    run: (statement, parameters) => repeated(() => runOn(hot, statement, parameters)),
    execute: (text) => repeated(() => connection(hot).execute(text)),
    transaction: (work) => repeated(() => inTransaction(hot, (client) => work(connection(client)))),
    migrate: (work) => repeated(() => parts.migrate(work)),
    cold: (work) => repeated(() => work(kysely)),
    close: parts.close,
  };
}

/** Pools and clients take queries that others made, with a callback; their types do not tell of it. */
type Asked = { query<Row>(query: PreparedQuery<Row>, done: PreparedQuery<Row>['callback']): void };

function ask<Row>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  name: string,
  parameters: readonly Parameter[],
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const query = new PreparedQuery<Row>(name, text, parameters);
    (client as Asked).query(query, (error, rows) => {
      if (error) reject(error);
      else resolve(rows ?? []);
    });
  });
}

async function repeated<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await work();
    } catch (error) {
      const known = normalised(error);
      if (!(known instanceof StoreConflict) || conflicts >= conflictsMax) throw known;
      await sleep(conflicts * 5);
    }
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    broken = false;
    return result;
  } catch (error) {
    broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}
