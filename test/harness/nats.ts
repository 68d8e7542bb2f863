// A real NATS server: the one on PATH, else one that was built before, else one that Go builds now, once, into
// node_modules/.cache. Where there is none of these, suites that need it are skipped and say why.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { type RunningProcess, repositoryRoot, startProcess } from './processes.ts';

/** A NATS server on loopback. */
export interface NatsServer {
  /** `host:port`. */
  readonly address: string;
  /** Starts it again after `stop`, on the same port; returns when it answers. */
  start(): Promise<void>;
  /** Ends it, by SIGKILL; only streams are kept. */
  stop(): Promise<void>;
}

/** Who is let in. Default: everybody. */
export interface NatsOptions {
  readonly user?: string;
  readonly password?: string;
  /** More flags of the server, for example `['--auth', 'token']`. */
  readonly flags?: readonly string[];
}

const version = 'v2.14.9';
const program = `github.com/nats-io/nats-server/v2@${version}`;
const cache = join(repositoryRoot, 'node_modules', '.cache', 'muster', 'nats-server');
const buildTimeoutMs = 240_000;

/** The program, or why there is none: what `skip` of a suite takes. */
interface Found {
  readonly file: string;
  readonly skip: string | false;
}

let found: Found | undefined;

/** Looked for, and built, when somebody asks. */
export const nats: Found = {
  get file() {
    found ??= findNats();
    return found.file;
  },
  get skip() {
    found ??= findNats();
    return found.skip;
  },
};

/** Starts a server; it ends when this process ends. */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
  const port = await freePort();
  const { user, password = '', flags = [] } = options;
  const guard = user === undefined ? [] : ['--user', user, '--pass', password];
  let running: RunningProcess | undefined;

  async function start(): Promise<void> {
    const args = ['--addr', '127.0.0.1', '--port', String(port), ...guard, ...flags];
    running = await startProcess([nats.file, ...args], { name: 'nats-server' });
    await running.line(/Server is ready/);
  }

  await start();
  return {
    address: `127.0.0.1:${port}`,
    start,
    async stop() {
      await running?.end();
    },
  };
}

function findNats(): Found {
  const built = join(cache, 'nats-server');
  for (const file of ['nats-server', built]) if (runs(file)) return { file, skip: false };
  if (spawnSync('go', ['version']).status !== 0)
    return { file: '', skip: 'there is no nats-server on PATH, and no Go to build one' };
  console.error(`Building nats-server ${version}, once ...`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'build-'));
  const { status, stderr } = spawnSync('go', ['install', program], {
    cwd: tmpdir(), // Outside of any Go module.
    env: { ...process.env, GOBIN: folder },
    encoding: 'utf8',
    timeout: buildTimeoutMs,
  });
  // Two test files may build at the same time: the last one wins, whole.
  if (status === 0) renameSync(join(folder, 'nats-server'), built);
  rmSync(folder, { recursive: true, force: true });
  if (existsSync(built)) return { file: built, skip: false };
  const why = stderr?.trim().split('\n').at(-1) ?? '';
  return { file: '', skip: `nats-server could not be built: ${why}` };
}

function runs(file: string): boolean {
  return spawnSync(file, ['--version']).status === 0;
}
