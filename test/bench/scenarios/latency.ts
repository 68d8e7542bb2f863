// How long a task takes to start, and how long until its result is in the client's hand: alone, and at a steady rate.

import { megabytes } from '../figures.ts';
import { type Result, round } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { withSystem } from '../system.ts';

interface Pace {
  readonly variant: string;
  /** 0: one after the other. */
  readonly perSecond: number;
}

const paces: readonly Pace[] = [
  { variant: 'one at a time', perSecond: 0 },
  { variant: 'Poisson 100/s', perSecond: 100 },
  { variant: 'Poisson 1,000/s', perSecond: 1_000 },
];

const toStart = ', to start';
/** The variant that is compared with peers, and with the others. */
export const oneAtATimeToStart = `one at a time${toStart}`;

const slots = 200;
/** Before anything is measured: code is compiled, plans are made, connections are open. */
const warmUpMs = 2_000;

/** Two results of each pace: submit to start, and submit to result. */
export const latency: Scenario = {
  name: 'latency',
  about: 'submit → start, and submit → result in the client, 200 slots',
  extent: { tasks: 20_000, seconds: 20 },
  engines: ['postgres', 'pglite'],
  beside: 'latency',
  run: async (context) =>
    withComparison(await eachVariant(context, paces, (pace) => measure(context, pace))),
};

/** How much longer the slowest of a hundred take under load than the usual one alone. */
function withComparison(results: readonly Result[]): Result[] {
  const alone = results.find(({ variant }) => variant === oneAtATimeToStart)?.latencyMs?.p50;
  return results.map((result) => {
    if (alone === undefined || !result.variant.endsWith(toStart) || !result.latencyMs)
      return result;
    const ratio = round(result.latencyMs.p99 / alone, 2);
    return { ...result, facts: { ...result.facts, 'p99 / p50 of one at a time': ratio } };
  });
}

function measure(
  { server, nats, tasks, seconds, inputBytes }: ScenarioContext,
  { variant, perSecond }: Pace,
): Promise<readonly Result[]> {
  return withSystem({ server, nats }, { slots }, async ({ coordinator, agents, client }) => {
    await agents.join();
    const order = { tasks, perSecond, inputBytes, forMs: seconds * 1_000 };
    await client.latency({ ...order, forMs: Math.min(warmUpMs, order.forMs) });
    const measured = await client.latency(order);
    const result = {
      ...{ scenario: 'latency', database: server.engine, tasks: measured.tasks },
      memoryMb: megabytes(coordinator.memoryPeak()),
      facts: { 'submitted late by the client': measured.late },
    };
    return [
      { ...result, variant: `${variant}${toStart}`, latencyMs: measured.toStart },
      { ...result, variant: `${variant}, to result`, latencyMs: measured.toResult },
    ];
  });
}
