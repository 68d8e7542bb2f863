// A coordinator of a bench: a process that can be asked how it is, and whose memory is watched from outside.

import { fileURLToPath } from 'node:url';
import { startNode } from '../../harness/processes.ts';
import type { CoordinatorQuestion, InsideView } from '../protocol.ts';
import { memoryOf } from './usage.ts';

/** A coordinator that is ready. */
export interface BenchCoordinator {
  readonly address: string;
  readonly pid: number;
  /** Largest resident memory so far, in bytes. */
  memoryPeak(): number;
  /** Asks the process itself. */
  ask(question: CoordinatorQuestion): Promise<InsideView>;
  /** Throws if it does not end in order. */
  stop(): Promise<void>;
}

const startMs = 60_000;
const askMs = 60_000;
const main = fileURLToPath(new URL('../coordinator-main.ts', import.meta.url));

/** Starts a coordinator on a database: a URL, a folder or `memory`. */
export async function startBenchCoordinator(
  database: string,
  flags: readonly string[] = [],
): Promise<BenchCoordinator> {
  const addresses = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
  const process = await startNode(main, ['--database', database, ...addresses, ...flags], {
    env: withoutSettings(),
    name: 'coordinator',
  });
  const [ready] = await process.line(/^\{.*"event":"ready".*\}$/, { timeoutMs: startMs });
  const { grpcAddress } = JSON.parse(ready) as { grpcAddress: string };
  return {
    address: grpcAddress,
    pid: process.pid,
    memoryPeak: () => memoryOf(process.pid).peak,
    ask: async (question) => {
      const from = process.lines.length;
      process.write(`${question}\n`);
      const [line] = await process.line(/^\{"inside":.*\}$/, { from, timeoutMs: askMs });
      return (JSON.parse(line) as { inside: InsideView }).inside;
    },
    stop: async () => {
      const { code, signal } = await process.end('SIGTERM');
      if (code === 0) return;
      const how = signal ?? `exit code ${String(code)}`;
      throw new Error(`The coordinator ended by ${how}:\n${process.lines.slice(-30).join('\n')}`);
    },
  };
}

/** Settings of the machine must not reach the coordinator of a bench. */
function withoutSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^(MUSTER_|OTEL_)/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
