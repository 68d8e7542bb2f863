/** What is known of READY rows: when a claim is worth its statement, and when fresh work may overtake. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HandlerId } from '../../rules/task.ts';
import { createBacklog } from './backlog.ts';

const [a, b] = [1, 2] as HandlerId[] as [HandlerId, HandlerId];
const both = { handlerIds: [a, b] };

describe('the backlog', () => {
  it('knows nothing at first: claims are worth it, and nothing may overtake', () => {
    const backlog = createBacklog();
    assert.deepEqual(pick(backlog.of(both)), { mayHave: true, open: false });
  });

  it('is empty and open after a short claim of every handler', () => {
    const backlog = createBacklog();
    backlog.cameShort(a, backlog.mark(a));
    assert.deepEqual(pick(backlog.of(both)), { mayHave: true, open: false });
    backlog.cameShort(b, backlog.mark(b));
    assert.deepEqual(pick(backlog.of(both)), { mayHave: false, open: true });
  });

  it('stays open on a wakeup, which is answered by a claim, and closes if that comes back full', () => {
    const backlog = createBacklog();
    for (const id of [a, b]) backlog.cameShort(id, backlog.mark(id));
    backlog.announced([a]);
    assert.deepEqual(pick(backlog.of(both)), { mayHave: true, open: true });
    backlog.cameFull(a);
    assert.deepEqual(pick(backlog.of(both)), { mayHave: true, open: false });
  });

  it('is not empty if rows were announced while the short claim was under way', () => {
    const backlog = createBacklog();
    backlog.cameShort(b, backlog.mark(b));
    const mark = backlog.mark(a);
    backlog.announced([a]);
    backlog.cameShort(a, mark);
    assert.deepEqual(pick(backlog.of(both)), { mayHave: true, open: true });
  });

  it('closes when a look finds rows that were never announced', () => {
    const backlog = createBacklog();
    for (const id of [a, b]) backlog.cameShort(id, backlog.mark(id));
    backlog.foundOlder([b]);
    assert.deepEqual(pick(backlog.of(both)), { mayHave: true, open: false });
  });

  it('forgets handlers that nobody serves any more', () => {
    const backlog = createBacklog();
    for (const id of [a, b]) backlog.cameShort(id, backlog.mark(id));
    backlog.keepOnly((id) => id === a);
    assert.deepEqual([backlog.isOpen(a), backlog.isOpen(b)], [true, false]);
  });
});

function pick({ mayHave, open }: { mayHave: boolean; open: boolean }) {
  return { mayHave, open };
}
