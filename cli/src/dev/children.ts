// The processes of `muster dev`: a coordinator and an agent under watch, in groups of their own,
// so that Ctrl-C reaches `muster dev` alone, which ends them in order: the agent first.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How long a child may take to end by itself. */
const endGraceMs = 8_000;

/** Lines of the coordinator that are shown if it does not start. */
const keptLines = 20;

/** The bin of this very command. */
const muster = fileURLToPath(import.meta.resolve('@muster/cli/bin'));

/** A child of `muster dev`. */
export interface Child {
  /** Resolves with its exit code once it has ended; 1 if a signal ended it. */
  readonly ended: Promise<number>;
  /** Ends it: SIGTERM, and after a grace SIGKILL for it and what it started. */
  end(): Promise<void>;
}

/** Where a coordinator listens. */
export interface Doors {
  /** `host:port` for clients and agents. */
  readonly grpcAddress: string;
  /** `host:port` of its health. */
  readonly httpAddress: string;
}

/** A coordinator that starts. */
export interface Coordinator extends Child {
  /** Resolves when it is ready; rejects with what it printed if it ends before. */
  readonly ready: Promise<Doors>;
}

/** Starts a coordinator; what it warns about is handed to `warn`. */
export function startCoordinator(
  settings: readonly string[],
  warn: (line: string) => void,
): Coordinator {
  const process = start([muster, 'server', ...settings], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const child = childOf(process);
  const lines: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<Doors>();
  const read = (line: string) => {
    const entry = parse(line);
    const { event, grpcAddress, httpAddress } = entry;
    if (event === 'ready') {
      resolve({ grpcAddress: String(grpcAddress), httpAddress: String(httpAddress) });
    }
    if (lines.push(line) > keptLines) lines.shift();
    const { level, msg } = entry;
    if (typeof level === 'number' && level >= warnLevel) warn(`coordinator: ${String(msg)}`);
  };
  for (const output of [process.stdout, process.stderr]) {
    if (output) createInterface({ input: output }).on('line', read);
  }
  // 'close' comes when all that it printed has been read.
  process.once('close', () => reject(new Error(`The coordinator ended:\n${lines.join('\n')}`)));
  ready.catch(() => {});
  return { ...child, ready };
}

/** Starts an agent on handler files; it starts again when one of them, or what they import, changes. */
export function startWatchedAgent(files: readonly string[], address: string): Child {
  const watch = ['--watch', '--watch-preserve-output', '--no-warnings'];
  const wishes = ['--address', address, '--id', 'dev', '--drain-grace', '2s'];
  const args = [...watch, muster, 'agent', ...files, ...wishes];
  return childOf(start(args, { stdio: ['ignore', 'inherit', 'inherit'] }));
}

/** Pino's number for warnings. */
const warnLevel = 40;

function start(
  args: readonly string[],
  options: { stdio: ('ignore' | 'pipe' | 'inherit' | 'ipc')[] },
) {
  return spawn(process.execPath, args, { ...options, detached: true });
}

function childOf(child: ChildProcess): Child {
  const ended = once(child, 'exit').then(([code]) => Number(code ?? 1));
  const kill = () => {
    // The whole group: what a watcher started must not outlive it.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  process.once('exit', kill);
  return {
    ended,
    async end() {
      const killing = setTimeout(kill, endGraceMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killing);
      process.off('exit', kill);
    },
  };
}

function parse(line: string): Record<string, unknown> {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
