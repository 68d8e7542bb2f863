// Tasks that are submitted together: their results in order or as they come, and how far they are.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler, type GroupProgress, type TaskFailedError } from '@muster/sdk';
import { gated, openGate } from '../../handlers/gates.ts';
import { collect, flow } from '../../harness/flow.ts';

const double = defineHandler({
  name: 'double',
  retry: { maxAttempts: 1 },
  run(n: number) {
    if (n < 0) throw new RangeError(`${n} is negative`);
    return 2 * n;
  },
});

const wait = { timeout: '60s' } as const;

flow('groups', { agent: { handlers: [double, gated], slots: 100 } }, (stage) => {
  it('gives the results of more tasks than one wait can hold, in order', async () => {
    const inputs = Array.from({ length: 2_500 }, (_, n) => n);
    const group = await stage.client.submitMany(double, inputs);
    assert.equal(group.ids.length, 2_500);
    assert.deepEqual(
      await group.results(wait),
      inputs.map((n) => 2 * n),
    );
  });

  it('gives results as they come to whoever iterates', async () => {
    const group = await stage.client.submitMany(gated, ['a', 'b', 'c']);
    const seen: string[] = [];
    const order = [2, 0, 1];
    openGate(group.ids[order[0] ?? 0] ?? '');
    for await (const output of group.results(wait)) {
      seen.push(output);
      openGate(group.ids[order[seen.length] ?? 0] ?? '');
    }
    assert.deepEqual(seen, ['c', 'a', 'b']);
  });

  it('tells of every task how it ended', async () => {
    const group = await stage.client.submitMany(double, [1, -1, 2]);
    const gate = await stage.client.submit(gated, 'x', { delay: '1h' });
    await gate.cancel();
    const all = stage.client.group<number>([
      ...[...group.ids, gate.id, '018f0000-0000-7000-8000-000000000001'],
    ]);
    const results = await collect(all.settled(wait));
    const states = results.sort((a, b) => a.index - b.index).map(({ state }) => state);
    assert.deepEqual(states, ['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'CANCELLED', 'MISSING']);
  });

  it('throws the first failure and lets the others go on', async () => {
    const group = await stage.client.submitMany(double, [-5, 1, 2]);
    await assert.rejects(
      async () => group.results(wait),
      (error: TaskFailedError) => error.failure.message === '-5 is negative',
    );
    assert.equal(await group.handles[2]?.result(wait), 4);
  });

  it('counts how far a group is', async () => {
    const group = await stage.client.submitMany(gated, ['a', 'b', 'c', 'd']);
    const seen: GroupProgress[] = [];
    for await (const progress of group.progress(wait)) {
      seen.push(progress);
      openGate(group.ids[seen.length - 1] ?? '');
    }
    assert.deepEqual(seen[0], { total: 4, finished: 0, succeeded: 0, failed: 0, cancelled: 0 });
    assert.deepEqual(seen.at(-1), { total: 4, finished: 4, succeeded: 4, failed: 0, cancelled: 0 });
    const finished = seen.map((progress) => progress.finished);
    assert.deepEqual(finished, [...finished].sort());
  });

  it('tells of ends that came too soon after the last report, although no more come', async () => {
    const group = await stage.client.submitMany(gated, ['a', 'b', 'c']);
    for (const id of group.ids.slice(0, 2)) openGate(id);
    for await (const { finished } of group.progress(wait)) {
      if (finished === 2) openGate(group.ids[2] ?? '');
    }
    await assert.rejects(collect(group.progress({ signal: AbortSignal.abort() })), {
      reason: 'ABORTED',
    });
  });

  it('cancels a group', async () => {
    const group = await stage.client.submitMany(gated, ['a', 'b', 'c'], (_input, index) =>
      index === 0 ? {} : { delay: '1h' },
    );
    await group.cancel('not needed');
    const states = (await collect(group.settled(wait))).map(({ state }) => state);
    assert.deepEqual(states, ['CANCELLED', 'CANCELLED', 'CANCELLED']);
  });

  it('gives options to each task by its input', async () => {
    const group = await stage.client.submitMany(double, [1, 2], (input, index) => ({
      priority: input,
      labels: { index: String(index) },
    }));
    const tasks = await Promise.all(group.handles.map((handle) => handle.get()));
    assert.deepEqual(
      tasks.map(({ priority, labels }) => [priority, labels]),
      [
        [1, { index: '0' }],
        [2, { index: '1' }],
      ],
    );
  });

  it('stores nothing of a group in which one task is wrong', async () => {
    const labels = { group: 'wrong' };
    const submit = stage.client.submitMany(double, [1, 2, 3], (_input, index) => ({
      labels: index === 1 ? { 'Not A Label': 'x' } : labels,
    }));
    await assert.rejects(submit, { reason: 'INVALID_REQUEST' });
    assert.deepEqual(await collect(stage.client.list({ labels })), []);
  });

  it('stops waiting at the timeout of the whole group', async () => {
    const group = await stage.client.submitMany(gated, ['a', 'b']);
    await assert.rejects(async () => group.results({ timeout: '200ms' }), {
      reason: 'WAIT_TIMEOUT',
    });
    await group.cancel();
  });
});
