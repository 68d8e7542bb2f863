// Failed attempts are tried again as the policy says: how often, how long after, and which not at all.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  defineHandler,
  NonRetryableError,
  type RetryOptions,
  type Task,
  type TaskFailedError,
} from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

/** Fails until an attempt of this number. */
const flaky = defineHandler({
  name: 'flaky',
  run(input: { succeedAt: number; name?: string }, { attempt }) {
    if (attempt >= input.succeedAt) return attempt;
    throw Object.assign(new Error(`attempt ${attempt}`), { name: input.name ?? 'FlakyError' });
  },
});

const refuse = defineHandler({
  name: 'refuse',
  run(input: 'class' | 'property') {
    if (input === 'class') throw new NonRetryableError('no use', { details: { why: 'law' } });
    throw Object.assign(new Error('no use'), { nonRetryable: true });
  },
});

const fast: RetryOptions = { initialDelay: '0s', jitter: 0 };
const wait = { timeout: '30s' } as const;
const never = 1_000;

/** Milliseconds from the end of each attempt to the lease of the next. */
function waitsOf(task: Task): number[] {
  return task.attempts.slice(1).map((attempt, index) => {
    const before = task.attempts[index]?.endTime;
    assert.ok(before && attempt.leaseTime);
    return attempt.leaseTime.getTime() - before.getTime();
  });
}

flow('retries', { agent: { handlers: [flaky, refuse], slots: 50 } }, (stage) => {
  it('tries again until an attempt succeeds, and keeps the history', async () => {
    const task = await stage.client.submit(flaky, { succeedAt: 3 }, { retry: fast });
    assert.equal(await task.result(wait), 3);
    const stored = await task.get('full');
    assert.equal(stored.attempt, 3);
    assert.equal(stored.leaseEpoch, 3);
    assert.deepEqual(
      stored.attempts.map(({ number, outcome, agentId, failure }) => [
        ...[number, outcome, agentId, failure?.name, failure?.message],
      ]),
      [
        [1, 'FAILED', stage.agent.id, 'FlakyError', 'attempt 1'],
        [2, 'FAILED', stage.agent.id, 'FlakyError', 'attempt 2'],
        [3, 'SUCCEEDED', stage.agent.id, undefined, undefined],
      ],
    );
  });

  it('makes three attempts by default, a second and two seconds apart', async () => {
    const task = await stage.client.submit(flaky, { succeedAt: never });
    await assert.rejects(task.result(wait), (error: TaskFailedError) => {
      assert.equal(error.attempts, 3);
      assert.equal(error.failure.message, 'attempt 3');
      return true;
    });
    const waits = waitsOf(await task.get('full'));
    assert.equal(waits.length, 2);
    assert.ok(Number(waits[0]) >= 800 && Number(waits[0]) < 3_500, `${waits}`);
    assert.ok(Number(waits[1]) >= 1_600 && Number(waits[1]) < 4_500, `${waits}`);
  });

  it('doubles the wait from retry to retry, up to its cap', async () => {
    const task = await stage.client.submit(
      flaky,
      { succeedAt: 6 },
      {
        retry: {
          ...{ maxAttempts: 6, initialDelay: '200ms', multiplier: 2, maxDelay: '800ms', jitter: 0 },
        },
      },
    );
    assert.equal(await task.result(wait), 6);
    const waits = waitsOf(await task.get('full'));
    // Uncapped, the last one would be at least 3,200.
    const least = [200, 400, 800, 800, 800];
    assert.equal(waits.length, least.length);
    least.forEach((ms, index) => {
      const waited = waits[index] ?? 0;
      assert.ok(waited >= ms && waited < ms + 1_900, `waits of ${waits}, at least ${least}`);
    });
  });

  it('shortens waits by chance, by no more than the jitter', async () => {
    const inputs = Array.from({ length: 30 }, () => ({ succeedAt: never }));
    const retry: RetryOptions = { initialDelay: '1h', maxDelay: '1h', jitter: 0.5 };
    const group = await stage.client.submitMany(flaky, inputs, { retry });
    const delayed = await Promise.all(
      group.handles.map((handle) =>
        eventually(
          () => handle.get('full'),
          ({ state }) => state === 'DELAYED',
        ),
      ),
    );
    const waits = delayed.map(({ dueTime, attempts }) => {
      const ended = attempts.find(({ number }) => number === 1)?.endTime;
      assert.ok(dueTime && ended);
      return (dueTime.getTime() - ended.getTime()) / 3_600_000;
    });
    const [least, most] = [Math.min(...waits), Math.max(...waits)];
    assert.ok(least >= 0.499 && most <= 1.001, `from ${least} h to ${most} h`);
    assert.ok(most - least > 0.1, `from ${least} h to ${most} h`);
    await group.cancel();
  });

  it('shows the last failure while it waits for the next attempt', async () => {
    const task = await stage.client.submit(
      flaky,
      { succeedAt: never },
      { retry: { initialDelay: '1h' } },
    );
    const stored = await eventually(
      () => task.get('payloads'),
      ({ state }) => state === 'DELAYED',
    );
    assert.equal(stored.failure?.message, 'attempt 1');
    assert.equal(stored.attempt, 2);
    await task.cancel();
  });

  for (const input of ['class', 'property'] as const) {
    it(`does not try again what the handler calls pointless, by ${input}`, async () => {
      const task = await stage.client.submit(refuse, input, {
        retry: { ...fast, maxAttempts: 5 },
      });
      await assert.rejects(task.result(wait), (error: TaskFailedError) => {
        assert.equal(error.attempts, 1);
        assert.equal(error.failure.nonRetryable, true);
        assert.deepEqual(error.failure.details, input === 'class' ? { why: 'law' } : undefined);
        return true;
      });
    });
  }

  it('does not try again errors of the names that the policy lists', async () => {
    const retry = { ...fast, nonRetryableErrors: ['AccountClosed', 'TypeError'] };
    const listed = await stage.client.submit(
      flaky,
      { succeedAt: 2, name: 'AccountClosed' },
      { retry },
    );
    await assert.rejects(listed.result(wait), (error: TaskFailedError) => error.attempts === 1);
    const other = await stage.client.submit(flaky, { succeedAt: 2, name: 'Busy' }, { retry });
    assert.equal(await other.result(wait), 2);
  });

  it('makes a single attempt where the policy says one', async () => {
    const retry = { ...fast, maxAttempts: 1 };
    const task = await stage.client.submit(flaky, { succeedAt: 2 }, { retry });
    await assert.rejects(task.result(wait), (error: TaskFailedError) => error.attempts === 1);
  });

  it('never runs twice what is declared at-most-once', async () => {
    const task = await stage.client.submit(
      flaky,
      { succeedAt: 2 },
      { retry: { ...fast, maxAttempts: 5 }, atMostOnce: true },
    );
    await assert.rejects(task.result(wait), (error: TaskFailedError) => error.attempts === 1);
    assert.equal((await task.get()).state, 'FAILED');
  });
});
