// The coordinator and the agents as child processes that never outlive this one.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** How long a child may take to end by itself. */
const endGraceMs = 10_000;

/** A free one, on this machine only. */
const anyPort = '127.0.0.1:0';

/** Child processes that end together. */
export class Children {
  readonly #running = new Map<string, ChildProcess>();
  readonly #broken = new AbortController();
  #ending = false;

  constructor() {
    // The last resort, when this process ends without `end`.
    process.once('exit', () => this.#tell('SIGKILL'));
  }

  /** Aborted when the work cannot go on: the coordinator has ended, or the last agent has. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** Starts a coordinator on a data folder; resolves with its address when it is ready. */
  async startCoordinator(dataFolder: string): Promise<string> {
    const muster = createRequire(import.meta.url).resolve('@muster/cli/bin');
    const settings = [
      '--database',
      dataFolder,
      '--grpc-address',
      anyPort,
      '--http-address',
      anyPort,
    ];
    const child = this.#start('coordinator', [muster, 'server', ...settings]);
    const printed: string[] = [];
    return new Promise((resolve, reject) => {
      child.once('close', () => reject(new Error(`the coordinator ended\n${printed.join('\n')}`)));
      createInterface({ input: child.stdout as Readable }).on('line', (line) => {
        const address = /"event":"ready".*"grpcAddress":"([^"]+)"/.exec(line)?.[1];
        if (address !== undefined) resolve(address);
        else if (/"level":[456]0/.test(line)) console.error(line);
        else if (printed.length < 20) printed.push(line);
      });
    });
  }

  /** Starts an agent process that dials the coordinator. */
  startAgent(name: string, address: string): void {
    const file = fileURLToPath(new URL('./agent.ts', import.meta.url));
    this.#start(name, [file, name], { MUSTER_ADDRESS: address }).stdout?.resume();
  }

  /** Ends all of them: in order by SIGTERM, and after a grace by SIGKILL. The coordinator goes last. */
  async end(): Promise<void> {
    this.#ending = true;
    const killing = setTimeout(() => this.#tell('SIGKILL'), endGraceMs);
    const { coordinator, ...agents } = Object.fromEntries(this.#running);
    for (const group of [Object.values(agents), coordinator ? [coordinator] : []]) {
      const ended = group.map((child) => once(child, 'exit'));
      for (const child of group) child.kill('SIGTERM');
      await Promise.all(ended);
    }
    clearTimeout(killing);
  }

  #start(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      // The channel tells the child when this process is gone, even by SIGKILL.
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // Ctrl-C reaches this process alone, which then ends the others in order.
      detached: true,
    });
    this.#running.set(name, child);
    child.once('exit', () => this.#ended(name));
    return child;
  }

  #ended(name: string): void {
    this.#running.delete(name);
    if (this.#ending) return;
    console.error(`${name} has ended`);
    if (name === 'coordinator' || this.#running.size <= 1) {
      this.#broken.abort(new Error(`${name} has ended, and nothing goes on without it`));
    }
  }

  #tell(signal: NodeJS.Signals): void {
    for (const child of this.#running.values()) child.kill(signal);
  }
}
