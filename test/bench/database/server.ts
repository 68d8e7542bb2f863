// Where the tasks of a bench live: a Postgres of its own, durable as in production, somebody else's Postgres, or the
// database inside the coordinator. Every measurement gets a fresh database of it.

import { rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import pg from 'pg';
import { createDatabaseAt, dropDatabaseAt, startPostgres } from '../../harness/postgres.ts';
import { temporaryFolder } from '../../harness/reaper.ts';

/**
 * What everything that is compared runs on: a quarter of the memory for buffers, as is usual. Commits are durable: fsync and
 * synchronous_commit are on.
 */
const settings = {
  shared_buffers: `${Math.min(8, Math.max(1, Math.floor(totalmem() / 4 / 2 ** 30)))}GB`,
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '1000',
};

/** The role of the bench: what it asks is told apart from what the coordinator does. */
export const benchRole = 'muster_bench';

/** A server, or what stands for one. */
export interface DatabaseServer {
  readonly engine: 'postgres' | 'pglite';
  /** Name and version, for the report. */
  readonly name: string;
  /** The server's own URL; empty for PGlite. */
  readonly url: string;
  /** A fresh, empty database: what `--database` of a coordinator is. */
  createDatabase(): Promise<string>;
  dropDatabase(database: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Postgres of the bench's own. */
export async function startDatabaseServer(): Promise<DatabaseServer> {
  const server = await startPostgres({ settings });
  return { ...(await useDatabaseServer(server.url())), stop: () => server.stop('immediate') };
}

/** A Postgres that runs already: the user must be a superuser, and pg_stat_statements must be loaded. */
export async function useDatabaseServer(url: string): Promise<DatabaseServer> {
  const version = await prepare(url);
  return {
    ...{ engine: 'postgres', name: `PostgreSQL ${version}`, url },
    createDatabase: async () => {
      const database = await createDatabaseAt(url);
      await withClient(database, (client) => client.query('CREATE EXTENSION pg_stat_statements'));
      return database;
    },
    dropDatabase: dropDatabaseAt,
    stop: async () => {},
  };
}

/** PGlite, in a folder that is removed afterwards. It does not fsync. */
export function embeddedDatabases(): DatabaseServer {
  return {
    ...{ engine: 'pglite', name: 'PGlite', url: '' },
    createDatabase: async () => temporaryFolder('bench'),
    dropDatabase: async (folder) => rmSync(folder, { recursive: true, force: true }),
    stop: async () => {},
  };
}

/** Makes the role; answers the server's version. Throws `UnfitServer` for what the server lacks. */
async function prepare(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Record<'version' | 'libraries' | 'super', string>>(
      `SELECT current_setting('server_version') AS version, current_setting('is_superuser') AS super,
        current_setting('shared_preload_libraries') AS libraries`,
    );
    const [row] = rows;
    if (row?.super !== 'on') throw new UnfitServer('its user must be a superuser');
    if (!row.libraries.includes('pg_stat_statements'))
      throw new UnfitServer('shared_preload_libraries must contain pg_stat_statements');
    await client.query(
      `DO $$ BEGIN CREATE ROLE ${benchRole} SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    );
    return row.version;
  });
}

/** The server at the given URL cannot be measured on. */
export class UnfitServer extends Error {
  constructor(why: string) {
    super(`The server at --database cannot be used: ${why}.`);
  }
}

async function withClient<Answer>(
  url: string,
  use: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
