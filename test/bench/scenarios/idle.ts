// How many statements a coordinator sends a minute when agents are connected and there is no work.

import { statementsIn, untilQuiet } from '../database/quiet.ts';
import { megabytes, processorShareOf } from '../figures.ts';
import { round } from '../result.ts';
import type { Scenario } from '../scenario.ts';
import { withSystem } from '../system.ts';

/** Counted by Postgres itself, over all of the time. */
export const idle: Scenario = {
  name: 'idle',
  about: 'statements of a coordinator with agents and no work',
  extent: { agents: 100, seconds: 60 },
  engines: ['postgres'],
  beside: 'nothing',
  run: ({ server, nats, agents: count, seconds }) =>
    withSystem(
      { server, nats },
      { slots: count, agents: count },
      async ({ coordinator, agents, observer }) => {
        await agents.join();
        await untilQuiet(observer);
        const processorShare = processorShareOf(coordinator.pid);
        const { count: statements, mostFrequent } = await statementsIn(observer, seconds);
        const perMinute = round((statements / seconds) * 60);
        const facts = {
          'statements a minute': perMinute,
          'coordinator, % of a processor': processorShare(),
          ...{ seconds, 'most frequent': mostFrequent },
        };
        const memoryMb = megabytes(coordinator.memoryPeak());
        const variant = `${count} agents`;
        const database = server.engine;
        return [{ scenario: 'idle', variant, database, tasks: 0, statements, memoryMb, facts }];
      },
    ),
};
