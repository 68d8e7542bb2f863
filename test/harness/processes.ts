// Real child processes for tests: started, listened to line by line, signalled, and ended
// at the latest when the test process ends.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { forgetProcess, reapProcess } from './reaper.ts';

/** The folder of the repository, in which processes are started by default. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** How a process ended: one of the two is not null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Settings of a process to be started. */
export interface ProcessOptions {
  /** Added to the environment of this process; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working folder. Default: the repository. */
  readonly cwd?: string;
  /** Shown in messages. Default: the command's last path. */
  readonly name?: string;
}

/** A child process that runs, or ran. */
export interface RunningProcess {
  readonly pid: number;
  /** Every whole line of stdout and stderr so far, in order of arrival. */
  readonly lines: readonly string[];
  /** Settles when the process has ended and its output is complete; never rejects. */
  readonly exit: Promise<Exit>;
  /**
   * Waits for a line that matches, among those already printed too (`from`: index of the first line
   * that counts; pass `lines.length` for new ones only). Fails at once when the process ends
   * without it, and after `timeoutMs` (default 20,000), showing the last lines.
   */
  line(
    pattern: RegExp,
    options?: { readonly timeoutMs?: number; readonly from?: number },
  ): Promise<RegExpExecArray>;
  /** Sends a signal. SIGSTOP and SIGCONT freeze and thaw it. Returns false if it has ended. */
  signal(signal: NodeJS.Signals): boolean;
  /** Sends a signal (default SIGKILL) and waits for the end. A frozen process is thawed first. */
  end(signal?: NodeJS.Signals): Promise<Exit>;
  /** Writes to its standard input. */
  write(text: string): void;
}

/** Starts a command, found on PATH or by its path. It has started, but need not be ready: await a `line`. */
export async function startProcess(
  command: readonly [string, ...string[]],
  options: ProcessOptions = {},
): Promise<RunningProcess> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    cwd: options.cwd ?? repositoryRoot,
    env: environment(options.env),
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  reapProcess(pid);
  return follow(child, pid, options.name ?? args[0] ?? file);
}

/** Starts a TypeScript or JavaScript file under the Node that runs this test. */
export function startNode(
  file: string,
  args: readonly string[] = [],
  options: ProcessOptions = {},
): Promise<RunningProcess> {
  return startProcess([process.execPath, file, ...args], { name: file, ...options });
}

/** Test runners mark their children; a child of a test is no test. */
function environment(extra: ProcessOptions['env'] = {}): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  return { ...inherited, ...extra };
}

function follow(child: ChildProcessWithoutNullStreams, pid: number, name: string): RunningProcess {
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      changed();
    });
  }
  child.stdin.on('error', () => {}); // The process may end before it has read everything.
  let ended: Exit | undefined;
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', () => forgetProcess(pid));
    child.once('close', (code, signal) => {
      ended = { code, signal };
      changed();
      resolve(ended);
    });
  });
  const line: RunningProcess['line'] = (pattern, { timeoutMs = 20_000, from = 0 } = {}) =>
    new Promise((resolve, reject) => {
      const settle = (found: RegExpExecArray | null, why: string) => {
        listeners.delete(check);
        clearTimeout(timer);
        if (found) resolve(found);
        else reject(new Error(`${name} ${why} without a line ${pattern}:\n${tail(lines)}`));
      };
      let next = from;
      const check = () => {
        for (; next < lines.length; next += 1) {
          const found = new RegExp(pattern).exec(lines[next] ?? '');
          if (found) return settle(found, '');
        }
        if (ended) settle(null, `ended (${ended.signal ?? `exit code ${ended.code}`})`);
      };
      const timer = setTimeout(() => settle(null, `ran ${timeoutMs} ms`), timeoutMs);
      listeners.add(check);
      check();
    });
  const signal: RunningProcess['signal'] = (name) =>
    child.exitCode === null && child.signalCode === null && child.kill(name);
  return {
    ...{ pid, lines, exit, line, signal },
    end: (how = 'SIGKILL') => {
      signal(how);
      signal('SIGCONT');
      return exit;
    },
    write: (text) => {
      child.stdin.write(text);
    },
  };
}

function tail(lines: readonly string[]): string {
  return lines.length === 0 ? '  (it printed nothing)' : `  ${lines.slice(-30).join('\n  ')}`;
}
