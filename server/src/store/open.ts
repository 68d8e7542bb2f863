/**
 * Opens the database that a setting names, brings its schema up to date if it may, and makes its partitions.
 */
import { createHandlers } from './dictionaries/handlers.ts';
import { createNamespaces } from './dictionaries/namespaces.ts';
import type { Database, Rewrite } from './engines/database.ts';
import { openPglite } from './engines/pglite.ts';
import { openPostgres } from './engines/postgres.ts';
import { createCoordinators } from './fleet/coordinators.ts';
import { createSessions } from './fleet/sessions.ts';
import { explain } from './inspect/explain.ts';
import { createLanes } from './lanes/lanes.ts';
import { createLeases } from './leases/leases.ts';
import { migrate } from './migrations.ts';
import { createSchedules } from './schedules/schedules.ts';
import type { Store } from './store.ts';
import { createSubmissions } from './submissions/submissions.ts';
import { createTasks } from './tasks/tasks.ts';
import { createEventOutbox } from './upkeep/event-outbox.ts';
import { databaseNow, ensurePartitions } from './upkeep/partitions.ts';
import { createRetention } from './upkeep/retention.ts';
import { createTimers } from './upkeep/timers.ts';

/** How a store is opened. */
export type StoreOptions = {
  /** `memory` (lost with the process), a folder for the embedded Postgres, or a `postgres://` URL. */
  readonly database: string;
  /** A Postgres with an older schema is brought up to date, instead of refused. The embedded one always is. Default false. */
  readonly migrate?: boolean;
  /** Connections for flushes and all that liveness depends on. Default 8. Postgres only. */
  readonly hotConnections?: number;
  /** Connections for lists and the like. Default 4. Postgres only. */
  readonly coldConnections?: number;
  /** Changes the text of statements; only tests, to show that a guard matters. */
  readonly rewrite?: Rewrite;
};

const hotConnectionsDefault = 8;
const coldConnectionsDefault = 4;

/** Where the store says what it changed at the start. */
export type StoreLogger = { info(facts: object, message: string): void };

/** Opens a store. Throws `StoreUnavailable`, `SchemaNewer`, `SchemaOlder`, `SchemaChanged` or `FolderHeld`. */
export async function openStore(options: StoreOptions, logger?: StoreLogger): Promise<Store> {
  return (await openStoreAndDatabase(options, logger)).store;
}

/** A store with the database under it, for tests that look at rows. Closing the store closes both. */
export async function openStoreAndDatabase(
  options: StoreOptions,
  logger?: StoreLogger,
): Promise<{ readonly store: Store; readonly database: Database }> {
  const database = await openDatabase(options);
  try {
    await database.migrate(async (connection) => {
      const may = options.migrate === true || database.engine === 'pglite';
      const applied = await migrate(connection, may ? 'all' : 'new only');
      if (applied.length > 0) logger?.info({ applied }, 'The schema was brought up to date.');
    });
    await ensurePartitions(database);
    return { store: storeOver(database), database };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openDatabase(options: StoreOptions): Promise<Database> {
  const rewrite = options.rewrite ?? null;
  const { database } = options;
  if (/^postgres(ql)?:\/\//.test(database)) {
    return openPostgres({
      url: database,
      hotConnections: options.hotConnections ?? hotConnectionsDefault,
      coldConnections: options.coldConnections ?? coldConnectionsDefault,
      rewrite,
    });
  }
  return openPglite({ folder: database === 'memory' ? null : database, rewrite });
}

function storeOver(database: Database): Store {
  return {
    engine: database.engine,
    submissions: createSubmissions(database),
    leases: createLeases(database),
    lanes: createLanes(database),
    inspect: { explain: (namespaceId, id) => explain(database, namespaceId, id) },
    sessions: createSessions(database),
    coordinators: createCoordinators(database),
    tasks: createTasks(database),
    timers: createTimers(database),
    schedules: createSchedules(database),
    dictionaries: { ...createNamespaces(database), ...createHandlers(database) },
    retention: createRetention(database),
    eventOutbox: createEventOutbox(database),
    now: () => databaseNow(database),
    close: () => database.close(),
  };
}
