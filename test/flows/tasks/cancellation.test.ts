// A task can be cancelled in every state. What does not run ends at once; what runs is asked to stop and
// ends within its grace; what has ended stays as it is.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { defineHandler, type MusterError, type TaskHandle } from '@muster/sdk';
import { atGate, gated, openGate, passGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const failing = defineHandler({
  name: 'failing',
  run() {
    throw new Error('as ever');
  },
});

/** Finishes although it was asked to stop. */
const stubborn = defineHandler({
  name: 'stubborn',
  async run(_input: undefined, context) {
    await passGate(context).catch(() => {});
    return 'finished';
  },
});

/** Does not listen at all. */
const deaf = defineHandler({
  name: 'deaf',
  cancelGrace: '300ms',
  async run(_input: undefined, context) {
    passGate(context).catch(() => {});
    await delay(10_000);
  },
});

const wait = { timeout: '20s' } as const;

async function endsCancelled(task: TaskHandle<unknown>): Promise<void> {
  await assert.rejects(
    task.result(wait),
    (error: MusterError) => error.reason === 'TASK_CANCELLED',
  );
  assert.equal((await task.get()).state, 'CANCELLED');
}

const agent = { handlers: [gated, failing, stubborn, deaf], slots: 50 };

flow('cancellation', { agent }, (stage) => {
  it('ends a delayed task at once', async () => {
    const task = await stage.client.submit(gated, 'never', { delay: '1h' });
    assert.equal((await task.get()).state, 'DELAYED');
    assert.equal(await task.cancel('changed my mind'), 'CANCELLED');
    await endsCancelled(task);
    const { cancelReason, cancelRequestTime, endTime, attempt } = await task.get('full');
    assert.equal(cancelReason, 'changed my mind');
    assert.ok(cancelRequestTime && endTime);
    assert.equal(attempt, 1);
  });

  it('ends a ready task at once', async () => {
    const task = await stage.client.submit('nobody.serves.this', 1);
    assert.equal((await task.get()).state, 'READY');
    assert.equal(await task.cancel(), 'CANCELLED');
    await endsCancelled(task);
    assert.deepEqual((await task.get('full')).attempts, []);
  });

  it('ends a task that waits for its retry', async () => {
    const task = await stage.client.submit(failing, undefined, { retry: { initialDelay: '1h' } });
    await eventually(
      () => task.get(),
      ({ state }) => state === 'DELAYED',
    );
    assert.equal(await task.cancel(), 'CANCELLED');
    await endsCancelled(task);
    const { attempts } = await task.get('full');
    assert.deepEqual(
      attempts.map(({ outcome }) => outcome),
      ['FAILED'],
    );
  });

  it('reaches a running handler as an abort within moments', async () => {
    const task = await stage.client.submit(gated, 'never');
    const { signal } = await atGate(task.id);
    const aborted = new Promise<number>((resolve) =>
      signal.addEventListener('abort', () => resolve(performance.now())),
    );
    const asked = performance.now();
    assert.equal(await task.cancel('stop it'), 'REQUESTED');
    const tookMs = (await aborted) - asked;
    assert.ok(tookMs < 3_000, `${tookMs} ms`);
    assert.equal((signal.reason as MusterError).reason, 'TASK_CANCELLED');
    assert.match((signal.reason as MusterError).message, /stop it/);
    await endsCancelled(task);
    const { attempts, cancelReason } = await task.get('full');
    assert.deepEqual(
      attempts.map(({ outcome }) => outcome),
      ['CANCELLED'],
    );
    assert.equal(cancelReason, 'stop it');
  });

  it('cancels although the handler returns a value after it was asked to stop', async () => {
    const task = await stage.client.submit(stubborn);
    await atGate(task.id);
    assert.equal(await task.cancel(), 'REQUESTED');
    await endsCancelled(task);
    assert.equal((await task.get('payloads')).output, undefined);
  });

  it('cancels a handler that does not listen once its grace is over', async () => {
    const task = await stage.client.submit(deaf);
    await atGate(task.id);
    const asked = performance.now();
    assert.equal(await task.cancel(), 'REQUESTED');
    await endsCancelled(task);
    assert.ok(performance.now() - asked < 9_000);
  });

  it('says that a finished task is finished, and leaves its outcome', async () => {
    const task = await stage.client.submit(gated, 'done');
    openGate(task.id);
    assert.equal(await task.result(wait), 'done');
    assert.equal(await task.cancel('too late'), 'FINISHED');
    const stored = await task.get('payloads');
    assert.deepEqual([stored.state, stored.output], ['SUCCEEDED', 'done']);
    assert.equal(stored.cancelRequestTime, undefined);
  });

  it('may be asked for twice', async () => {
    const task = await stage.client.submit(gated, 'never', { delay: '1h' });
    assert.equal(await task.cancel('first'), 'CANCELLED');
    assert.equal(await task.cancel('second'), 'FINISHED');
    assert.equal((await task.get()).cancelReason, 'first');
  });

  it('does not try a cancelled attempt again', async () => {
    const task = await stage.client.submit(gated, 'never', {
      retry: { maxAttempts: 5, initialDelay: '0s' },
    });
    await atGate(task.id);
    await task.cancel();
    await endsCancelled(task);
    assert.equal((await task.get('full')).attempts.length, 1);
  });

  it('says of an unknown task that it is missing', async () => {
    const id = '018f0000-0000-7000-8000-000000000000';
    await assert.rejects(stage.client.handle(id).cancel(), { reason: 'TASK_NOT_FOUND' });
    const summary = await stage.client.cancel({ ids: [id] });
    assert.deepEqual(summary, { cancelled: [], requested: [], finished: [], missing: [id] });
  });

  it('cancels all tasks that match a filter, whatever their states', async () => {
    const labels = { batch: 'cancel-by-filter' };
    const delayed = await stage.client.submitMany(gated, ['a', 'b'], { labels, delay: '1h' });
    const ready = await stage.client.submit('nobody.serves.this', 1, { labels });
    const running = await stage.client.submit(gated, 'c', { labels });
    const finished = await stage.client.submit(gated, 'd', { labels });
    const bystander = await stage.client.submit(gated, 'e', { delay: '1h' });
    openGate(finished.id);
    await finished.result(wait);
    await atGate(running.id);
    const summary = await stage.client.cancel({ filter: { labels } }, 'all of them');
    assert.deepEqual([...summary.cancelled].sort(), [...delayed.ids, ready.id].sort());
    assert.deepEqual(summary.requested, [running.id]);
    await endsCancelled(running);
    assert.equal((await finished.get()).state, 'SUCCEEDED');
    assert.equal((await bystander.get()).state, 'DELAYED');
    await bystander.cancel();
  });

  it('refuses a filter without any condition', async () => {
    await assert.rejects(stage.client.cancel({ filter: {} }), { reason: 'INVALID_REQUEST' });
  });
});
