// A story about tasks, told on both engines: one coordinator and one agent for all tests of the suite. The
// engines and the tests run at the same time, so that waiting for one does not hold up the others. What
// handlers keep in variables is therefore shared by both engines: key it by task or by engine.

import { after, before, describe } from 'node:test';
import type { Agent, AgentOptions } from '@muster/agent';
import { type Client, createClient } from '@muster/sdk';
import { startAgent } from './agents.ts';
import { type CoordinatorOptions, startCoordinator, type TestCoordinator } from './coordinator.ts';
import { type Engine, eachEngine } from './engines.ts';

/** What the suite runs with; read its parts in tests and hooks only. */
export interface Stage {
  readonly engine: Engine;
  readonly coordinator: TestCoordinator;
  /** `host:port` of the coordinator. */
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
  /** Tests that run at the same time. Default 20. */
  readonly concurrency?: number;
}

/** Registers the suite on both engines, with a coordinator, a client and, if wanted, an agent. */
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
  let coordinator: TestCoordinator | undefined;
  let client: Client | undefined;
  let agent: Agent | undefined;
  const ends: (() => unknown)[] = [];
  const built = <Part>(part: Part | undefined, name: string): Part => {
    if (part === undefined) throw new Error(`The suite has no ${name}, or not yet.`);
    return part;
  };
  before(async () => {
    coordinator = await startCoordinator(engine, settings.coordinator);
    client = createClient({ address: coordinator.address, retryTimeout: '10s' });
    if (settings.agent) agent = await startAgent(coordinator.address, settings.agent);
  }, hookLimit);
  after(async () => {
    try {
      for (const end of ends.reverse()) await end();
      await agent?.stop();
      await client?.close();
    } finally {
      await coordinator?.stop();
    }
  }, hookLimit);
  return {
    engine,
    get coordinator() {
      return built(coordinator, 'coordinator');
    },
    get address() {
      return built(coordinator, 'coordinator').address;
    },
    get client() {
      return built(client, 'client');
    },
    get agent() {
      return built(agent, 'agent');
    },
    async addAgent(options) {
      const added = await startAgent(built(coordinator, 'coordinator').address, options);
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
