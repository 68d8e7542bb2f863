// The three clocks of a task: of one attempt, of the whole task, and until its first start.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { defineHandler, type MusterError, type TaskFailedError } from '@muster/sdk';
import { atGate, gated, openGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

/** Stops when it is asked to, and remembers why. */
const obedient = defineHandler({
  name: 'obedient',
  async run(_input: undefined, { signal, checkpoint, lastCheckpoint, attempt }) {
    const reasons = lastCheckpoint<string[]>() ?? [];
    if (attempt === 2) return reasons;
    await delay(60_000, undefined, { signal }).catch(() => {});
    checkpoint([...reasons, (signal.reason as MusterError).reason]);
    await delay(20);
    throw signal.reason;
  },
});

/** Does not listen. */
const deaf = defineHandler({
  name: 'deaf',
  cancelGrace: '200ms',
  async run(ms: number) {
    await delay(ms);
    return 'too late';
  },
});

const failing = defineHandler({
  name: 'failing',
  run() {
    throw new Error('as ever');
  },
});

const wait = { timeout: '20s' } as const;
const once = { maxAttempts: 1 };

const failsWith = (kind: string, check: (error: TaskFailedError) => void = () => {}) => {
  return (error: TaskFailedError) => {
    assert.equal(error.failure.kind, kind, error.failure.message);
    check(error);
    return true;
  };
};

const agent = { handlers: [obedient, deaf, failing, gated], slots: 50 };

flow('timeouts', { agent }, (stage) => {
  it('stops an attempt at its timeout and tries again', async () => {
    const task = await stage.client.submit(obedient, undefined, {
      timeout: '300ms',
      retry: { initialDelay: '0s' },
    });
    assert.deepEqual(await task.result(wait), ['ATTEMPT_TIMEOUT']);
    const { attempts } = await task.get('full');
    assert.deepEqual(
      attempts.map(({ outcome, failure }) => [outcome, failure?.kind]),
      [
        ['FAILED', 'TIMEOUT'],
        ['SUCCEEDED', undefined],
      ],
    );
  });

  it('fails an attempt that does not stop once its grace is over', async () => {
    const began = performance.now();
    const task = await stage.client.submit(deaf, 8_000, { timeout: '300ms', retry: once });
    await assert.rejects(
      task.result(wait),
      failsWith('TIMEOUT', ({ failure }) => assert.match(failure.message, /300 ms/)),
    );
    assert.ok(performance.now() - began < 7_500);
  });

  it('keeps to its timeout while other attempts succeed within it', async () => {
    const task = await stage.client.submit(deaf, 50, { timeout: '10s' });
    assert.equal(await task.result(wait), 'too late');
  });

  it('ends a running task at its deadline, without another attempt', async () => {
    const task = await stage.client.submit(gated, undefined, {
      totalTimeout: '3s',
      retry: { maxAttempts: 5, initialDelay: '0s' },
    });
    const context = await atGate(task.id);
    assert.ok(context.deadline && context.deadline.getTime() - Date.now() <= 3_000);
    await assert.rejects(
      task.result(wait),
      failsWith('DEADLINE', (error) => assert.equal(error.attempts, 1)),
    );
    assert.ok(context.signal.aborted);
    const stored = await task.get();
    assert.ok(stored.deadlineTime && stored.createTime && stored.endTime);
    assert.ok(stored.deadlineTime <= stored.endTime);
  });

  it('fails at once, with its own failure, when the retry would come after the deadline', async () => {
    const began = performance.now();
    const task = await stage.client.submit(failing, undefined, {
      totalTimeout: '30s',
      retry: { initialDelay: '1h', maxDelay: '1h' },
    });
    await assert.rejects(task.result(wait), failsWith('ERROR'));
    assert.ok(performance.now() - began < 10_000);
    assert.equal((await task.get('full')).attempts.length, 1);
  });

  it('ends a task at its deadline that no agent serves', async () => {
    const task = await stage.client.submit('nobody.serves.this', 1, { totalTimeout: '600ms' });
    assert.equal((await task.get()).state, 'READY');
    await assert.rejects(task.result(wait), failsWith('DEADLINE'));
    assert.deepEqual((await task.get('full')).attempts, []);
  });

  it('ends a delayed task at its deadline', async () => {
    const task = await stage.client.submit(failing, undefined, {
      delay: '1h',
      totalTimeout: '600ms',
    });
    await assert.rejects(task.result(wait), failsWith('DEADLINE'));
  });

  it('expires a task that was not started within its time-to-live', async () => {
    const task = await stage.client.submit('nobody.serves.this', 1, { startTtl: '600ms' });
    await assert.rejects(task.result(wait), failsWith('EXPIRED'));
    const { dueTime, expireTime, endTime } = await task.get();
    assert.ok(dueTime && expireTime && endTime && expireTime <= endTime);
    assert.equal(expireTime.getTime() - dueTime.getTime(), 600);
  });

  it('counts the time-to-live from the due time, not from the submit', async () => {
    const task = await stage.client.submit(gated, 'in time', { delay: '3s', startTtl: '2500ms' });
    openGate(task.id);
    assert.equal(await task.result(wait), 'in time');
  });

  it('lets a started task outlive its time-to-live, its retries too', async () => {
    const started = await stage.client.submit(gated, 'in time', { startTtl: '2s' });
    await atGate(started.id);
    const retried = await stage.client.submit(failing, undefined, {
      startTtl: '2s',
      retry: { maxAttempts: 2, initialDelay: '2500ms', jitter: 0 },
    });
    await assert.rejects(
      retried.result(wait),
      failsWith('ERROR', (error) => assert.equal(error.attempts, 2)),
    );
    const { expireTime } = await started.get();
    assert.ok(expireTime && expireTime.getTime() < Date.now());
    openGate(started.id);
    assert.equal(await started.result(wait), 'in time');
  });

  it('frees the slot of a deaf handler only when it has really ended', async () => {
    const small = await stage.addAgent({ handlers: [{ ...deaf, name: 'deaf.alone' }], slots: 1 });
    const first = await stage.client.submit('deaf.alone', 4_000, { timeout: '200ms', retry: once });
    await assert.rejects(first.result(wait), failsWith('TIMEOUT'));
    assert.equal(small.running, 1);
    const second = await stage.client.submit('deaf.alone', 0);
    assert.equal(await second.result(wait), 'too late');
    const [failed, next] = await Promise.all([first.get('full'), second.get('full')]);
    const leased = next.attempts.at(-1)?.leaseTime;
    const begun = failed.attempts[0]?.leaseTime;
    assert.ok(leased && begun && leased.getTime() - begun.getTime() > 3_500);
    await eventually(
      () => small.running,
      (running) => running === 0,
    );
  });
});
