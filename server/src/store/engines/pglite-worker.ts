/**
 * The thread in which PGlite runs, so that a query never stalls a heartbeat.
 *
 * It speaks Postgres' own protocol in whole rounds: `ask` carries bytes that end a round (Sync, Query, Terminate), the
 * answer is all that Postgres says to them. One round at a time, in order: PGlite is one connection.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { keepInitialData, readInitialData } from './initial-data.ts';

/** What the thread is started with. */
export type PgliteStart = {
  /** Folder of the data; null: in memory. */
  readonly folder: string | null;
  /** File with a copy of the data that a new database begins with; null: none is read or kept. */
  readonly initialData: string | null;
  /** SQL that gives a fresh session its settings. */
  readonly sessionSql: string;
};

/** What is said to the thread. */
export type PgliteAsk =
  | { readonly kind: 'connect' }
  | { readonly kind: 'ask'; readonly bytes: Uint8Array }
  | { readonly kind: 'close' };

/** What the thread answers. `failed` ends it. */
export type PgliteAnswer =
  | { readonly kind: 'opened' | 'connected' | 'closed' }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly message: string };

const port = parentPort;
if (port === null) throw new Error('This module runs only as a worker thread.');
const { folder, initialData, sessionSql } = workerData as PgliteStart;

const say = (answer: PgliteAnswer, transfer: ArrayBuffer[] = []) =>
  port.postMessage(answer, transfer);
const fail = (error: unknown) =>
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });

const database = await open().catch(fail);

async function open(): Promise<PGlite> {
  const where = folder === null ? {} : { dataDir: folder };
  const isNew = folder === null || readdirSync(folder).length === 0;
  if (!isNew || initialData === null) return PGlite.create(where);
  const kept = readInitialData(initialData);
  if (kept !== null) {
    try {
      return await PGlite.create({ ...where, loadDataDir: kept });
    } catch {
      // Half of a bad copy must not pass for a database.
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      if (folder !== null) mkdirSync(folder);
    }
  }
  const made = await PGlite.create(where);
  await keepInitialData(initialData, () => made.dumpDataDir('none'));
  return made;
}

async function answer(ask: PgliteAsk, db: PGlite): Promise<void> {
  if (ask.kind === 'connect') {
    // A connection before this one may have left a transaction, prepared statements and settings.
    await db.exec('ROLLBACK');
    await db.exec('DISCARD ALL');
    await db.exec(sessionSql);
    say({ kind: 'connected' });
  } else if (ask.kind === 'ask') {
    const bytes = await db.execProtocolRaw(ask.bytes);
    // A copy of its own can be handed over instead of cloned.
    const copy = Uint8Array.from(bytes);
    say({ kind: 'answer', bytes: copy }, [copy.buffer]);
  } else {
    await db.close();
    say({ kind: 'closed' });
    port?.close();
  }
}

if (database) {
  let turn = Promise.resolve();
  port.on('message', (ask: PgliteAsk) => {
    turn = turn.then(() => answer(ask, database)).catch(fail);
  });
  say({ kind: 'opened' });
}
