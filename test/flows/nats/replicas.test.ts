// Two coordinators that hear of each other over NATS: a task starts, is cancelled and is awaited across them at once,
// although nobody looks by itself for a minute. Without NATS everything goes on, and with it again as before.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, defineHandler } from '@muster/sdk';
import { connect } from 'nats';
import { startAgent } from '../../harness/agents.ts';
import { startCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { nats, startNats } from '../../harness/nats.ts';
import { temporaryFolder } from '../../harness/reaper.ts';
import { muster } from '../cli/muster.ts';
import { natsStage } from './stage.ts';

const echo = defineHandler({ name: 'nats.echo', run: (input: string) => input });
const stopped: string[] = [];
const endless = defineHandler({
  name: 'nats.endless',
  async run(_: null, context) {
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    stopped.push(context.taskId);
    throw context.signal.reason;
  },
});

/** Far less than the minute after which somebody would look. */
const soon = { timeout: '10s' } as const;

eachEngine('replicas with NATS', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;
  describe('and rare looks', { skip: nats.skip, concurrency: 1 }, () => {
    const stage = natsStage(engine);
    const agent = { handlers: [echo, endless], slots: 4 };

    it('start at one what was submitted at the other, and answer who waits there', async () => {
      await stage.connected();
      await stage.addAgent(agent);
      for (let round = 0; round < 5; round += 1) {
        const task = await stage.first.client.submit(echo, `round ${round}`);
        assert.equal(await task.result(soon), `round ${round}`);
      }
      const many = await stage.first.client.submitMany(
        echo,
        Array.from({ length: 200 }, (_, n) => `${n}`),
      );
      assert.equal((await many.results(soon)).length, 200);
    });

    it('stop at one what is cancelled at the other', async () => {
      const { first } = stage;
      const task = await first.client.submit(endless, null);
      const state = async () => (await first.client.get(task.id)).state;
      await eventually(state, (now) => now === 'RUNNING');
      await first.client.cancel({ ids: [task.id] });
      await eventually(() => stopped.includes(task.id));
      await eventually(state, (now) => now === 'CANCELLED');
    });

    it('start at one what falls due after it was delayed at the other', async () => {
      const task = await stage.first.client.submit(echo, 'later', { delay: '300ms' });
      assert.equal(await task.result(soon), 'later');
    });

    it('count messages that are none of theirs, and go on', async () => {
      const stranger = await connect({ servers: stage.nats.address });
      for (const name of ['moved', 'ready', 'cancel', 'dictionaries'])
        stranger.publish(`muster.cluster.${name}`, 'none of ours');
      await stranger.flush();
      await stranger.close();
      await stage.second.coordinator.process.line(/are none of ours and were ignored/);
      const task = await stage.first.client.submit(echo, 'as before');
      assert.equal(await task.result(soon), 'as before');
    });

    it('stay ready while NATS is away, say so, and hear of each other again after it', async () => {
      const { first, second } = stage;
      await stage.nats.stop();
      await stage.connected(false);
      const { status, ready, degraded, checks } = await stage.readiness(first);
      assert.deepEqual([status, ready, degraded], [200, true, true]);
      assert.match(checks.nats?.error ?? '', /NATS cannot be used .*within a safety poll/);
      // Where the agent is, nothing is missing.
      const near = await second.client.submit(echo, 'near');
      assert.equal(await near.result(soon), 'near');
      const far = await first.client.submit(echo, 'far');
      await stage.nats.start();
      await stage.connected();
      assert.equal((await stage.readiness(first)).degraded, false);
      // Its hint is lost; the next one says to look, and brings both.
      const next = await first.client.submit(echo, 'next');
      assert.deepEqual([await next.result(soon), await far.result(soon)], ['next', 'far']);
    });
  });

  describe('that look often', { skip: nats.skip }, () => {
    it('still do everything while NATS is away', async (t) => {
      const database = (await engine.freshDatabase()) ?? '';
      const flags = ['--nats-servers', '127.0.0.1:1', '--safety-poll-interval', '300ms'];
      const first = await startCoordinator(engine, { database, flags });
      const second = await startCoordinator(engine, { database, flags });
      const client = createClient({ address: first.address });
      const agent = await startAgent(second.address, { handlers: [echo], slots: 2 });
      t.after(async () => {
        await agent.stop();
        await client.close();
        await first.stop();
        await second.stop();
      });
      const task = await client.submit(echo, 'slower');
      assert.equal(await task.result(soon), 'slower');
    });
  });
});

describe('a coordinator that NATS does not let in', { skip: nats.skip }, () => {
  it('starts, names servers, reason and way out, and connects once its file is right', async (t) => {
    const server = await startNats({ user: 'muster', password: 'right' });
    const file = join(temporaryFolder('nats'), 'password');
    writeFileSync(file, 'wrong\n');
    const flags = ['--nats-user', 'muster', '--nats-password-file', file];
    const coordinator = await startCoordinator(
      { databaseUrl: undefined },
      { flags: ['--nats-servers', server.address, ...flags] },
    );
    t.after(async () => {
      await coordinator.stop();
      await server.stop();
    });
    const [line] = await coordinator.process.line(/^.*NATS cannot be used.*$/);
    const { level, servers, reason, msg } = JSON.parse(line);
    assert.deepEqual([level, servers], [40, server.address]);
    assert.match(reason, /Authorization Violation/);
    assert.match(msg, /Check nats-credentials-file, nats-user with nats-password-file/);
    const readyz = async () => (await fetch(`http://${coordinator.httpAddress}/readyz`)).json();
    const { ready, degraded } = (await readyz()) as Record<string, unknown>;
    assert.deepEqual([ready, degraded], [true, true]);
    const words = ['--address', coordinator.address, '--http', coordinator.httpAddress];
    const { out } = await muster(['doctor', ...words]);
    assert.match(out, /^WARN +database .*NATS cannot be used.*\n +-> It works, only slower/m);
    await sleep(300); // More attempts, and no more lines.
    const lines = coordinator.process.lines.filter((each) => /NATS cannot be used/.test(each));
    assert.equal(lines.length, 1);
    writeFileSync(file, 'right\n');
    await coordinator.process.line(/connected to NATS/);
  });
});
