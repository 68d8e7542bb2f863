import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ended } from './attempt/lease.ts';
import { Outbox } from './outbox.ts';

function ended(taskId: string, reason = ''): Ended {
  return { ref: { taskId, leaseEpoch: 1 }, result: { interrupted: { reason } }, runMs: 1 };
}

describe('outbox', () => {
  test('sends each outcome once per stream, in order', () => {
    const outbox = new Outbox();
    outbox.add(ended('a'));
    outbox.add(ended('b'));
    assert.deepEqual(
      outbox
        .takeUnsent()
        .values()
        .map(({ ref }) => ref.taskId),
      ['a', 'b'],
    );
    assert.equal(outbox.takeUnsent().size, 0);
    outbox.sendAgain();
    assert.equal(outbox.takeUnsent().size, 2);
  });

  test('keeps an outcome until it is answered, and counts the stale', () => {
    const outbox = new Outbox();
    outbox.add(ended('a'));
    outbox.add(ended('b'));
    outbox.acknowledge({ taskId: 'a', leaseEpoch: 2 }, true);
    assert.equal(outbox.size, 2);
    outbox.acknowledge({ taskId: 'a', leaseEpoch: 1 }, true);
    outbox.acknowledge({ taskId: 'a', leaseEpoch: 1 }, true);
    outbox.acknowledge({ taskId: 'b', leaseEpoch: 1 }, false);
    assert.equal(outbox.size, 0);
    assert.equal(outbox.staleCount, 1);
  });

  test('keeps the outcomes of two leases of a task apart', () => {
    const outbox = new Outbox();
    const later = { ...ended('a'), ref: { taskId: 'a', leaseEpoch: 2 } };
    outbox.add(ended('a'));
    outbox.add(later);
    assert.equal(outbox.takeUnsent().size, 2);
    outbox.acknowledge({ taskId: 'a', leaseEpoch: 1 }, false);
    assert.deepEqual(outbox.refs(), [later.ref]);
    outbox.sendAgain();
    assert.deepEqual(outbox.takeUnsent().values(), [later]);
  });

  test('the first outcome of a lease stands', () => {
    const outbox = new Outbox();
    outbox.add(ended('a', 'first'));
    outbox.add(ended('a', 'second'));
    assert.deepEqual(outbox.takeUnsent().values(), [ended('a', 'first')]);
  });
});
