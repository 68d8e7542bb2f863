// How many tasks a second go all the way: submitted, stored, run by an agent, their outcome recorded and kept.

import { checkAllSucceeded, costOf, megabytes, rateOf, statisticsOf } from '../figures.ts';
import type { Result } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { withSystem } from '../system.ts';

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
  extent: { tasks: 100_000 },
  engines: ['postgres', 'pglite'],
  beside: 'rates',
  run: (context) => measureWays(context, 'throughput', 4_000),
};

/** Submit with few slots: most tasks wait and are claimed. */
export const saturated: Scenario = {
  name: 'saturated',
  about: 'no-op tasks, 100 slots: most wait and are claimed',
  extent: { tasks: 100_000 },
  engines: ['postgres', 'pglite'],
  beside: 'rates',
  run: (context) => measureWays(context, 'saturated', 100),
};

/** The same on the database inside the coordinator. */
export const embedded: Scenario = {
  name: 'embedded',
  about: 'no-op tasks on PGlite, 4,000 slots',
  extent: { tasks: 50_000 },
  engines: ['pglite'],
  beside: 'nothing',
  run: (context) => measureWays(context, 'embedded', 4_000),
};

function measureWays(context: ScenarioContext, scenario: string, slots: number): Promise<Result[]> {
  return eachVariant(context, ways, async (way) => [await measure(context, scenario, way, slots)]);
}

function measure(
  { server, nats, tasks, inputBytes }: ScenarioContext,
  scenario: string,
  way: Way,
  slots: number,
): Promise<Result> {
  return withSystem({ server, nats }, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    const order = { handler: 'bench.noop', ...way, inputBytes };
    const warmUp = Math.ceil(tasks / 10);
    await agents.join();
    await client.submit({ ...order, tasks: warmUp });
    await observer.settled();
    await observer.resetStatistics();
    const cost = costOf(system);
    const submitted = await client.submit({ ...order, tasks });
    const endedAt = await observer.settled();
    const facts = cost(tasks);
    const memoryMb = megabytes(coordinator.memoryPeak());
    await checkAllSucceeded(observer, tasks + warmUp, submitted);
    await system.stop();
    return {
      ...{ scenario, variant: way.variant, database: server.engine, tasks, memoryMb, facts },
      tasksPerSecond: rateOf(tasks, submitted.beganAt, endedAt),
      ...(await statisticsOf(observer, tasks, tasks + warmUp)),
    };
  });
}
