// The two engines on which every flow runs: PGlite inside the coordinator, and a real
// Postgres. `node test/run.ts` starts one Postgres for all test files and passes its address
// on; a file that is run by itself starts its own.

import { after, before, describe } from 'node:test';
import { createDatabaseAt, dropDatabaseAt, startPostgres } from './postgres.ts';
import { temporaryFolder } from './reaper.ts';

/** The variable by which the runner passes the address of the shared Postgres. */
export const sharedPostgresVariable = 'MUSTER_TEST_POSTGRES_URL';

/** One engine, as a suite sees it. */
export interface Engine {
  readonly name: 'pglite' | 'postgres';
  /**
   * The suite's own fresh database on Postgres, `undefined` for PGlite: what `MUSTER_DATABASE_URL`
   * would be. Known once the suite runs: read it in a hook or a test, not while describing.
   */
  readonly databaseUrl: string | undefined;
  /** One more fresh database, for tests that must not share the suite's; `undefined` for PGlite. */
  freshDatabase(): Promise<string | undefined>;
  /** A new empty folder, for PGlite data that outlives a coordinator. */
  freshFolder(): string;
}

/**
 * Registers the suite twice, as `title [pglite]` and `title [postgres]`; the runner counts tests by
 * these endings. Databases are dropped after the suite.
 */
export function eachEngine(title: string, define: (engine: Engine) => void): void {
  describe(`${title} [pglite]`, () => {
    define({
      name: 'pglite',
      databaseUrl: undefined,
      freshDatabase: async () => undefined,
      freshFolder: () => temporaryFolder('pglite'),
    });
  });
  describe(`${title} [postgres]`, () => {
    const made: string[] = [];
    const freshDatabase = async () => {
      const url = await createDatabaseAt(await sharedPostgres());
      made.push(url);
      return url;
    };
    before(freshDatabase);
    after(async () => {
      for (const url of made) await dropDatabaseAt(url);
    });
    define({
      name: 'postgres',
      get databaseUrl() {
        if (made[0] === undefined)
          throw new Error('The database exists only while the suite runs.');
        return made[0];
      },
      freshDatabase,
      freshFolder: () => temporaryFolder('postgres'),
    });
  });
}

let own: Promise<string> | undefined;

/** The address of the Postgres that the test files of a run share; starts one if there is none. */
export async function sharedPostgres(): Promise<string> {
  const given = process.env[sharedPostgresVariable];
  if (given) return given;
  own ??= startPostgres().then((server) => server.url());
  return own;
}
