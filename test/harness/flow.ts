// A story about tasks, told on both engines: one cluster and one agent for all tests of the suite. The
// engines and the tests run at the same time, so that waiting for one does not hold up the others. What
// handlers keep in variables is therefore shared by both engines: key it by task or by engine.
//
// On PGlite all roles are in one process. On Postgres each is in a process of its own, with NATS between them and looks so
// rare that a story which needs a wakeup and does not get it fails. That costs the run 22 s (108 s became 130); a third
// variant of every suite would have cost about 60. All roles in one process on Postgres, as most people run it, are what fault
// tests, the suites of test/flows/api and the operators' commands have, with eager starts among them.

import { after, before, describe } from 'node:test';
import type { Agent, AgentOptions } from '@muster/agent';
import { type Client, createClient } from '@muster/sdk';
import { startAgent } from './agents.ts';
import {
  type CoordinatorOptions,
  startApart,
  startTogether,
  type TestCluster,
  type TestCoordinator,
  togetherBecause,
} from './coordinator.ts';
import { type Engine, eachEngine } from './engines.ts';

/** What the suite runs with; read its parts in tests and hooks only. */
export interface Stage {
  readonly engine: Engine;
  /** Where clients go. */
  readonly coordinator: TestCoordinator;
  /** `host:port` of the coordinator; agents that go there are sent to where they are served. */
  readonly address: string;
  readonly client: Client;
  /** The suite's agent, in this process. Throws if the suite has none. */
  readonly agent: Agent;
  /** One more agent in this process, stopped with the suite. */
  addAgent(options: AgentOptions): Promise<Agent>;
  /** Has something ended with the suite, before the coordinator is. */
  onEnd(end: () => unknown): void;
}

/** What a suite needs. */
export interface FlowSettings {
  /** Options of the suite's agent; without them there is none. */
  readonly agent?: AgentOptions;
  readonly coordinator?: CoordinatorOptions;
  /** Default: apart, where the engine allows it. Together: for what concerns one process, such as its end. */
  readonly roles?: 'together' | 'apart';
  /** Tests that run at the same time. Default 20. */
  readonly concurrency?: number;
}

/** Registers the suite on both engines, with a cluster, a client and, if wanted, an agent. */
export function flow(title: string, settings: FlowSettings, define: (stage: Stage) => void): void {
  describe('on both engines', { concurrency: 2 }, () => {
    eachEngine(title, (engine) => {
      // A suite of its own: its coordinator must be gone before the database is.
      describe('with a coordinator', { concurrency: settings.concurrency ?? 20 }, () => {
        define(setStage(engine, settings));
      });
    });
  });
}

/** A coordinator that never serves must fail its suite, not hold up the run. */
const hookLimit = { timeout: 100_000 };

function setStage(engine: Engine, settings: FlowSettings): Stage {
  let cluster: TestCluster | undefined;
  let client: Client | undefined;
  let agent: Agent | undefined;
  const ends: (() => unknown)[] = [];
  const built = <Part>(part: Part | undefined, name: string): Part => {
    if (part === undefined) throw new Error(`The suite has no ${name}, or not yet.`);
    return part;
  };
  before(async () => {
    const together = settings.roles === 'together' || togetherBecause(engine) !== false;
    cluster = await (together ? startTogether : startApart)(engine, settings.coordinator);
    client = createClient({ address: cluster.api.address, retryTimeout: '10s' });
    if (settings.agent) agent = await startAgent(cluster.dispatch.address, settings.agent);
  }, hookLimit);
  after(async () => {
    try {
      for (const end of ends.reverse()) await end();
      await agent?.stop();
      await client?.close();
    } finally {
      await cluster?.stop();
    }
  }, hookLimit);
  return {
    engine,
    get coordinator() {
      return built(cluster, 'coordinator').api;
    },
    get address() {
      return built(cluster, 'coordinator').api.address;
    },
    get client() {
      return built(client, 'client');
    },
    get agent() {
      return built(agent, 'agent');
    },
    async addAgent(options) {
      const added = await startAgent(built(cluster, 'coordinator').dispatch.address, options);
      ends.push(() => added.stop());
      return added;
    },
    onEnd: (end) => void ends.push(end),
  };
}

/** Everything that an iteration gives, in order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
