// Roles in processes of their own: who asks the wrong one is shown the way, and without NATS everything goes on by looks.
// That every story of the flows holds with roles apart is shown by the flows themselves, on Postgres.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { credentials, status } from '@grpc/grpc-js';
import type { ConnectResponse__Output } from '@muster/proto';
import { loadContract } from '@muster/proto';
import { createClient, defineHandler, MusterError } from '@muster/sdk';
import { atGate, openGate, passGate } from '../../handlers/gates.ts';
import { startAgent } from '../../harness/agents.ts';
import { startApart, startCoordinator, type TestCluster } from '../../harness/coordinator.ts';
import { type Engine, eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { nats } from '../../harness/nats.ts';
import { openRawClients, refusal } from '../api/raw-client.ts';

const soon = { timeout: '10s' } as const;
const echo = defineHandler({ name: 'roles.echo', run: (input: string) => input });
const gated = defineHandler({
  name: 'roles.gated',
  async run(_: null, context) {
    context.progress(1, 2);
    await passGate(context);
  },
});
const endless = defineHandler({
  name: 'roles.endless',
  async run(_: null, { signal }) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw signal.reason;
  },
});

/** What a coordinator says first to an agent that says nothing, or how it ends the stream. */
function connectTo(address: string): Promise<ConnectResponse__Output | { code: number }> {
  const { AgentService } = loadContract().muster;
  const client = new AgentService(address, credentials.createInsecure());
  const stream = client.connect();
  return new Promise((resolve) => {
    stream.on('data', resolve);
    stream.on('error', resolve);
  }).finally(() => {
    stream.cancel();
    client.close();
  }) as Promise<ConnectResponse__Output | { code: number }>;
}

eachEngine('roles', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;

  describe('in processes of their own', { concurrency: 5, skip: nats.skip }, () => {
    let cluster: TestCluster;
    before(async () => {
      cluster = await startApart(engine);
    });
    after(() => cluster.stop());

    it('are named, with the way there, to a client that asks where they are not', async () => {
      const { api, dispatch } = cluster;
      const clients = openRawClients(dispatch.address);
      const refused = await eventually(
        () => refusal(clients.tasks('ListTasks', {})),
        ({ metadata }) => metadata.addresses === api.address,
      );
      clients.close();
      assert.deepEqual([refused.code, refused.reason], [status.UNAVAILABLE, 'ROLE_MISSING']);
      assert.equal(refused.metadata.role, 'api');
      assert.match(refused.message, new RegExp(`lacks the role api.*${api.address}`));
    });

    it('are found by a client that knows the wrong address only', async () => {
      const agent = await startAgent(cluster.dispatch.address, { handlers: [echo] });
      for (const call of ['submit', 'watch'] as const) {
        const client = createClient({ address: cluster.dispatch.address, retryTimeout: '5s' });
        const known = createClient({ address: cluster.api.address });
        const task = await (call === 'submit' ? client : known).submit(echo, 'here');
        if (call === 'submit') assert.equal(await task.result(soon), 'here');
        else {
          const states = [];
          for await (const { state } of client.watch([task.id])) states.push(state);
          assert.equal(states.at(-1), 'SUCCEEDED');
        }
        await client.close();
        await known.close();
      }
      await agent.stop();
    });

    it('send an agent to where it is served', async () => {
      const said = await eventually(
        () => connectTo(cluster.api.address),
        (first) => 'goAway' in first && first.goAway !== null,
      );
      assert.ok('goAway' in said);
      assert.deepEqual(said.goAway?.addresses, [cluster.dispatch.address]);
      assert.match(said.goAway?.reason ?? '', /roles lack dispatch/);
      const agent = await startAgent(cluster.api.address, { handlers: [echo] });
      const client = createClient({ address: cluster.api.address });
      const { agents } = await client.services.fleet.listAgents({});
      assert.ok(agents.some(({ id }) => id === agent.id));
      await client.close();
      await agent.stop();
    });
  });

  describe('of which one is nowhere', () => {
    it('are missed by name, with the way out', async () => {
      const database = (await engine.freshDatabase()) ?? '';
      const lone = await startCoordinator(engine, { database, flags: ['--roles', 'scheduling'] });
      const client = createClient({ address: lone.address, retryTimeout: '1s' });
      await assert.rejects(client.submit(echo, 'nowhere'), (error) => {
        assert.ok(error instanceof MusterError);
        assert.equal(error.reason, 'ROLE_MISSING');
        assert.match(error.message, /start one with this role, or with roles=all/);
        return true;
      });
      const said = await connectTo(lone.address);
      assert.equal('code' in said && said.code, status.UNAVAILABLE);
      await client.close();
      await lone.stop();
    });
  });

  describe('without NATS', () => {
    it('meet in Postgres: every story ends by looks', async (t) => {
      const { api, dispatch } = await startUntied(engine, t.after.bind(t));
      const client = createClient({ address: api });
      const agent = await startAgent(dispatch, { handlers: [echo, gated, endless], slots: 4 });
      t.after(async () => {
        await agent.stop();
        await client.close();
      });
      const delayed = await client.submit(echo, 'later', { delay: '200ms' });
      const cancelled = await client.submit(endless, null);
      const watched = await client.submit(gated, null);
      const seen: (number | undefined)[] = [];
      const watch = (async () => {
        for await (const { progress } of watched.watch()) {
          seen.push(progress?.completed);
          if (progress) openGate(watched.id);
        }
      })();
      await atGate(watched.id);
      await eventually(
        () => cancelled.get(),
        ({ state }) => state === 'RUNNING',
      );
      await client.cancel({ ids: [cancelled.id] });
      await assert.rejects(cancelled.result(soon), { reason: 'TASK_CANCELLED' });
      assert.equal(await delayed.result(soon), 'later');
      await watch;
      assert.ok(seen.includes(1), JSON.stringify(seen));
    });
  });
});

/** A process for each role, with nothing between them but the database. */
async function startUntied(engine: Engine, after: (end: () => Promise<void>) => void) {
  const database = (await engine.freshDatabase()) ?? '';
  const looks = ['--safety-poll-interval', '300ms', '--peek-interval', '300ms'];
  const [api, dispatch, ...others] = await Promise.all(
    ['api', 'dispatch', 'scheduling', 'monitoring'].map((role) =>
      startCoordinator(engine, { database, flags: ['--roles', role, ...looks] }),
    ),
  );
  assert.ok(api && dispatch);
  after(async () => {
    for (const each of [...others, dispatch, api]) await each.stop();
  });
  return { api: api.address, dispatch: dispatch.address };
}
