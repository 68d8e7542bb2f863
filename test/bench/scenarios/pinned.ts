// What becomes of throughput while another transaction pins the oldest snapshot, so that nothing dead can be cleaned
// away: the last stretch of time against the first.

import { endedTasks } from '../database/ended.ts';
import { connectAsBench } from '../database/observer.ts';
import { checkAllSucceeded, megabytes, statisticsOf } from '../figures.ts';
import { type Result, round } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { withSystem } from '../system.ts';

interface Way {
  readonly variant: string;
  readonly slots: number;
}

const ways: readonly Way[] = [
  { variant: 'eager', slots: 4_000 },
  { variant: 'claimed', slots: 100 },
];
/** The whole time is cut into so many stretches. */
const stretches = 6;
const warmUpTasks = 10_000;

/** Submits as fast as tasks are taken, for all of the time. */
export const pinned: Scenario = {
  name: 'pinned',
  about: 'no-op tasks while another transaction pins the oldest snapshot',
  extent: { tasks: Number.MAX_SAFE_INTEGER, seconds: 60 },
  engines: ['postgres'],
  beside: 'nothing',
  run: (context) => eachVariant(context, ways, (way) => measure(context, way)),
};

function measure(
  { server, nats, tasks, seconds, inputBytes }: ScenarioContext,
  { variant, slots }: Way,
): Promise<readonly Result[]> {
  return withSystem({ server, nats }, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    const order = { handler: 'bench.noop', callTasks: 100, inFlight: 16, inputBytes };
    const warmUp = Math.min(warmUpTasks, tasks);
    await agents.join();
    await client.submit({ ...order, tasks: warmUp });
    await observer.settled();
    await observer.run('VACUUM (ANALYZE) tasks');
    await observer.run('CHECKPOINT');
    await observer.resetStatistics();
    const release = await pinSnapshot(system.database);
    const forMs = seconds * 1_000;
    const submitted = await client.submit({ ...order, tasks, forMs });
    await release();
    await observer.settled();
    const memoryMb = megabytes(coordinator.memoryPeak());
    await checkAllSucceeded(observer, submitted.submitted + warmUp, submitted);
    const ended = await endedTasks(observer);
    await system.stop();
    const { beganAt } = submitted;
    const stretchMs = forMs / stretches;
    const rates = Array.from({ length: stretches }, (_, at) => {
      const from = beganAt + at * stretchMs;
      return round((ended.between(from, from + stretchMs) / stretchMs) * 1_000);
    });
    const [first = 0] = rates;
    const result = {
      ...{ scenario: 'pinned', variant, database: server.engine, memoryMb },
      tasks: submitted.submitted,
      tasksPerSecond: round((ended.between(beganAt, beganAt + forMs) / forMs) * 1_000),
      ...(await statisticsOf(observer, submitted.submitted, submitted.submitted + warmUp)),
      ratios: { firstStretch: first > 0 ? round((rates.at(-1) ?? 0) / first, 3) : 0 },
      facts: {
        [`tasks/s by stretches of ${round(stretchMs / 1_000, 1)} s`]: rates.join(', '),
        'submitted but not ended by then':
          submitted.submitted - ended.between(beganAt, beganAt + forMs),
      },
    };
    return [result];
  });
}

/** Takes a snapshot and keeps it until it is told to let go. */
async function pinSnapshot(database: string): Promise<() => Promise<void>> {
  const connection = await connectAsBench(database);
  await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await connection.query('SELECT count(*) FROM pg_class');
  return async () => {
    await connection.query('ROLLBACK');
    await connection.end();
  };
}
