// What schedules cost that have nothing to ask for: statements and processor time of a coordinator with many, none of them
// due, beside the same coordinator with none; and how long it takes to store them.

import { statementsIn, untilQuiet } from '../database/quiet.ts';
import { megabytes, processorShareOf } from '../figures.ts';
import { type Result, round } from '../result.ts';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

const slots = 1;

/** One result with none, one with all. */
export const rest: Scenario = {
  name: 'rest',
  about: 'stored schedules of which none is due',
  extent: { schedules: 100_000, seconds: 60 },
  engines: ['postgres'],
  beside: 'nothing',
  run: measure,
};

function measure({ server, nats, schedules, seconds }: ScenarioContext): Promise<Result[]> {
  return withSystem({ server, nats }, { slots }, async (system) => {
    await system.agents.join();
    const before = await look(system, seconds);
    const times = { cron: farAway() };
    const { tookMs } = await system.client.apply({ prefix: 'rest', schedules, times });
    const after = await look(system, seconds);
    const result = { scenario: 'rest', database: server.engine, tasks: 0 };
    const applied = { 'applied in s': round(tookMs / 1_000, 2) };
    return [
      { ...result, ...before, variant: '0 schedules' },
      {
        ...{ ...result, ...after, variant: `${schedules.toLocaleString('en-US')} schedules` },
        facts: { ...applied, ...after.facts },
      },
    ];
  });
}

/** Once a year, about half a year from now. */
function farAway(): string {
  return `0 0 1 ${((new Date().getUTCMonth() + 6) % 12) + 1} *`;
}

async function look({ coordinator, observer }: System, seconds: number) {
  await untilQuiet(observer);
  const processorShare = processorShareOf(coordinator.pid);
  const { count: statements, mostFrequent } = await statementsIn(observer, seconds);
  const facts = {
    'statements a minute': round((statements / seconds) * 60),
    'coordinator, % of a processor': processorShare(),
    ...{ seconds, 'most frequent': mostFrequent },
  };
  return { statements, memoryMb: megabytes(coordinator.memoryPeak()), facts };
}
