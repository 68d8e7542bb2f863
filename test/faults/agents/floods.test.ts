// camunda#35074: after a restart, a backlog must not flood the agents. However much waits, and however
// often the coordinator dies, an agent never holds more than its slots, nor more of a handler than its share.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseRef } from '@muster/proto';
import { createClient } from '@muster/sdk';
import { startCoordinator } from '../../harness/coordinator.ts';
import { type Engine, eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { freePort } from '../../harness/ports.ts';
import { seeded } from '../chance.ts';
import {
  assignmentsIn,
  type RawAgent,
  refOf,
  resumeRawAgent,
  startRawAgent,
  success,
} from '../raw-agent.ts';

const slots = 20;
const scarceSlots = 3;
const tasksEach = 600;

describe('a backlog and an agent with few slots', () => {
  eachEngine('through restarts of the coordinator', (engine) => {
    it('camunda#35074: never holds more than its slots', async () => {
      const database = (await engine.freshDatabase()) ?? engine.freshFolder();
      const grpcAddress = `127.0.0.1:${await freePort()}`;
      let coordinator = await startCoordinator(engine, { database, grpcAddress });
      const client = createClient({ address: grpcAddress, retryTimeout: '30s' });
      const groups = [
        await client.submitMany('flood.many', Array(tasksEach).fill('x'.repeat(2000))),
        await client.submitMany('flood.scarce', Array(tasksEach / 10).fill('x')),
      ];
      const worker = await startWorker(engine, grpcAddress);
      for (let kills = 0; kills < 2; kills += 1) {
        await eventually(() => worker.ended() > (tasksEach / 5) * (kills + 1));
        await coordinator.kill();
        coordinator = await startCoordinator(engine, { database, grpcAddress });
      }
      for (const group of groups) await group.results({ timeout: '60s' });
      assert.ok(worker.most() <= slots, `it held ${worker.most()} leases with ${slots} slots`);
      assert.ok(worker.most() > slots / 2, `its slots were used: ${worker.most()}`);
      assert.ok(worker.mostScarce() <= scarceSlots, `it held ${worker.mostScarce()} scarce ones`);
      await worker.stop();
      await client.close();
      await coordinator.stop();
    });
  });
});

/** An agent that counts what it holds, ends each lease after a moment, and attaches again whenever it is cut off. */
async function startWorker(engine: Engine, address: string) {
  const random = seeded(`camunda#35074 ${engine.name}`);
  const held = new Map<string, { lease: LeaseRef; handler: string; finished: boolean }>();
  let most = 0;
  let mostScarce = 0;
  let ended = 0;
  let stopped = false;
  let agent: RawAgent;

  function taken(current: RawAgent): void {
    current.stream.onMessage((message) => {
      for (const assignment of assignmentsIn(message)) {
        const lease = refOf(assignment);
        held.set(assignment.taskId, { lease, handler: assignment.handler, finished: false });
        void work(assignment.taskId);
      }
      for (const { lease } of message.outcomeAcks?.acks ?? []) held.delete(lease?.taskId ?? '');
      const busy = [...held.values()].filter(({ finished }) => !finished);
      most = Math.max(most, busy.length);
      const scarce = busy.filter(({ handler }) => handler === 'flood.scarce');
      mostScarce = Math.max(mostScarce, scarce.length);
    });
    void current.stream.ended.then(() => again(current));
  }

  async function work(taskId: string): Promise<void> {
    await sleep(20 + random() * 60);
    const item = held.get(taskId);
    if (item === undefined) return;
    item.finished = true;
    ended += 1;
    agent.stream.send(success(item.lease, 'done'));
  }

  async function again(before: RawAgent): Promise<void> {
    while (!stopped) {
      await sleep(100);
      try {
        const inventory = [...held.values()].map(({ lease, finished }) => ({
          lease,
          state: finished ? ('LEASE_STATE_FINISHED' as const) : ('LEASE_STATE_RUNNING' as const),
        }));
        agent = await resumeRawAgent(address, before, inventory, { accepts: true });
        const { verdicts } = agent.welcome;
        for (const { lease, verdict } of verdicts)
          if (verdict !== 'VERDICT_KEEP') held.delete(lease?.taskId ?? '');
        taken(agent);
        for (const { lease, finished } of held.values())
          if (finished) agent.stream.send(success(lease, 'done'));
        return;
      } catch {
        // The coordinator is not back yet.
      }
    }
  }

  const handlers = [{ name: 'flood.many' }, { name: 'flood.scarce', slots: scarceSlots }];
  agent = await startRawAgent(address, { agentId: 'worker', handlers, slots }, { accepts: true });
  taken(agent);
  return {
    most: () => most,
    mostScarce: () => mostScarce,
    ended: () => ended,
    async stop() {
      stopped = true;
      agent.stream.send({ leave: {} });
      await agent.stream.ended;
    },
  };
}
