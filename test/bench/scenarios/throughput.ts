// How many tasks a second go all the way: submitted, stored, run by an agent, their outcome recorded and kept.

import { type Observer, observe } from '../database.ts';
import type { Submitted } from '../protocol.ts';
import { type Result, round } from '../result.ts';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import {
  machineSeconds,
  processorSeconds,
  startBenchAgents,
  startBenchClient,
  startBenchCoordinator,
  until,
} from '../system.ts';

/** One way of submitting. */
interface Way {
  readonly variant: string;
  readonly callTasks: number;
  readonly inFlight: number;
}

const ways: readonly Way[] = [
  { variant: 'calls of 100', callTasks: 100, inFlight: 16 },
  { variant: 'one at a time', callTasks: 1, inFlight: 256 },
];

/** Submit with room for all: most tasks start in the transaction that stores them. */
export const throughput: Scenario = {
  name: 'throughput',
  about: 'no-op tasks, 4,000 slots',
  tasks: 100_000,
  peers: true,
  run: (context) => measureWays(context, 'throughput', 4_000),
};

/** Submit with few slots: most tasks wait and are claimed. */
export const saturated: Scenario = {
  name: 'saturated',
  about: 'no-op tasks, 100 slots: most wait and are claimed',
  tasks: 100_000,
  peers: true,
  run: (context) => measureWays(context, 'saturated', 100),
};

async function measureWays(
  context: ScenarioContext,
  scenario: string,
  slots: number,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const way of ways)
    if (way.variant.includes(context.variant))
      results.push(await measure(context, scenario, way, slots));
  return results;
}

async function measure(
  { server, tasks, inputBytes }: ScenarioContext,
  scenario: string,
  way: Way,
  slots: number,
): Promise<Result> {
  const url = await server.createDatabase();
  const coordinator = await startBenchCoordinator(url);
  const agents = await startBenchAgents(coordinator.address, { slots });
  const client = await startBenchClient(coordinator.address);
  const observer = await observe(url);
  const order = { handler: 'bench.noop', ...way, inputBytes };
  await client.submit({ ...order, tasks: Math.ceil(tasks / 10) });
  await until(observer.isIdle);
  await observer.resetStatistics();
  const pids = { coordinator: coordinator.pid, agents: agents.pid, client: client.pid };
  const cost = costOf(pids);
  const submitted = await client.submit({ ...order, tasks });
  await until(observer.isIdle);
  const endedAt = Date.now();
  const costs = cost(tasks);
  const memoryPeak = coordinator.memoryPeak();
  await client.stop();
  await agents.end('SIGTERM');
  await coordinator.stop();
  const result = {
    ...{ scenario, variant: way.variant, database: 'postgres' as const, tasks },
    tasksPerSecond: round((tasks / (endedAt - submitted.beganAt)) * 1000),
    memoryMb: round(memoryPeak / 2 ** 20),
    ...(await statisticsOf(observer, tasks)),
    facts: costs,
  };
  await checkAllSucceeded(observer, submitted, tasks + Math.ceil(tasks / 10));
  await observer.close();
  return result;
}

/** Begins to count processor time; answers microseconds a task, of each process and of all the rest of the machine. */
function costOf(pids: Readonly<Record<string, number>>) {
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
    return Object.fromEntries([...costs, ['Postgres and the rest µs/task', perTask(rest)]]);
  };
}

/** Postgres' own counts, per task. */
export async function statisticsOf(
  observer: Observer,
  tasks: number,
): Promise<Pick<Result, 'statements' | 'transactions' | 'rowWritesPerTask' | 'facts'>> {
  const { statements, rowWrites, transactions } = await observer.statistics();
  const hotPathPer100Tasks = round((transactions.hotPath / tasks) * 100, 2);
  return {
    statements,
    transactions: { ...transactions, hotPathPer100Tasks },
    rowWritesPerTask: round(rowWrites / tasks, 3),
  };
}

/** Every task that was acknowledged has succeeded, once. */
export async function checkAllSucceeded(
  observer: Observer,
  { refused }: Submitted,
  expected: number,
): Promise<void> {
  const states = await observer.countStates();
  const succeeded = states.get(5) ?? 0;
  if (succeeded === expected && states.size === 1) return;
  const found = JSON.stringify({ states: Object.fromEntries(states), refused });
  throw new Error(`${expected} tasks should have succeeded; found ${found}.`);
}
