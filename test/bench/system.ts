// The system under test as its users run it: a database, a coordinator, agents and a client, each a process of its own.

import { type Observer, observePostgres, observeThrough } from './database/observer.ts';
import { type AgentsOptions, type BenchAgents, startBenchAgents } from './processes/agents.ts';
import { type BenchClient, startBenchClient } from './processes/client.ts';
import { type BenchCoordinator, startBenchCoordinator } from './processes/coordinator.ts';
import type { ScenarioContext } from './scenario.ts';

/** All that one measurement needs. */
export interface System {
  /** What `--database` of the coordinator is. */
  readonly database: string;
  readonly coordinator: BenchCoordinator;
  readonly agents: BenchAgents;
  readonly client: BenchClient;
  readonly observer: Observer;
  /** Ends client, agents and coordinator, in this order: then Postgres has counted all that they did. */
  stop(): Promise<void>;
}

/** Starts a system over a fresh database, hands it to the measurement, and takes everything away again. */
export async function withSystem<Answer>(
  { server, nats }: Pick<ScenarioContext, 'server' | 'nats'>,
  options: AgentsOptions,
  measure: (system: System) => Promise<Answer>,
): Promise<Answer> {
  const database = await server.createDatabase();
  const coordinator = await startBenchCoordinator(
    database,
    nats === '' ? [] : ['--nats-servers', nats],
  );
  const [agents, client] = await Promise.all([
    startBenchAgents(coordinator.address, options),
    startBenchClient(coordinator.address),
  ]);
  const isEmbedded = server.engine === 'pglite';
  const observer = isEmbedded ? observeThrough(client) : await observePostgres(database);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopAll({ coordinator, agents, client });
    return stopped;
  };
  try {
    return await measure({ database, coordinator, agents, client, observer, stop });
  } finally {
    await stop();
    await observer.close();
    await server.dropDatabase(database);
  }
}

async function stopAll(parts: Pick<System, 'coordinator' | 'agents' | 'client'>): Promise<void> {
  await parts.client.stop();
  await parts.agents.stop();
  await parts.coordinator.stop();
}
