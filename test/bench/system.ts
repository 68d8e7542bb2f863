// The system under test as its users run it: a coordinator, agents and a client, each a process of its own.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCoordinator, type TestCoordinator } from '../harness/coordinator.ts';
import { type RunningProcess, startNode } from '../harness/processes.ts';
import type { Latencies, LatencyOrder, Order, SubmitOrder, Submitted } from './protocol.ts';

/** A client process. */
export interface BenchClient {
  readonly pid: number;
  submit(order: Omit<SubmitOrder, 'order'>): Promise<Submitted>;
  latency(order: Omit<LatencyOrder, 'order'>): Promise<Latencies>;
  stop(): Promise<void>;
}

/** A coordinator whose memory is watched. */
export interface BenchCoordinator {
  readonly address: string;
  readonly pid: number;
  /** Largest resident memory so far, in bytes. */
  memoryPeak(): number;
  stop(): Promise<void>;
}

const answerMs = 30 * 60_000;

/** Starts a coordinator on a database: a URL, a folder or `memory`. */
export async function startBenchCoordinator(
  database: string,
  flags: readonly string[] = [],
): Promise<BenchCoordinator> {
  const coordinator: TestCoordinator = await startCoordinator({ databaseUrl: database }, { flags });
  const { pid } = coordinator.process;
  return {
    address: coordinator.address,
    pid,
    memoryPeak: () => memoryOf(pid).peak,
    stop: () => coordinator.stop(),
  };
}

/** Starts a process with agents; resolves when their sessions stand. */
export async function startBenchAgents(
  address: string,
  options: { readonly slots: number; readonly agents?: number },
): Promise<RunningProcess> {
  const { slots, agents = 1 } = options;
  const main = fileURLToPath(new URL('./agent-main.ts', import.meta.url));
  const process = await startNode(main, [address, String(slots), String(agents)]);
  await process.line(/^agents ready$/, { timeoutMs: 120_000 });
  return process;
}

/** Starts a client process. */
export async function startBenchClient(address: string): Promise<BenchClient> {
  const main = fileURLToPath(new URL('./client-main.ts', import.meta.url));
  const process = await startNode(main, [address]);
  await process.line(/^client ready$/);
  const ask = async <Answer>(order: Order): Promise<Answer> => {
    const from = process.lines.length;
    process.write(`${JSON.stringify(order)}\n`);
    const [line] = await process.line(/^\{"answer":.*\}$/, { from, timeoutMs: answerMs });
    return (JSON.parse(line) as { answer: Answer }).answer;
  };
  return {
    pid: process.pid,
    submit: (order) => ask({ order: 'submit', ...order }),
    latency: (order) => ask({ order: 'latency', ...order }),
    stop: async () => {
      await process.end('SIGTERM');
    },
  };
}

/** Resident memory of a process, in bytes; zeros where the system does not tell. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const of = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { now: of('VmRSS'), peak: of('VmHWM') };
  } catch {
    return { now: 0, peak: 0 };
  }
}

/** Seconds of processor time that a process has used. */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Seconds of processor time that the whole machine has used. */
export function machineSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, , , interrupts, softInterrupts] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const ticks = [user, nice, system, interrupts, softInterrupts] as number[];
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

/** Asks again and again, at most every `everyMs`, until it is true. */
export async function until(
  isTrue: () => Promise<boolean>,
  { everyMs = 20, limitMs = 15 * 60_000, what = 'it' } = {},
): Promise<void> {
  const endAt = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > endAt) throw new Error(`${what} did not come true in ${limitMs} ms.`);
    await sleep(everyMs);
  }
}
