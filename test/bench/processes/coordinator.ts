// A coordinator of a bench: a process that can be asked how it is, and whose memory is watched from outside.

import { fileURLToPath } from 'node:url';
import { startCoordinator } from '../../harness/coordinator.ts';
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
  /** Throws if it does not end in order, or has logged an error. */
  stop(): Promise<void>;
}

const askMs = 60_000;
const main = fileURLToPath(new URL('../coordinator-main.ts', import.meta.url));

/** Starts a coordinator on a database: a URL, a folder or `memory`. */
export async function startBenchCoordinator(
  database: string,
  flags: readonly string[] = [],
): Promise<BenchCoordinator> {
  const coordinator = await startCoordinator({ databaseUrl: database }, { main, flags });
  const { process } = coordinator;
  return {
    address: coordinator.address,
    pid: process.pid,
    memoryPeak: () => memoryOf(process.pid).peak,
    ask: async (question) => {
      const from = process.lines.length;
      process.write(`${question}\n`);
      const [line] = await process.line(/^\{"inside":.*\}$/, { from, timeoutMs: askMs });
      return (JSON.parse(line) as { inside: InsideView }).inside;
    },
    stop: () => coordinator.stop(),
  };
}
