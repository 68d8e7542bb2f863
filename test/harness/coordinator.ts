// A real coordinator as a child process, on either engine. It is started with free ports, is ready
// when it says so, and must end in order: exit code 0, and nothing in its log that it calls an error.
// Also a cluster as clients and agents see it: one such process, or one for each role, which meet in
// Postgres and over NATS only.

import { createRequire } from 'node:module';
import type { Engine } from './engines.ts';
import { nats, startNats } from './nats.ts';
import { type Exit, type RunningProcess, startNode } from './processes.ts';

/** How a coordinator is started; every part has a default. */
export interface CoordinatorOptions {
  /** More flags, for example `['--session-timeout', '2s']`. */
  readonly flags?: readonly string[];
  /** Where tasks live, instead of the engine's own: a folder or a URL. Default for PGlite: memory. */
  readonly database?: string;
  /** Another program that runs the server's own. */
  readonly main?: string;
  /** `host:port` to serve on, for one that comes back at the same place. Default: a free port. */
  readonly grpcAddress?: string;
}

/** A coordinator that is ready. */
export interface TestCoordinator {
  /** `host:port` for clients and agents. */
  readonly address: string;
  /** `host:port` of `/healthz` and `/readyz`. */
  readonly httpAddress: string;
  /** The process, for faults. */
  readonly process: RunningProcess;
  /** Errors that it has logged so far. */
  readonly errors: readonly string[];
  /** Asks it to stop. Throws if its exit code is not 0 or if it has logged an error, showing the end of its log. */
  stop(): Promise<void>;
  /** Ends it without a word, by SIGKILL. */
  kill(): Promise<Exit>;
}

const startMs = 60_000;
/** As pino numbers it. */
const errorLevel = 50;

/** Starts a coordinator on the engine and waits until it is ready. */
export async function startCoordinator(
  engine: Pick<Engine, 'databaseUrl'>,
  options: CoordinatorOptions = {},
): Promise<TestCoordinator> {
  const main = options.main ?? createRequire(import.meta.url).resolve('@muster/server/main');
  const flags = [
    ...['--database', options.database ?? engine.databaseUrl ?? 'memory'],
    ...['--grpc-address', options.grpcAddress ?? '127.0.0.1:0', '--http-address', '127.0.0.1:0'],
    ...(options.flags ?? []),
  ];
  const process = await startNode(main, flags, { env: withoutSettings(), name: 'coordinator' });
  const [line] = await process.line(/^\{.*"event":"ready".*\}$/, { timeoutMs: startMs });
  const { grpcAddress, httpAddress } = JSON.parse(line) as Record<string, string>;
  if (!grpcAddress || !httpAddress) throw new Error(`The ready line has no addresses: ${line}`);
  return {
    address: grpcAddress,
    httpAddress,
    process,
    get errors() {
      return errorsIn(process.lines);
    },
    async stop() {
      const { code, signal } = await process.end('SIGTERM');
      const errors = errorsIn(process.lines);
      if (code === 0 && errors.length === 0) return;
      const what =
        code === 0 ? 'logged errors' : `ended by ${signal ?? `exit code ${String(code)}`}`;
      throw new Error(`The coordinator ${what}:\n${tail(code === 0 ? errors : process.lines)}`);
    },
    kill: () => process.end('SIGKILL'),
  };
}

/** Coordinators over one database. */
export interface TestCluster {
  /** Where clients go. */
  readonly api: TestCoordinator;
  /** Where agents go; the same one if all roles are in one process. */
  readonly dispatch: TestCoordinator;
  /** Asks all to stop, those that agents and clients need last. Throws what a coordinator's `stop` throws. */
  stop(): Promise<void>;
}

/** One process with all roles. */
export async function startTogether(
  engine: Pick<Engine, 'databaseUrl'>,
  options?: CoordinatorOptions,
): Promise<TestCluster> {
  const coordinator = await startCoordinator(engine, options);
  return { api: coordinator, dispatch: coordinator, stop: () => coordinator.stop() };
}

/** Nobody looks by itself for so long: what happens sooner, happens because a wakeup said so. */
const rareLooks = ['--safety-poll-interval', '60s', '--peek-interval', '60s'];

/** A process for each role, on Postgres and NATS. */
export async function startApart(
  engine: Pick<Engine, 'databaseUrl'>,
  options: CoordinatorOptions = {},
): Promise<TestCluster> {
  const server = await startNats();
  const start = (role: string) => {
    // That time has passed no wakeup tells: monitoring has to look.
    const looks = role === 'monitoring' ? [] : rareLooks;
    const own = ['--roles', role, '--nats-servers', server.address, ...looks];
    return startCoordinator(engine, { ...options, flags: [...own, ...(options.flags ?? [])] });
  };
  const [scheduling, monitoring, dispatch, api] = await Promise.all([
    start('scheduling'),
    start('monitoring'),
    start('dispatch'),
    start('api'),
  ]);
  return {
    api,
    dispatch,
    async stop() {
      const ends = await Promise.allSettled(
        [scheduling, monitoring, dispatch, api].map((each) => each.stop()),
      );
      await server.stop();
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

/** Why roles cannot be apart on an engine; false: they can. */
export function togetherBecause({ name }: Pick<Engine, 'name'>): string | false {
  return name === 'pglite' ? 'the embedded database belongs to one process' : nats.skip;
}

/** Settings of the machine must not reach the coordinator of a test. */
function withoutSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^(MUSTER_|OTEL_)/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** What it says in other words than JSON, such as the report of a crash, is an error too. */
function errorsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    try {
      return ((JSON.parse(line) as { level?: number }).level ?? 0) >= errorLevel;
    } catch {
      return true;
    }
  });
}

function tail(lines: readonly string[]): string {
  return lines
    .slice(-40)
    .map((line) => `  ${line}`)
    .join('\n');
}
