// Finding tasks again: by handler, state, labels and time, newest first, page by page while new ones
// arrive; and running finished ones again.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Client, defineHandler, type ListOptions, type Task } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { collect, flow } from '../../harness/flow.ts';

const work = defineHandler({
  name: 'work',
  retry: { maxAttempts: 1 },
  run(input: { fail?: boolean; value?: number }) {
    if (input.fail) throw new Error('as asked');
    return input.value;
  },
});

const wait = { timeout: '20s' } as const;

async function idsOf(client: Client, options: ListOptions): Promise<string[]> {
  return (await collect(client.list(options))).map(({ id }) => id);
}

flow('labels and lists', { agent: { handlers: [work] } }, (stage) => {
  it('lists by every label that is asked for', async () => {
    const submit = (labels: Record<string, string>) => stage.client.submit(work, {}, { labels });
    const both = await submit({ city: 'Zürich', size: 'l' });
    const one = await submit({ city: 'Zürich', size: 's' });
    await submit({ city: 'Bern', size: 'l' });
    assert.deepEqual(await idsOf(stage.client, { labels: { city: 'Zürich' } }), [one.id, both.id]);
    const labels = { city: 'Zürich', size: 'l' };
    assert.deepEqual(await idsOf(stage.client, { labels }), [both.id]);
    assert.deepEqual((await both.get()).labels, labels);
    assert.deepEqual(await idsOf(stage.client, { labels: { city: 'zürich' } }), []);
  });

  it('lists by handler and by states', async () => {
    const labels = { set: 'states' };
    const good = await stage.client.submit(work, { value: 1 }, { labels });
    const bad = await stage.client.submit(work, { fail: true }, { labels });
    const delayed = await stage.client.submit(work, {}, { labels, delay: '1h' });
    const ready = await stage.client.submit('nobody.serves.this', {}, { labels });
    await good.result(wait);
    await assert.rejects(bad.result(wait));
    const byStates = (...states: Task['state'][]) => idsOf(stage.client, { labels, states });
    assert.deepEqual(await byStates('SUCCEEDED'), [good.id]);
    assert.deepEqual(await byStates('FAILED', 'DELAYED'), [delayed.id, bad.id]);
    assert.deepEqual(await byStates('RUNNING', 'CANCELLED', 'WAITING'), []);
    assert.deepEqual(await idsOf(stage.client, { labels, handler: 'nobody.serves.this' }), [
      ready.id,
    ]);
    const ofHandler = await idsOf(stage.client, { labels, handler: 'work' });
    assert.deepEqual(ofHandler, [delayed.id, bad.id, good.id]);
    await delayed.cancel();
  });

  it('lists by the time of the submit', async () => {
    const labels = { set: 'times' };
    const first = await stage.client.submit(work, {}, { labels });
    const later = await eventually(
      () => new Date(),
      (now) => now.getTime() > Number.parseInt(first.id.replace('-', '').slice(0, 12), 16) + 20,
    );
    const second = await stage.client.submit(work, {}, { labels });
    assert.deepEqual(await idsOf(stage.client, { labels, since: later }), [second.id]);
    assert.deepEqual(await idsOf(stage.client, { labels, until: later }), [first.id]);
    const since = new Date(later.getTime() - 60_000);
    const until = new Date(later.getTime() + 60_000);
    assert.deepEqual(await idsOf(stage.client, { labels, since, until }), [second.id, first.id]);
  });

  it('pages newest first, each task once, while new ones arrive', async () => {
    const labels = { set: 'pages' };
    const inputs = Array.from({ length: 60 }, (_, value) => ({ value }));
    const group = await stage.client.submitMany(work, inputs, { labels });
    const seen: string[] = [];
    for await (const task of stage.client.list({ labels, pageSize: 7 })) {
      seen.push(task.id);
      if (seen.length % 7 === 1) await stage.client.submit(work, {}, { labels });
    }
    assert.deepEqual(seen, [...group.ids].reverse());
    assert.equal((await idsOf(stage.client, { labels, limit: 10, pageSize: 4 })).length, 10);
  });

  it('shows payloads in a list only on request', async () => {
    const labels = { set: 'payloads' };
    const task = await stage.client.submit(work, { value: 5 }, { labels });
    await task.result(wait);
    const [basic] = await collect(stage.client.list({ labels }));
    assert.deepEqual([basic?.input, basic?.output], [undefined, undefined]);
    const [full] = await collect(stage.client.list({ labels, view: 'payloads' }));
    assert.deepEqual([full?.input, full?.output], [{ value: 5 }, 5]);
  });

  it('retries a finished task as a new one, and only once', async () => {
    const labels = { set: 'retry' };
    const options = { labels, priority: 3 };
    const failed = await stage.client.submit(work, { fail: true }, options);
    await assert.rejects(failed.result(wait), { reason: 'TASK_FAILED' });
    const [retry, again] = await Promise.all([failed.retry(), failed.retry()]);
    assert.equal(again.id, retry.id);
    assert.notEqual(retry.id, failed.id);
    assert.deepEqual([retry.duplicate, again.duplicate].sort(), [false, true]);
    await assert.rejects(retry.result(wait), { reason: 'TASK_FAILED' });
    const stored = await retry.get('full');
    assert.equal(stored.retryOf, failed.id);
    assert.deepEqual(stored.input, { fail: true });
    assert.deepEqual([stored.labels, stored.priority, stored.attempt], [labels, 3, 1]);
    assert.equal((await failed.get()).state, 'FAILED');
    assert.equal((await failed.retry()).id, retry.id);
  });

  it('retries a task that has succeeded, too', async () => {
    const task = await stage.client.submit(work, { value: 8 });
    await task.result(wait);
    const retry = await task.retry();
    assert.equal(await retry.result(wait), 8);
    assert.equal((await retry.get()).retryOf, task.id);
  });

  it('has nothing to retry of an unfinished task', async () => {
    const task = await stage.client.submit(work, {}, { delay: '1h' });
    await assert.rejects(task.retry(), { reason: 'TASK_UNFINISHED' });
    const summary = await stage.client.retry({ ids: [task.id] });
    assert.deepEqual(summary, { retried: [], unfinished: [task.id], missing: [] });
    await task.cancel();
  });

  it('retries by filter what failed or was cancelled, each once', async () => {
    const labels = { set: 'retry-by-filter' };
    const good = await stage.client.submit(work, { value: 1 }, { labels });
    const bad = await stage.client.submit(work, { fail: true }, { labels });
    const cancelled = await stage.client.submit(work, { value: 2 }, { labels, delay: '1h' });
    await good.result(wait);
    await assert.rejects(bad.result(wait));
    await cancelled.cancel();
    const filter = { labels };
    const { retried } = await stage.client.retry({ filter });
    assert.deepEqual(retried.map(({ id }) => id).sort(), [bad.id, cancelled.id].sort());
    const renewed = retried.find(({ id }) => id === cancelled.id)?.retryId ?? '';
    assert.equal(await stage.client.handle(renewed).result(wait), 2);
    const again = retried.find(({ id }) => id === bad.id)?.retryId ?? '';
    await assert.rejects(stage.client.handle(again).result(wait), { reason: 'TASK_FAILED' });
    const second = await stage.client.retry({ filter });
    assert.deepEqual(
      second.retried.map(({ id }) => id),
      [again],
    );
  });
});
