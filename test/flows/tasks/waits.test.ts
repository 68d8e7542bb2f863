// Waiting for a result and watching tasks, through a connection that breaks: no end is missed, and no
// end is told that did not happen.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Client, createClient, type MusterError, type Task } from '@muster/sdk';
import { atGate, gated, openGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { collect, flow, type Stage } from '../../harness/flow.ts';
import { startProxy, type TcpProxy } from '../../harness/proxy.ts';

const wait = { timeout: '30s' } as const;

/** A client behind a proxy of its own. */
async function proxied(stage: Stage): Promise<{ client: Client; proxy: TcpProxy }> {
  const port = Number(stage.address.slice(stage.address.lastIndexOf(':') + 1));
  const proxy = await startProxy({ targetPort: port });
  const client = createClient({ address: proxy.address });
  stage.onEnd(() => proxy.close());
  stage.onEnd(() => client.close());
  return { client, proxy };
}

/** Resolves once bytes of the client have come through. */
const connected = (proxy: TcpProxy) => eventually(() => proxy.connections.open > 0);

flow('waits', { agent: { handlers: [gated], slots: 100 } }, (stage) => {
  it('gives a result to whoever waits before it is there, and to whoever asks after', async () => {
    const task = await stage.client.submit(gated, 'x');
    const early = [task.result(wait), task.result(wait), stage.client.handle(task.id).result(wait)];
    openGate(task.id);
    assert.deepEqual(await Promise.all(early), ['x', 'x', 'x']);
    assert.equal(await task.result(wait), 'x');
  });

  it('tells an end within moments, not with a poll', async () => {
    const task = await stage.client.submit(gated, 'soon');
    await atGate(task.id);
    const result = task.result(wait);
    await stage.client.get(task.id);
    const opened = performance.now();
    openGate(task.id);
    await result;
    const tookMs = performance.now() - opened;
    assert.ok(tookMs < 2_000, `${tookMs} ms`);
  });

  it('brings a result over connections that are cut while it waits', async () => {
    const { client, proxy } = await proxied(stage);
    const task = await client.submit(gated, 'kept');
    const result = task.result(wait);
    await atGate(task.id);
    for (let cuts = 0; cuts < 3; cuts += 1) {
      await connected(proxy);
      proxy.cut();
    }
    await connected(proxy);
    openGate(task.id);
    assert.equal(await result, 'kept');
  });

  it('brings a result that was recorded while there was no connection', async () => {
    const { client, proxy } = await proxied(stage);
    const task = await client.submit(gated, 'meanwhile');
    const result = task.result(wait);
    await atGate(task.id);
    proxy.refuse();
    proxy.cut();
    openGate(task.id);
    assert.equal(await stage.client.handle(task.id).result(wait), 'meanwhile');
    proxy.heal();
    assert.equal(await result, 'meanwhile');
  });

  it('watches a task through cuts and outages to its end', async () => {
    const { client, proxy } = await proxied(stage);
    const task = await client.submit(gated, 'watched', { delay: '2s' });
    const states: Task['state'][] = [];
    for await (const { state } of task.watch()) {
      states.push(state);
      if (state === 'DELAYED') proxy.cut();
      if (state !== 'RUNNING') continue;
      proxy.refuse();
      proxy.cut();
      openGate(task.id);
      await stage.client.handle(task.id).result(wait);
      proxy.heal();
    }
    assert.deepEqual([states[0], states.at(-1)], ['DELAYED', 'SUCCEEDED']);
    assert.deepEqual([...new Set(states)], states);
  });

  it('watches many tasks through cuts and misses no end', async () => {
    const { client, proxy } = await proxied(stage);
    const group = await client.submitMany(gated, Array.from({ length: 60 }, String));
    const ends = new Map<string, number>();
    const watching = (async () => {
      for await (const { id, state } of client.watch(group.ids)) {
        if (state === 'SUCCEEDED') ends.set(id, (ends.get(id) ?? 0) + 1);
      }
    })();
    for (const [index, id] of group.ids.entries()) {
      openGate(id);
      if (index % 20 === 10) proxy.cut();
    }
    await watching;
    assert.deepEqual([...ends.keys()].sort(), [...group.ids].sort());
    assert.ok([...ends.values()].every((times) => times === 1));
  });

  it('gives up waiting at the caller’s timeout or signal, and leaves the task alone', async () => {
    const task = await stage.client.submit(gated, 'unhurried');
    await assert.rejects(task.result({ timeout: '200ms' }), { reason: 'WAIT_TIMEOUT' });
    const signal = AbortSignal.timeout(100);
    await assert.rejects(task.result({ signal }), { reason: 'ABORTED' });
    assert.equal((await task.get()).cancelRequestTime, undefined);
    openGate(task.id);
    assert.equal(await task.result(wait), 'unhurried');
  });

  it('says that a task is missing instead of waiting for it', async () => {
    const missing = stage.client.handle('018f0000-0000-7000-8000-00000000abcd');
    const reason = 'TASK_NOT_FOUND';
    await assert.rejects(missing.result(wait), { reason });
    await assert.rejects(missing.get(), { reason });
    await assert.rejects(collect(missing.watch()), { reason });
  });

  it('ends the waits of a client that is closed', async () => {
    const client = createClient({ address: stage.address });
    const task = await client.submit(gated, 'orphan', { delay: '1h' });
    const result = task.result().catch((error: MusterError) => error.reason);
    await client.close();
    assert.equal(await result, 'CLIENT_CLOSED');
    await stage.client.handle(task.id).cancel();
  });
});
