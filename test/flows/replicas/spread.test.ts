// Agents come to be spread over coordinators: whoever has more than its share asks some to move, and what they run goes on.

import assert from 'node:assert/strict';
import dns from 'node:dns';
import { describe, it } from 'node:test';
import type { Agent } from '@muster/agent';
import { type Client, createClient } from '@muster/sdk';
import { atGate, gated, openGate } from '../../handlers/gates.ts';
import { startAgent } from '../../harness/agents.ts';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { freePort } from '../../harness/ports.ts';

const soon = { timeout: '20s' } as const;
/** Signs of life carry the counts, and all waits are counted in them. */
const hasty = ['--coordinator-beat-interval', '200ms'];

/** Where a machine has more loopback addresses than one. */
const linux = { skip: process.platform !== 'linux' };

/** How many agents each coordinator has, as it says itself. */
async function counts(client: Client): Promise<Record<string, number>> {
  const { coordinators } = await client.services.fleet.listCoordinators({});
  return Object.fromEntries(coordinators.map(({ address, sessions }) => [address, sessions]));
}

/** When a coordinator gave its last sign of life, by the clock of the database. */
async function lastBeat(client: Client, address: string): Promise<number> {
  const { coordinators } = await client.services.fleet.listCoordinators({});
  const beat = coordinators.find((each) => each.address === address)?.beatTime;
  return Number(beat?.seconds ?? 0) * 1000 + (beat?.nanos ?? 0) / 1e6;
}

/** Agents that a coordinator has asked to move so far. */
function askedBy({ process }: TestCoordinator): number {
  return process.lines
    .map((line) => JSON.parse(line) as { msg?: string; asked?: number })
    .filter(({ msg }) => msg === 'agents are asked to move elsewhere')
    .reduce((sum, { asked = 0 }) => sum + asked, 0);
}

async function startAgents(address: string | string[], count: number): Promise<Agent[]> {
  return Promise.all(
    Array.from({ length: count }, (_, n) =>
      startAgent('', { address, handlers: [gated], slots: 1, agentId: `spread-${n}` }),
    ),
  );
}

eachEngine('the spread of agents', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;

  describe('over two coordinators', { concurrency: 3 }, () => {
    it('becomes even when a coordinator is added, and stays; nothing is run again', async (t) => {
      const database = (await engine.freshDatabase()) ?? '';
      const first = await startCoordinator(engine, { database, flags: hasty });
      const client = createClient({ address: first.address });
      const agents = await startAgents(first.address, 6);
      const tasks = await Promise.all(agents.map(() => client.submit(gated)));
      await Promise.all(tasks.map(({ id }) => atGate(id)));
      const second = await startCoordinator(engine, { database, flags: hasty });
      t.after(async () => {
        await Promise.all(agents.map((agent) => agent.stop()));
        await client.close();
        await first.stop();
        await second.stop();
      });
      const even = { [first.address]: 3, [second.address]: 3 };
      await eventually(
        () => counts(client),
        (now) => assert.deepEqual(now, even),
        { timeoutMs: 30_000 },
      );
      // So many signs of life later nobody else was asked.
      const since = await lastBeat(client, first.address);
      await eventually(
        () => lastBeat(client, first.address),
        (now) => now - since > 20 * 200,
      );
      assert.deepEqual(await counts(client), even);
      assert.deepEqual([askedBy(first), askedBy(second)], [3, 0]);
      for (const { id } of tasks) openGate(id);
      for (const task of tasks) {
        await task.result(soon);
        const { attempt, attempts } = await task.get('full');
        assert.deepEqual([attempt, attempts.map(({ number }) => number)], [1, [1]]);
      }
      assert.deepEqual(
        agents.map(({ running }) => running),
        agents.map(() => 0),
      );
    });

    it('leaves agents where they are that find no way elsewhere', async (t) => {
      const database = (await engine.freshDatabase()) ?? '';
      const nowhere = ['--advertised-address', '127.0.0.1:1'];
      const first = await startCoordinator(engine, { database, flags: hasty });
      const second = await startCoordinator(engine, { database, flags: [...hasty, ...nowhere] });
      const client = createClient({ address: first.address });
      const agents = await startAgents(first.address, 2);
      t.after(async () => {
        await Promise.all(agents.map((agent) => agent.stop()));
        await client.close();
        await first.stop();
        await second.stop();
      });
      await first.process.line(/agents are asked to move/);
      await first.process.line(/an agent is back/);
      const task = await client.submit(gated);
      await atGate(task.id);
      openGate(task.id);
      await task.result(soon);
      const since = await lastBeat(client, first.address);
      await eventually(
        () => lastBeat(client, first.address),
        (now) => now - since > 20 * 200,
      );
      assert.ok(askedBy(first) <= agents.length, 'each is asked once');
      assert.equal((await counts(client))[first.address], 2);
    });

    it(
      'is even behind one name, too, and who is stopped loses its agents to others',
      linux,
      async (t) => {
        const database = (await engine.freshDatabase()) ?? '';
        const port = await freePort();
        const hosts = ['127.0.0.2', '127.0.0.3'];
        const [first, second] = await Promise.all(
          hosts.map((host) =>
            startCoordinator(engine, { database, grpcAddress: `${host}:${port}`, flags: hasty }),
          ),
        );
        assert.ok(first && second);
        t.mock.method(dns.promises, 'lookup', async () =>
          hosts.map((address) => ({ address, family: 4 })),
        );
        const client = createClient({ address: `coordinators.test:${port}` });
        const agents = await startAgents(`coordinators.test:${port}`, 16);
        t.after(async () => {
          await Promise.all(agents.map((agent) => agent.stop()));
          await client.close();
          await second.stop();
        });
        await eventually(
          () => counts(client),
          (now) => assert.deepEqual(now, { [first.address]: 8, [second.address]: 8 }),
          { timeoutMs: 30_000 },
        );
        await first.stop();
        await eventually(
          () => counts(client),
          (now) => now[second.address] === 16,
          { timeoutMs: 20_000 },
        );
      },
    );
  });
});
