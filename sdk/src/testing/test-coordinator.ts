// Starts a real coordinator, in memory and on free ports, for one test or one test file. It is
// a child process running the bin of `@muster/server`, which the application installs beside
// this package for its tests; this package does not depend on it.

import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { createClient } from '../client/create-client.ts';
import type { Client, ClientOptions } from '../client.ts';
import { MusterError } from '../errors.ts';
import { checkOptionKeys } from '../options.ts';

/** How the coordinator is started; every part has a default. */
export interface TestCoordinatorOptions {
  /** More flags for it, for example `['--session-timeout', '2s']`. Default: none. */
  readonly flags?: readonly string[];
  /** What the client is made with, besides the address. */
  readonly client?: Omit<ClientOptions, 'address'>;
}

/** A running coordinator of a test. */
export interface TestCoordinator {
  /** `host:port` for clients and agents. */
  readonly address: string;
  /** `host:port` of its health and readiness. */
  readonly httpAddress: string;
  /** A client of it. */
  readonly client: Client;
  /** Closes the client and stops the process; everything that it stored is gone. May be called twice. */
  stop(): Promise<void>;
}

/** From spawn to ready: the embedded database takes a second or two, more on a loaded machine. */
const startMs = 60_000;
/** From the wish to stop until the process is killed. */
const stopMs = 5_000;
/** Lines of its output that are kept for the error message. */
const keptLines = 20;

/**
 * Starts a coordinator with an empty database in memory. Throws TEST_COORDINATOR_FAILED, saying what to install or
 * what it printed.
 *
 *     const coordinator = await startTestCoordinator();
 *     after(() => coordinator.stop());
 *     const agent = createAgent({ address: coordinator.address, handlers: [sendEmail] });
 */
export async function startTestCoordinator(
  options: TestCoordinatorOptions = {},
): Promise<TestCoordinator> {
  checkOptionKeys('startTestCoordinator', options, ['flags', 'client']);
  const flags = [
    ...['--database', 'memory', '--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'],
    ...(options.flags ?? []),
  ];
  const child = spawn(process.execPath, [findServer(), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const kill = async () => {
    await stopProcess(child);
    process.off('exit', killWithUs);
  };
  const ready = await whenReady(child).catch(async (error: unknown) => {
    await kill();
    throw error;
  });
  const client = createClient({ ...options.client, address: ready.grpcAddress });
  return Object.freeze({
    address: ready.grpcAddress,
    httpAddress: ready.httpAddress,
    client,
    async stop() {
      await client.close();
      await kill();
    },
  });
}

/** The main file of `@muster/server`, as seen from the application, else from this package. */
function findServer(): string {
  const places = [pathToFileURL(join(process.cwd(), 'package.json')), import.meta.url];
  for (const place of places) {
    try {
      return createRequire(place).resolve('@muster/server/main');
    } catch {
      // Not installed there.
    }
  }
  const message =
    'startTestCoordinator needs the package @muster/server, which is not installed here. Add it to your devDependencies: npm install --save-dev @muster/server';
  throw new MusterError('TEST_COORDINATOR_FAILED', message);
}

/** Ours without MUSTER_ settings, which are meant for other coordinators, and without flags for test runners. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('MUSTER_') && name !== 'NODE_TEST_CONTEXT',
  );
  return Object.fromEntries(kept);
}

/** What the coordinator logs when it is ready. */
interface Ready {
  readonly grpcAddress: string;
  readonly httpAddress: string;
}

function whenReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const fail = (what: string) => {
      clearTimeout(timer);
      const printed =
        lines.length === 0 ? 'It printed nothing.' : `It printed:\n${lines.join('\n')}`;
      reject(
        new MusterError('TEST_COORDINATOR_FAILED', `The test coordinator ${what}. ${printed}`),
      );
    };
    const timer = setTimeout(() => fail(`was not ready within ${startMs} ms`), startMs);
    const read = (line: string) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      const ready = readyLine(line);
      if (ready === undefined) return;
      clearTimeout(timer);
      resolve(ready);
    };
    // Both are read to their end, so that the coordinator never waits for a full pipe.
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on('line', read);
    }
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => fail(`ended by ${signal ?? `exit code ${code}`}`));
  });
}

function readyLine(line: string): Ready | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { event, grpcAddress, httpAddress } = JSON.parse(line) as Partial<
      Ready & { event: string }
    >;
    return event === 'ready' && grpcAddress && httpAddress
      ? { grpcAddress, httpAddress }
      : undefined;
  } catch {
    return undefined;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(timer);
}
