/** Retry policies and the judgement of outcomes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { failureOf, judgeOutcome, refusedOutcome } from './outcome.ts';
import {
  defaultRetryPolicy,
  judgeRetry,
  resolveAtMostOnce,
  resolveAttemptTimeoutMs,
  resolveRetryPolicy,
  retryDelayMs,
} from './retry.ts';
import type { Failure, TaskId, TaskOptions } from './task.ts';

const failure: Failure = { ...failureOf('ERROR', 'TypeError', 'no'), nonRetryable: false };
const handler = { retry: null, atMostOnce: false };
const lease = { taskId: 'task' as TaskId, leaseEpoch: 3, failures: 0, options: null };
const optionsWith = (options: Partial<TaskOptions>): TaskOptions => ({
  retry: null,
  attemptTimeoutMs: null,
  atMostOnce: null,
  ...options,
});

describe('retry policy', () => {
  test('takes each field from the task, else the handler, else the defaults', () => {
    const policy = resolveRetryPolicy({ maxAttempts: 7 }, { maxAttempts: 5, jitter: 0 });
    assert.deepEqual(policy, { ...defaultRetryPolicy, maxAttempts: 7, jitter: 0 });
    assert.deepEqual(resolveRetryPolicy(null, undefined), defaultRetryPolicy);
  });

  test('grows the wait by the multiplier up to the longest, and lets chance shorten it', () => {
    const waits = [1, 2, 3, 10, 11].map((n) => retryDelayMs(defaultRetryPolicy, n, 0));
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 512_000, 600_000]);
    assert.equal(retryDelayMs(defaultRetryPolicy, 1, 0.5), 900);
    const none = { ...defaultRetryPolicy, initialDelayMs: 0, multiplier: 100 };
    assert.equal(retryDelayMs(none, 900, 0), 0);
  });

  test('never waits longer than the longest wait, nor less than jitter allows', () => {
    const policies = fc.record({
      initialDelayMs: fc.nat(86_400_000),
      multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
      maxDelayMs: fc.nat(2_592_000_000),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 1_000 }), chance, (fields, n, random) => {
        const policy = { ...defaultRetryPolicy, ...fields };
        const whole = retryDelayMs({ ...policy, jitter: 0 }, n, random);
        const wait = retryDelayMs(policy, n, random);
        assert.ok(Number.isInteger(wait) && wait >= 0 && wait <= policy.maxDelayMs);
        assert.ok(wait <= whole && wait >= Math.floor(whole * (1 - policy.jitter)) - 1);
      }),
    );
  });

  test('ends with the last attempt, and at once for what is final', () => {
    assert.equal(judgeRetry(defaultRetryPolicy, false, 0, failure, 0), 1_000);
    assert.equal(judgeRetry(defaultRetryPolicy, false, 1, failure, 0), 2_000);
    assert.equal(judgeRetry(defaultRetryPolicy, false, 2, failure, 0), null);
    assert.equal(judgeRetry(defaultRetryPolicy, true, 0, failure, 0), null);
    const final = { ...failure, nonRetryable: true };
    assert.equal(judgeRetry(defaultRetryPolicy, false, 0, final, 0), null);
    const named = { ...defaultRetryPolicy, nonRetryableErrors: ['TypeError'] };
    assert.equal(judgeRetry(named, false, 0, failure, 0), null);
  });

  test('resolves at-most-once and the attempt timeout', () => {
    const once = { atMostOnce: true };
    assert.equal(resolveAtMostOnce(null, once), true);
    assert.equal(resolveAtMostOnce({ atMostOnce: null }, once), true);
    assert.equal(resolveAtMostOnce({ atMostOnce: false }, once), false);
    assert.equal(resolveAttemptTimeoutMs(null, { attemptTimeoutMs: 5 }), 5);
    assert.equal(resolveAttemptTimeoutMs({ attemptTimeoutMs: 7 }, { attemptTimeoutMs: 5 }), 7);
  });
});

describe('judgement of an outcome', () => {
  test('keeps a success as it is', () => {
    const output = { mediaType: 'text/plain', data: Buffer.from('x') };
    const write = judgeOutcome(lease, handler, { kind: 'SUCCEEDED', output }, 0);
    assert.deepEqual([write.result, write.output, write.leaseEpoch], ['SUCCEEDED', output, 3]);
  });

  test('counts failures, not attempts, against the policy', () => {
    const at = (failures: number) =>
      judgeOutcome({ ...lease, failures }, handler, { kind: 'FAILED', failure }, 0).retryDelayMs;
    assert.deepEqual([at(0), at(1), at(2)], [1_000, 2_000, null]);
  });

  test('lets the task override its handler', () => {
    const options = optionsWith({ retry: { maxAttempts: 1 } });
    const write = judgeOutcome({ ...lease, options }, handler, { kind: 'FAILED', failure }, 0);
    assert.equal(write.retryDelayMs, null);
  });

  test('gives an interrupted attempt back, but ends what must not run twice', () => {
    const reported = { kind: 'INTERRUPTED', reason: 'drain' } as const;
    assert.equal(judgeOutcome(lease, handler, reported, 0).result, 'INTERRUPTED');
    const once = judgeOutcome(lease, { ...handler, atMostOnce: true }, reported, 0);
    assert.equal(once.result, 'FAILED');
    assert.equal(once.retryDelayMs, null);
    assert.match(once.failure?.message ?? '', /drain/);
  });

  test('makes a final failure of an outcome that could not be stored', () => {
    const write = refusedOutcome(lease, 'too large');
    assert.deepEqual(
      [write.result, write.retryDelayMs, write.failure?.kind],
      ['FAILED', null, 'REFUSED'],
    );
  });
});
