// A task as it is submitted: what is refused, and what its content hash depends on.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadContract, type TaskSpec, type TaskSpec__Output } from '@muster/proto';
import { makeId } from '../../rules/ids.ts';
import type { TaskId } from '../../rules/task.ts';
import { CallRefused } from '../status.ts';
import { createChecks } from '../validation.ts';
import { checkTaskSpec, requireIdInRange } from './task-spec.ts';

const now = Date.UTC(2026, 0, 1);
const message = loadContract().messages['muster.v1.TaskSpec'];
const limits = { payloadBytesMax: 1000, now };

function received(spec: TaskSpec): TaskSpec__Output {
  return message.deserialize(message.serialize({ handler: 'email.send', ...spec }));
}

function violations(spec: TaskSpec): string[] {
  const checks = createChecks();
  checkTaskSpec(checks.within('tasks[0]'), received(spec), limits);
  try {
    checks.finish();
  } catch (error) {
    assert.ok(error instanceof CallRefused);
    return (error.facts.violations ?? []).map(
      ({ field, description }) => `${field}: ${description}`,
    );
  }
  return [];
}

function hashOf(spec: TaskSpec): string {
  return checkTaskSpec(createChecks(), received(spec), limits).contentHash.toString('hex');
}

const day = 86_400;

describe('a submitted task', () => {
  it('is taken as it was said', () => {
    const spec = checkTaskSpec(
      createChecks(),
      received({
        startDelay: { seconds: 1, nanos: 500_000 },
        labels: { a: 'b' },
        retry: { maxAttempts: 0 + 5 },
        idempotencyKey: 'k',
        parentId: '01890000-0000-7000-8000-000000000001',
        traceparent: 'nonsense',
      }),
      limits,
    );
    assert.equal(spec.startDelayMs, 1001);
    assert.deepEqual(spec.options, {
      retry: { maxAttempts: 5 },
      attemptTimeoutMs: null,
      atMostOnce: null,
    });
    assert.deepEqual(spec.idempotency, { key: 'k', ttlMs: day * 1000 });
    assert.equal(spec.origin.rootId, spec.origin.parentId);
    assert.equal(spec.origin.traceparent, null);
  });

  it('is refused with the path and the reason of each wrong field', () => {
    const cases: readonly (readonly [TaskSpec, RegExp])[] = [
      [{ handler: '' }, /^tasks\[0\]\.handler: .*is empty/],
      [{ handler: 'Email' }, /^tasks\[0\]\.handler: "Email" is no name of a handler/],
      [{ id: 'x' }, /^tasks\[0\]\.id: "x" is no UUIDv7/],
      [{ id: '01890000-0000-4000-8000-000000000000' }, /is no UUIDv7/],
      [
        { input: { mediaType: 'a/b', data: Buffer.alloc(1001) } },
        /input\.data: has 1001 bytes; at most 1000/,
      ],
      [{ input: { data: Buffer.alloc(1) } }, /input\.media_type: is empty, but there is data/],
      [{ startDelay: { seconds: -1 } }, /start_delay: must not be negative, and is -1000 ms/],
      [{ startDelay: { nanos: -1 } }, /start_delay: must not be negative/],
      [{ startDelay: { seconds: 366 * day } }, /start_delay: .* at most 365 d/],
      [{ startDelay: { seconds: 1, nanos: -1 } }, /no valid duration/],
      [{ startDelay: {}, dueTime: {} }, /start_delay: is given together with due_time/],
      [{ dueTime: { seconds: now / 1000 + 366 * day } }, /due_time: is more than 365 days ahead/],
      [{ dueTime: { seconds: 1e15 } }, /due_time: .*no valid time/],
      [{ priority: 101 }, /priority: is 101; -100 to 100/],
      [{ totalTimeout: {} }, /total_timeout: is 0 ms; at least 1 ms/],
      [{ attemptTimeout: { seconds: 31 * day } }, /attempt_timeout: .* at most 30 d/],
      [{ idempotencyTtl: { seconds: 5 } }, /idempotency_ttl: is given without/],
      [{ idempotencyKey: 'ü'.repeat(129) }, /idempotency_key: has 258 bytes/],
      [{ labels: { 'a b': 'c' } }, /labels\["a b"\]: has a key that/],
      [{ labels: { a: 'x'.repeat(129) } }, /labels\["a"\]: has a value longer/],
      [
        { labels: Object.fromEntries([...Array(17).keys()].map((n) => [`k${n}`, ''])) },
        /labels: has 17 labels/,
      ],
      [{ retry: { maxAttempts: 0 } }, /retry\.max_attempts: is 0/],
      [{ retry: { jitter: Number.NaN } }, /retry\.jitter: is NaN/],
      [{ retry: { multiplier: Number.POSITIVE_INFINITY } }, /retry\.multiplier: is Infinity/],
      [{ retry: { nonRetryableErrors: ['x'.repeat(129)] } }, /retry\.non_retryable_errors\[0\]/],
      [{ parentId: 'p' }, /parent_id: "p" is no UUID/],
      [{ tracestate: 'x'.repeat(513) }, /tracestate: has 513 bytes/],
    ];
    for (const [spec, pattern] of cases) {
      const found = violations(spec);
      assert.equal(found.length, 1, `${pattern}: ${found.join('; ')}`);
      assert.match(found[0] ?? '', pattern);
    }
  });

  it('may hold an id within 24 h of the database, and no other', () => {
    const idAt = (time: number) => makeId(time, 0, Buffer.alloc(8)) as TaskId;
    requireIdInRange('tasks[0].id', idAt(now - day * 1000), now);
    requireIdInRange('tasks[0].id', idAt(now + day * 1000), now);
    for (const time of [now - day * 1000 - 1, now + day * 1000 + 1, 0, 2 ** 48 - 1])
      assert.throws(
        () => requireIdInRange('tasks[0].id', idAt(time), now),
        (error: CallRefused) =>
          error.reason === 'ID_OUT_OF_RANGE' &&
          error.facts.metadata?.server_time === '2026-01-01T00:00:00.000Z',
      );
  });

  it('has a hash over all that was said, but for id and trace, in whatever order', () => {
    const base = {
      labels: { a: '1', b: '2' },
      input: { mediaType: 'a/b', data: Buffer.from('x') },
    };
    const same = {
      ...base,
      labels: { b: '2', a: '1' },
      id: '01890000-0000-7000-8000-000000000001',
    };
    const trace = { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };
    assert.equal(hashOf(base), hashOf({ ...same, ...trace }));
    assert.equal(hashOf(base).length, 32);
    const others: readonly TaskSpec[] = [
      {},
      { ...base, handler: 'other' },
      { ...base, input: { mediaType: 'a/b', data: Buffer.from('y') } },
      { ...base, input: { mediaType: 'a/c', data: Buffer.from('x') } },
      { ...base, priority: 1 },
      { ...base, startDelay: { seconds: 1 } },
      { ...base, dueTime: { seconds: now / 1000 } },
      { ...base, retry: { maxAttempts: 1 } },
      { ...base, atMostOnce: false },
      { ...base, idempotencyKey: 'k' },
      { ...base, parentId: '01890000-0000-7000-8000-000000000001' },
      { ...base, totalTimeout: { seconds: 1 } },
      { ...base, startTtl: { seconds: 1 } },
    ];
    assert.equal(new Set([base, ...others].map(hashOf)).size, others.length + 1);
  });
});
