// What a scenario is measured against, in the same run and on the same server: what Postgres alone allows, and what
// people would use instead.

import type { DatabaseServer } from '../database/server.ts';
import { measureFloor } from '../floor/floor.ts';
import { measurePeerLatency } from '../peers/latency.ts';
import type { PeerName } from '../peers/peer.ts';
import { measurePeer } from '../peers/throughput.ts';
import { type Floors, type Peers, type Result, round } from '../result.ts';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { eachMinute, measureEachMinute } from '../scenarios/each-minute.ts';
import { oneAtATimeToStart } from '../scenarios/latency.ts';

/** More tasks than this change the figures little, and take long. */
const floorTasksMax = 50_000;
const peerTasksMax: Readonly<Record<PeerName, number>> = {
  graphileWorker: 100_000,
  pgBoss: 50_000,
  bullmq: 50_000,
};
/** Peers are given their jobs as this project's own client gives its tasks: in calls of 100, 16 at a time. */
const callJobsMax = 100;
/** A job at a time, this is some seconds. */
const latencySamplesMax = 500;

/** Which of them are wanted. */
export interface Wanted {
  readonly floors: boolean;
  readonly peers: boolean;
}

/** Measures what belongs beside the scenario, and adds it with the ratios to its results. */
export async function addBeside(
  { beside }: Scenario,
  context: ScenarioContext,
  wanted: Wanted,
  results: readonly Result[],
): Promise<readonly Result[]> {
  const { server } = context;
  if (server.engine !== 'postgres' || beside === 'nothing') return results;
  if (beside === 'eachMinute') return wanted.peers ? addEachMinute(context, results) : results;
  if (beside === 'latency') return wanted.peers ? addLatency(context, results) : results;
  const floors = wanted.floors ? await floorsOf(server, context) : undefined;
  const peers = wanted.peers ? await peersOf(server, context, beside) : undefined;
  return results.map((result) => withRatios(result, { ...floors, ...peers }, { floors, peers }));
}

async function floorsOf(server: DatabaseServer, context: ScenarioContext): Promise<Floors> {
  const database = await server.createDatabase();
  const tasks = Math.min(context.tasks, floorTasksMax);
  const floor = await measureFloor(database, { tasks, inputBytes: context.inputBytes });
  await server.dropDatabase(database);
  return { twoWrites: floor.twoWrites, threeWrites: floor.threeWrites };
}

/** The better of both ways to load a peer; for a line of tasks that waits, how fast the peer works off its own. */
async function peersOf(
  { url }: DatabaseServer,
  context: ScenarioContext,
  beside: Scenario['beside'],
): Promise<Peers> {
  const peers: Partial<Record<PeerName, number | string>> = {};
  for (const name of Object.keys(peerTasksMax) as PeerName[]) {
    const tasks = Math.min(context.tasks, peerTasksMax[name]);
    const { inputBytes } = context;
    const options = { postgresUrl: url, tasks, inputBytes, workerProcesses: [0, 2] as const };
    const isLine = beside === 'line';
    const measured = await measurePeer(name, isLine ? options : { ...options, callJobsMax });
    if ('skipped' in measured) peers[name] = measured.skipped;
    else peers[name] = isLine ? measured.linePerSecond : measured.tasksPerSecond;
  }
  return peers;
}

/** One job at a time is comparable with one task at a time, from the submit to the start. */
async function addLatency(
  { server, tasks }: ScenarioContext,
  results: readonly Result[],
): Promise<readonly Result[]> {
  if (!results.some(({ variant }) => variant === oneAtATimeToStart)) return results;
  const measured = await measurePeerLatency('graphileWorker', {
    ...{ postgresUrl: server.url, samples: Math.min(tasks, latencySamplesMax) },
  });
  const graphileWorker = 'skipped' in measured ? measured.skipped : measured.p50;
  return results.map((result) =>
    result.variant === oneAtATimeToStart
      ? withRatios(result, { graphileWorker }, { peers: { graphileWorker } })
      : result,
  );
}

/** What is the same for all: one schedule, each minute. Measured at the same time. */
async function addEachMinute(
  context: ScenarioContext,
  results: readonly Result[],
): Promise<readonly Result[]> {
  if (!eachMinute.includes(context.variant)) return results;
  const { peers, ...own } = await measureEachMinute(context);
  return [...results, withRatios(own, peers, { peers })];
}

function withRatios(
  result: Result,
  measured: Floors | Peers,
  beside: { readonly floors?: Floors | undefined; readonly peers?: Peers | undefined },
): Result {
  const own = result.tasksPerSecond ?? result.latencyMs?.p50 ?? Number.NaN;
  const ratios = Object.entries(measured).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, round(own / value, 3)] as const] : [],
  );
  const { floors, peers } = beside;
  return {
    ...result,
    ...(floors && { floors }),
    ...(peers && { peers }),
    ratios: { ...result.ratios, ...Object.fromEntries(ratios) },
  };
}
