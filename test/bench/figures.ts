// Figures that several scenarios take: processor time a task, what Postgres counted, and whether every task ended well.

import type { Observer } from './database/observer.ts';
import { machineSeconds, memoryOf, processorSeconds } from './processes/usage.ts';
import type { Submitted } from './protocol.ts';
import { type Result, round } from './result.ts';
import type { System } from './system.ts';

const bytesPerMb = 2 ** 20;

/** Bytes as mebibytes. */
export function megabytes(bytes: number): number {
  return round(bytes / bytesPerMb, 1);
}

/** Tasks per second, between two moments in milliseconds. */
export function rateOf(tasks: number, beganAt: number, endedAt: number): number {
  return round((tasks / Math.max(1, endedAt - beganAt)) * 1000);
}

/** Begins to count processor time; answers microseconds a task, of each process and of all the rest of the machine. */
export function costOf({ coordinator, agents, client }: System) {
  const pids = { coordinator: coordinator.pid, agents: agents.pid, client: client.pid };
  const read = () => ({
    all: machineSeconds(),
    own: Object.entries(pids).map(([name, pid]) => [name, processorSeconds(pid)] as const),
  });
  const before = read();
  return (tasks: number): Record<string, number> => {
    const after = read();
    const perTask = (seconds: number) => round((seconds / tasks) * 1e6, 1);
    let rest = after.all - before.all;
    const costs = after.own.map(([name, seconds], index) => {
      const spent = seconds - (before.own[index]?.[1] ?? 0);
      rest -= spent;
      return [`${name} µs/task`, perTask(spent)] as const;
    });
    return Object.fromEntries([...costs, ['database and the rest µs/task', perTask(rest)]]);
  };
}

/** What a process has used of one processor since, in percent. */
export function processorShareOf(pid: number): () => number {
  const beganAt = performance.now();
  const before = processorSeconds(pid);
  return () =>
    round(((processorSeconds(pid) - before) / ((performance.now() - beganAt) / 1000)) * 100, 1);
}

/**
 * Postgres' own counts, per task, of a system that has stopped. Statements are those since they were reset; rows are
 * counted with a delay, so those of all tasks since the database was made are divided by `allTasks`, warm-up included.
 */
export async function statisticsOf(
  observer: Observer,
  tasks: number,
  allTasks?: number,
): Promise<Pick<Result, 'statements' | 'transactions' | 'rowWritesPerTask'>> {
  await observer.alone();
  const read = await observer.statistics();
  if (read === undefined) return {};
  const { statements, rowWrites, transactions } = read;
  const hotPathPer100Tasks = round((transactions.hotPath / tasks) * 100, 2);
  return {
    statements,
    transactions: { ...transactions, hotPathPer100Tasks },
    ...(allTasks === undefined ? {} : { rowWritesPerTask: round(rowWrites / allTasks, 3) }),
  };
}

/** Every task that was acknowledged has succeeded, and there is no other. */
export async function checkAllSucceeded(
  observer: Observer,
  expected: number,
  { refused }: Pick<Submitted, 'refused'> = { refused: {} },
): Promise<void> {
  const states = await observer.countStates();
  if (states.SUCCEEDED === expected && Object.keys(states).length === 1) return;
  const found = JSON.stringify({ states, refused });
  throw new Error(`${expected} tasks should have succeeded; found ${found}.`);
}

/** Reads the resident memory of a process every second, until it is told to stop. */
export function watchMemory(pid: number): () => readonly number[] {
  const samples: number[] = [memoryOf(pid).now];
  const timer = setInterval(() => samples.push(memoryOf(pid).now), 1_000);
  return () => {
    clearInterval(timer);
    samples.push(memoryOf(pid).now);
    return samples;
  };
}

/** The rates of results, each divided by that of one variant among them, under its name. */
export function ratesBeside(results: readonly Result[], variant: string): Result[] {
  const rate = results.find((result) => result.variant === variant)?.tasksPerSecond;
  return results.map((result) =>
    rate === undefined || result.variant === variant
      ? result
      : { ...result, ratios: { [variant]: round((result.tasksPerSecond ?? 0) / rate, 3) } },
  );
}
