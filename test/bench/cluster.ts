// Several coordinators over one database, which hear of each other over NATS, each with agents and a client of its own.

import { nats, startNats } from '../harness/nats.ts';
import { type Observer, observePostgres } from './database/observer.ts';
import type { DatabaseServer } from './database/server.ts';
import { type BenchAgents, startBenchAgents } from './processes/agents.ts';
import { type BenchClient, startBenchClient } from './processes/client.ts';
import { type BenchCoordinator, startBenchCoordinator } from './processes/coordinator.ts';

/** One coordinator, and who uses it. */
export interface Replica {
  readonly coordinator: BenchCoordinator;
  readonly agents: BenchAgents;
  readonly client: BenchClient;
}

/** All that one measurement needs. */
export interface BenchCluster {
  readonly replicas: readonly Replica[];
  readonly observer: Observer;
  /** Ends clients, agents and coordinators, in this order: then Postgres has counted all that they did. */
  stop(): Promise<void>;
}

/** Starts a cluster over a fresh database, hands it to the measurement, and takes everything away again. */
export async function withCluster<Answer>(
  server: DatabaseServer,
  { coordinators, slots }: { readonly coordinators: number; readonly slots: number },
  measure: (cluster: BenchCluster) => Promise<Answer>,
): Promise<Answer> {
  if (nats.skip !== false)
    throw new Error(`Coordinators need NATS to hear of each other: ${nats.skip}.`);
  const broker = await startNats();
  const database = await server.createDatabase();
  const replicas: Replica[] = [];
  for (let n = 0; n < coordinators; n += 1)
    replicas.push(await startReplica(database, broker.address, slots / coordinators));
  const observer = await observePostgres(database);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopAll(replicas);
    return stopped;
  };
  try {
    return await measure({ replicas, observer, stop });
  } finally {
    await stop();
    await observer.close();
    await server.dropDatabase(database);
    await broker.stop();
  }
}

async function startReplica(database: string, broker: string, slots: number): Promise<Replica> {
  const coordinator = await startBenchCoordinator(database, ['--nats-servers', broker]);
  const [agents, client] = await Promise.all([
    startBenchAgents(coordinator.address, { slots }),
    startBenchClient(coordinator.address),
  ]);
  return { coordinator, agents, client };
}

async function stopAll(replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map(({ client }) => client.stop()));
  await Promise.all(replicas.map(({ agents }) => agents.stop()));
  await Promise.all(replicas.map(({ coordinator }) => coordinator.stop()));
}
