/**
 * PGlite, the embedded default: Postgres in WebAssembly, in a worker thread, one connection, in a folder or in memory.
 *
 * It does not fsync: data survives the death of the process, not the loss of power. A lock file keeps a second process
 * off the folder, which would corrupt it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { StoreUnavailable } from '../errors.ts';
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
import { holdFolder } from './folder-lock.ts';
import { initialDataFile } from './initial-data.ts';
import { createPgliteStream } from './pglite-stream.ts';
import type { PgliteAnswer, PgliteAsk, PgliteStart } from './pglite-worker.ts';

/** Where the embedded database lives. */
export type PgliteOptions = {
  /** Folder of the data; null: in memory, lost with the process. */
  readonly folder: string | null;
  readonly rewrite: Rewrite | null;
  /** File with a copy of what a new database begins with; null: none is read or kept. Default: this installation's. */
  readonly initialData?: string | null;
};

/** Opens the folder, or memory: half a second, but 2 to 3 s for the first new one of an installation (measured). Throws `FolderHeld`. */
export async function openPglite(options: PgliteOptions): Promise<Database> {
  const lock = options.folder === null ? null : holdFolder(options.folder);
  try {
    const thread = await startThread({
      folder: options.folder === null ? null : dataFolder(options.folder),
      initialData: options.initialData === undefined ? initialDataFile() : options.initialData,
      sessionSql: sessionSql(),
    });
    const made = new pg.Pool({
      max: 1,
      idleTimeoutMillis: 0,
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      stream: () => createPgliteStream(thread.connect, thread.ask),
      types: typeParsers,
    } as pg.PoolConfig);
    const pool = outlivingConnections(made);
    return createDatabase({
      engine: 'pglite',
      hot: pool,
      kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
      rewrite: options.rewrite,
      migrate: async (work) => {
        const client = await pool.connect();
        try {
          await work(client);
        } finally {
          client.release();
        }
      },
      close: async () => {
        await pool.end();
        await thread.close();
        lock?.release();
      },
    });
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function dataFolder(folder: string): string {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  return data;
}

/** All settings on the one connection. There are no timeouts: PGlite cannot interrupt itself. */
function sessionSql(): string {
  return Object.entries({ ...connectionSettings, ...hotSettings })
    .map(([name, value]) => `SET ${name} = '${value}';`)
    .join(' ');
}

type Thread = {
  /** Gives the next connection a fresh session. */
  connect(): Promise<void>;
  ask(round: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
};

type Waiter = { resolve(answer: PgliteAnswer): void; reject(error: Error): void };

async function startThread(workerData: PgliteStart): Promise<Thread> {
  const own = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js';
  const worker = new Worker(new URL(own, import.meta.url), { workerData, name: 'pglite' });
  const waiters: Waiter[] = [];
  let ended: StoreUnavailable | null = null;

  const end = (reason: string) => {
    ended ??= new StoreUnavailable(`The embedded database has ended: ${reason}`);
    for (const waiter of waiters.splice(0)) waiter.reject(ended);
  };
  worker.on('message', (answer: PgliteAnswer) => {
    if (answer.kind === 'failed') end(answer.message);
    else waiters.shift()?.resolve(answer);
  });
  worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => end(`exit code ${code}`));

  const answered = () =>
    new Promise<PgliteAnswer>((resolve, reject) => {
      if (ended) reject(ended);
      else waiters.push({ resolve, reject });
    });
  const say = (ask: PgliteAsk) => {
    const answer = answered();
    if (!ended) worker.postMessage(ask);
    return answer;
  };

  await answered();
  return {
    connect: async () => {
      await say({ kind: 'connect' });
    },
    ask: async (bytes) => {
      const answer = await say({ kind: 'ask', bytes });
      if (answer.kind !== 'answer')
        throw new StoreUnavailable('The embedded database lost its turn.');
      return answer.bytes;
    },
    close: async () => {
      if (ended) return;
      await say({ kind: 'close' }).catch(() => {});
      await worker.terminate();
    },
  };
}
