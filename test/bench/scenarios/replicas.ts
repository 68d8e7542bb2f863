// What it costs to be several: one, two and three coordinators share the work, the database and the machine.

import { type BenchCluster, type Replica, withCluster } from '../cluster.ts';
import { checkAllSucceeded, megabytes, rateOf, statisticsOf } from '../figures.ts';
import { type Percentiles, type Result, round } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';

interface Size {
  readonly variant: string;
  readonly coordinators: number;
}

const sizes: readonly Size[] = [
  { variant: '1 coordinator', coordinators: 1 },
  { variant: '2 coordinators', coordinators: 2 },
  { variant: '3 coordinators', coordinators: 3 },
];

/** In all of them together. */
const slots = 4_000;
const callsUnderWay = 16;
const callTasks = 100;
/** Tasks a second whose latency is measured, in all of them together. */
const perSecond = 300;

/** The same number of tasks, slots and calls, whatever the number of coordinators. */
export const replicas: Scenario = {
  name: 'replicas',
  about: 'no-op tasks at 1, 2 and 3 coordinators over one database and NATS, 4,000 slots in all',
  extent: { tasks: 100_000, seconds: 10 },
  engines: ['postgres'],
  beside: 'nothing',
  run: async (context) =>
    withComparison(await eachVariant(context, sizes, (size) => measure(context, size))),
};

/** Each against one coordinator. */
function withComparison(results: readonly Result[]): Result[] {
  const alone = results.find(({ variant }) => variant === sizes[0]?.variant);
  return results.map((result) => {
    if (alone === undefined || result === alone) return result;
    const rate = round((result.tasksPerSecond ?? 0) / (alone.tasksPerSecond ?? 0), 3);
    const statements = round((result.statements ?? 0) / (alone.statements ?? 0), 2);
    const facts = { ...result.facts, 'statements, × one coordinator': statements };
    return { ...result, ratios: { oneCoordinator: rate }, facts };
  });
}

function measure(
  { server, tasks, seconds, inputBytes }: ScenarioContext,
  { variant, coordinators }: Size,
): Promise<readonly Result[]> {
  return withCluster(server, { coordinators, slots }, async (cluster) => {
    const { replicas, observer } = cluster;
    await Promise.all(replicas.map(({ agents }) => agents.join()));
    const inFlight = Math.ceil(callsUnderWay / coordinators);
    const order = { handler: 'bench.noop', callTasks, inFlight, inputBytes };
    const submit = (all: number) =>
      share(replicas, all, ({ client }, own) => client.submit({ ...order, tasks: own }));
    const warmUp = Math.ceil(tasks / 10);
    await submit(warmUp);
    const latencyMs = await latencyOf(cluster, { inputBytes, forMs: seconds * 1_000 });
    await observer.settled();
    await observer.resetStatistics();
    const submitted = await submit(tasks);
    const endedAt = await observer.settled();
    const beganAt = Math.min(...submitted.map((each) => each.beganAt));
    const peaks = replicas.map(({ coordinator }) => coordinator.memoryPeak());
    await checkAllSucceeded(observer, tasks + warmUp + latencyMs.tasks);
    await cluster.stop();
    const result = {
      ...{ scenario: 'replicas', variant, database: server.engine, tasks },
      tasksPerSecond: rateOf(tasks, beganAt, endedAt),
      memoryMb: megabytes(Math.max(...peaks)),
      ...(await statisticsOf(observer, tasks)),
      facts: { 'p50 to start, ms': latencyMs.p50, 'p99 to start, ms': latencyMs.p99 },
    };
    return [result];
  });
}

/** Submit to start at a steady rate: the worst of all clients. */
async function latencyOf(
  { replicas }: BenchCluster,
  { inputBytes, forMs }: { readonly inputBytes: number; readonly forMs: number },
): Promise<Pick<Percentiles, 'p50' | 'p99'> & { readonly tasks: number }> {
  const all = Math.ceil((perSecond * forMs) / 1_000);
  const measured = await share(replicas, all, ({ client }, tasks) =>
    client.latency({ tasks, perSecond: perSecond / replicas.length, inputBytes, forMs }),
  );
  const worst = (of: 'p50' | 'p99') => Math.max(...measured.map(({ toStart }) => toStart[of]));
  const tasks = measured.reduce((sum, each) => sum + each.tasks, 0);
  return { p50: worst('p50'), p99: worst('p99'), tasks };
}

/** Gives each replica its part of a number of tasks, all at the same time. */
function share<Answer>(
  replicas: readonly Replica[],
  tasks: number,
  work: (replica: Replica, own: number) => Promise<Answer>,
): Promise<Answer[]> {
  const part = Math.floor(tasks / replicas.length);
  return Promise.all(
    replicas.map((replica, at) =>
      work(replica, at === 0 ? tasks - part * (replicas.length - 1) : part),
    ),
  );
}
