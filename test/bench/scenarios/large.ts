// Inputs and outputs of 100 KB: how many bytes a second go through, and what that does to the coordinator's memory and
// event loop.

import { checkAllSucceeded, costOf, megabytes, rateOf, statisticsOf } from '../figures.ts';
import { type Result, round } from '../result.ts';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { withSystem } from '../system.ts';

const payloadBytes = 100_000;
const slots = 100;
/** A megabyte a call. */
const order = { handler: 'bench.echo', callTasks: 10, inFlight: 8, inputBytes: payloadBytes };

/** The output is the input; both are kept. */
export const large: Scenario = {
  name: 'large',
  about: 'inputs and outputs of 100 KB, 100 slots',
  extent: { tasks: 5_000 },
  engines: ['postgres', 'pglite'],
  beside: 'nothing',
  run: measure,
};

function measure({ server, nats, tasks }: ScenarioContext): Promise<Result[]> {
  return withSystem({ server, nats }, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    const warmUp = Math.ceil(tasks / 10);
    await agents.join();
    await client.submit({ ...order, tasks: warmUp });
    await observer.settled();
    await observer.resetStatistics();
    await coordinator.ask('reset');
    const cost = costOf(system);
    const submitted = await client.submit({ ...order, tasks });
    const endedAt = await observer.settled();
    const costs = cost(tasks);
    const { eventLoopDelayMs: delay } = await coordinator.ask('look');
    const memoryMb = megabytes(coordinator.memoryPeak());
    const { residentBytes } = await coordinator.ask('collect');
    await checkAllSucceeded(observer, tasks + warmUp, submitted);
    await system.stop();
    const tasksPerSecond = rateOf(tasks, submitted.beganAt, endedAt);
    const facts = {
      'MB/s, in and out': round((tasksPerSecond * payloadBytes * 2) / 1e6, 1),
      'event loop late p50 ms': round(delay.p50, 1),
      'event loop late p99 ms': round(delay.p99, 1),
      'event loop late max ms': round(delay.max, 1),
      'resident MB after collection': megabytes(residentBytes),
      ...costs,
    };
    const result = {
      ...{ scenario: 'large', variant: '100 KB', database: server.engine, tasks },
      ...{
        tasksPerSecond,
        memoryMb,
        facts,
        ...(await statisticsOf(observer, tasks, tasks + warmUp)),
      },
    };
    return [result];
  });
}
