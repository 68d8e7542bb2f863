// Two coordinators over one Postgres and one NATS, whose own looks are so far apart that what happens within seconds
// happened by a wakeup.

import { after, before } from 'node:test';
import type { Agent, AgentOptions } from '@muster/agent';
import { type Client, createClient } from '@muster/sdk';
import { startAgent } from '../../harness/agents.ts';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import type { Engine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { type NatsOptions, type NatsServer, startNats } from '../../harness/nats.ts';

/** One replica and its client. */
export interface Replica {
  readonly coordinator: TestCoordinator;
  readonly client: Client;
}

/** What a suite runs with; read its parts in tests and hooks only. */
export interface NatsStage {
  readonly nats: NatsServer;
  /** Where tasks are submitted and awaited, and nothing else is done. */
  readonly first: Replica;
  /** Where agents are, and all roles. */
  readonly second: Replica;
  /** An agent at the second replica, stopped with the suite. */
  addAgent(options: AgentOptions): Promise<Agent>;
  /** What `/readyz` of a replica says. */
  readiness(replica: Replica): Promise<ReadinessText>;
  /** Waits until both replicas are connected to NATS, or both are not. */
  connected(expected?: boolean): Promise<void>;
}

/** What `/readyz` answers, and its status. */
export interface ReadinessText {
  readonly status: number;
  readonly ready: boolean;
  readonly degraded: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly error?: string }>>;
}

/** Nobody looks by itself for so long. */
const rareLooks = ['--safety-poll-interval', '60s', '--peek-interval', '60s'];

/** What a suite needs. */
export interface NatsStageSettings {
  /** More flags of both coordinators. */
  readonly flags?: readonly string[];
  readonly server?: NatsOptions;
}

/** Prepares the suite in which it is called. */
export function natsStage(engine: Engine, settings: NatsStageSettings = {}): NatsStage {
  const replicas: Replica[] = [];
  const agents: Agent[] = [];
  let nats: NatsServer | undefined;
  before(async () => {
    nats = await startNats(settings.server);
    const flags = ['--nats-servers', nats.address, ...rareLooks, ...(settings.flags ?? [])];
    for (const roles of ['api', 'all']) {
      const coordinator = await startCoordinator(engine, { flags: [...flags, '--roles', roles] });
      const client = createClient({ address: coordinator.address, retryTimeout: '10s' });
      replicas.push({ coordinator, client });
    }
  });
  after(async () => {
    for (const agent of agents) await agent.stop();
    for (const { client } of replicas) await client.close();
    for (const { coordinator } of replicas) await coordinator.stop();
    await nats?.stop();
  });
  const part = <Part>(found: Part | undefined): Part => {
    if (found === undefined) throw new Error('The stage is not set.');
    return found;
  };
  const stage: NatsStage = {
    get nats() {
      return part(nats);
    },
    get first() {
      return part(replicas[0]);
    },
    get second() {
      return part(replicas[1]);
    },
    async addAgent(options) {
      const agent = await startAgent(stage.second.coordinator.address, options);
      agents.push(agent);
      return agent;
    },
    readiness,
    async connected(expected = true) {
      for (const replica of replicas)
        await eventually(
          () => readiness(replica),
          ({ checks }) => checks.nats?.ok === expected,
          { intervalMs: 100, what: `NATS to be ${expected ? 'connected' : 'away'}` },
        );
    },
  };
  return stage;
}

async function readiness({ coordinator }: Replica): Promise<ReadinessText> {
  const response = await fetch(`http://${coordinator.httpAddress}/readyz`);
  return { ...((await response.json()) as object), status: response.status } as ReadinessText;
}
