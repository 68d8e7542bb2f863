// Three times as much as can be done: what is refused, whether memory stays flat, whether everything that was taken on
// ends, and how soon it is as before once the flood is over.

import { type EndedTasks, endedTasks } from '../database/ended.ts';
import type { States } from '../database/observer.ts';
import { megabytes, rateOf, statisticsOf, watchMemory } from '../figures.ts';
import { startBenchClient } from '../processes/client.ts';
import type { Submitted } from '../protocol.ts';
import { type Result, round } from '../result.ts';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

const slots = 4_000;
const times = 3;
const clients = 8;
/** Throughput is back when a second brings this share of what it was. */
const backShare = 0.8;
const order = { handler: 'bench.noop', callTasks: 100, inFlight: 16 };
const anyNumber = Number.MAX_SAFE_INTEGER;

/** Measures what can be done for a while, then floods, then goes on as before. */
export const overload: Scenario = {
  name: 'overload',
  about: 'submits at three times the capacity, which are not tried again when they are refused',
  extent: { seconds: 60 },
  engines: ['postgres'],
  beside: 'nothing',
  run: measure,
};

function measure({ server, nats, seconds, inputBytes }: ScenarioContext): Promise<Result[]> {
  return withSystem({ server, nats }, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    await agents.join();
    const asFastAsTaken = (forSeconds: number) =>
      client.submit({ ...order, inputBytes, tasks: anyNumber, forMs: forSeconds * 1_000 });
    const stretch = Math.max(1, Math.min(10, seconds / 4));
    const warmUp = await asFastAsTaken(stretch / 2);
    await observer.settled();
    const before = await asFastAsTaken(stretch);
    const capacity = rateOf(before.submitted, before.beganAt, await observer.settled());
    await observer.resetStatistics();
    const { flood, memory } = await floodWith(system, capacity * times, seconds, inputBytes);
    const after = await asFastAsTaken(stretch * 1.2);
    await observer.settled();
    const states = await observer.countStates();
    const { stored, missing } = checkNothingLost(states, flood, [warmUp, before, after]);
    const ended = await endedTasks(observer);
    const memoryMb = megabytes(coordinator.memoryPeak());
    const { residentBytes } = await coordinator.ask('collect');
    await system.stop();
    const goodput = ended.between(flood.beganAt, flood.beganAt + seconds * 1_000);
    const result = {
      ...{ scenario: 'overload', variant: '3 × capacity', database: server.engine },
      tasks: flood.submitted,
      tasksPerSecond: round(goodput / seconds),
      memoryMb,
      ...(await statisticsOf(observer, flood.submitted + after.submitted, stored)),
      facts: {
        'capacity, tasks/s': capacity,
        'offered, tasks/s': round((flood.submitted + sumOf(flood.refused)) / seconds),
        'acknowledged tasks': flood.submitted,
        'refused with RESOURCE_EXHAUSTED, tasks': flood.exhausted,
        'refused by the clients, tasks': flood.refused.CLIENT_OVERLOADED ?? 0,
        'refused by reason': JSON.stringify(flood.refused),
        'of unknown outcome and not stored, tasks': missing,
        ...memoryFacts(memory),
        'memory in the end, after collection, MB': megabytes(residentBytes),
        'seconds until throughput was back': secondsUntilBack(ended, flood, after, capacity),
      },
    };
    return [result];
  });
}

/** Clients of their own, which do not try again: one alone would wait for its turns, and flood nobody but itself. */
async function floodWith(
  { coordinator }: System,
  perSecond: number,
  seconds: number,
  inputBytes: number,
): Promise<{ readonly flood: Submitted; readonly memory: readonly number[] }> {
  const client = await startBenchClient(coordinator.address, '0s', clients);
  const watched = watchMemory(coordinator.pid);
  const forMs = seconds * 1_000;
  const flood = await client.submit({ ...order, inputBytes, tasks: anyNumber, forMs, perSecond });
  const memory = watched();
  await client.stop();
  return { flood, memory };
}

/**
 * Stored is what was acknowledged, and at most what nobody knows of besides; all of it has succeeded. Answers how many
 * are stored, and how many of the latter are not.
 */
function checkNothingLost(
  states: States,
  flood: Submitted,
  others: readonly Submitted[],
): { readonly stored: number; readonly missing: number } {
  const acknowledged = [flood, ...others].reduce((sum, { submitted }) => sum + submitted, 0);
  const unknown = [flood, ...others].reduce(
    (sum, { refused, exhausted }) =>
      sum + sumOf(refused) - exhausted - (refused.CLIENT_OVERLOADED ?? 0),
    0,
  );
  const { SUCCEEDED: stored = 0, ...other } = states;
  const isRight =
    stored >= acknowledged && stored <= acknowledged + unknown && Object.keys(other).length === 0;
  if (isRight) return { stored, missing: acknowledged + unknown - stored };
  throw new Error(
    `${acknowledged} tasks were acknowledged and ${unknown} are of unknown outcome; found ${JSON.stringify(states)}.`,
  );
}

/** Flat: the peak of the last third is that of the first; and where it went in between. */
function memoryFacts(samples: readonly number[]): Record<string, number | string> {
  const peaks = Array.from({ length: 6 }, (_, part) => {
    const from = Math.floor((samples.length * part) / 6);
    return Math.max(...samples.slice(from, Math.max(from + 1, (samples.length * (part + 1)) / 6)));
  });
  const first = Math.max(...peaks.slice(0, 2));
  const last = Math.max(...peaks.slice(-2));
  return {
    'memory peaks MB, a sixth of the time each': peaks.map(megabytes).join(' '),
    'memory, last third / first': round(last / first, 2),
  };
}

/** From the end of the flood to the begin of the first second that is good again. */
function secondsUntilBack(
  ended: EndedTasks,
  flood: Submitted,
  after: Submitted,
  capacity: number,
): number | string {
  const watched = Math.floor((after.endedAt - flood.endedAt) / 1_000);
  for (let second = 0; second < watched; second += 1) {
    const from = flood.endedAt + second * 1_000;
    if (ended.between(from, from + 1_000) >= capacity * backShare) return second;
  }
  return `not within ${watched}`;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
