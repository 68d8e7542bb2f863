/** Where claims begin: behind what was taken, and never for long where something earlier may have come. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HandlerId, Lease, LeaseRef, TaskId } from '../../rules/task.ts';
import { createCursors } from './cursors.ts';

const handler = 1 as HandlerId;
const lease = (n: number) => ({ handlerId: handler, ...refOf(n) }) as Lease;
const refOf = (n: number): LeaseRef => ({ taskId: `task-${n}` as TaskId, leaseEpoch: 1 });

describe('cursors', () => {
  it('stand where the last full claim stopped', () => {
    const cursors = createCursors();
    assert.equal(cursors.of(handler, 0), null);
    cursors.cameFull(lease(1), null, 5, 5);
    assert.deepEqual(cursors.of(handler, 10), refOf(1));
    cursors.cameFull(lease(2), refOf(1), 15, 5);
    assert.deepEqual(cursors.of(handler, 20), refOf(2));
  });

  it('are too old 250 ms after the claim from the start, however often they moved', () => {
    const cursors = createCursors();
    cursors.of(handler, 0);
    cursors.cameFull(lease(1), null, 0, 5);
    cursors.cameFull(lease(2), refOf(1), 200, 5);
    assert.deepEqual(cursors.of(handler, 249), refOf(2));
    assert.equal(cursors.of(handler, 250), null);
  });

  it('live ten times as long as the claim from the start took', () => {
    const cursors = createCursors();
    cursors.of(handler, 0);
    cursors.cameFull(lease(1), null, 100, 100);
    assert.deepEqual(cursors.of(handler, 1099), refOf(1));
    assert.equal(cursors.of(handler, 1100), null);
  });

  it('are dropped by what may lie before them, also while a claim is under way', () => {
    const cursors = createCursors();
    cursors.of(handler, 0);
    cursors.drop([handler]);
    cursors.cameFull(lease(1), null, 5, 5);
    assert.equal(cursors.of(handler, 10), null);
    cursors.cameFull(lease(2), null, 15, 5);
    assert.deepEqual(cursors.of(handler, 20), refOf(2));
    cursors.drop([handler]);
    cursors.cameFull(lease(3), refOf(2), 25, 5);
    assert.equal(cursors.of(handler, 30), null);
  });
});
