/** Short work is sent ahead of free slots; long work never is, and nothing beyond what the agent is certain to take. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HandlerId, Lease, NamespaceId, SessionId, TaskId } from '../../rules/task.ts';
import { forgetRuns, mayBeAhead, noteRun, roomAhead } from './ahead.ts';
import {
  certainRoom,
  createSession,
  createShare,
  forgetLease,
  freeSlots,
  moveLease,
  openLease,
  reserve,
  type Session,
} from './session.ts';

const [short, long] = [1 as HandlerId, 2 as HandlerId];

function newSession(slots: number) {
  const shares = [createShare(short, 'short', null), createShare(long, 'long', null)] as const;
  const facts = {
    ...{ id: 'session' as SessionId, agentId: 'agent', namespaceId: 1 as NamespaceId, slots },
    ...{ attachment: 1, tokenHash: Buffer.alloc(0), silenceMs: 3000, dial: 0 },
  };
  return { session: createSession(facts, shares, 0), shares };
}

function open(session: Session, n: number, handlerId: HandlerId) {
  const lease = { taskId: `task-${n}` as TaskId, leaseEpoch: 1, handlerId } as Lease;
  return openLease(session, lease, 'SENT', 0);
}

describe('sending ahead', () => {
  it('begins once a handler has shown that it is short, and ends when it takes long', () => {
    const { session, shares } = newSession(10);
    const [share] = shares;
    assert.equal(roomAhead(session, share), 0, 'nothing is known yet');
    noteRun(session, share, 1);
    assert.equal(roomAhead(session, share), 500);
    assert.ok(mayBeAhead(session));
    for (let n = 0; n < 20; n += 1) noteRun(session, share, 10_000);
    assert.equal(roomAhead(session, share), 0);
    assert.ok(!mayBeAhead(session));
  });

  it('holds about 50 ms of work', () => {
    const { session, shares } = newSession(10);
    noteRun(session, shares[0], 25);
    assert.equal(roomAhead(session, shares[0]), 20);
  });

  it('stops while long work holds the slots', () => {
    const { session, shares } = newSession(10);
    noteRun(session, shares[0], 1);
    noteRun(session, shares[1], 5000);
    const held = Array.from({ length: 5 }, (_, n) => open(session, n, long));
    assert.equal(roomAhead(session, shares[0]), 250);
    for (let n = 5; n < 10; n += 1) held.push(open(session, n, long));
    assert.equal(roomAhead(session, shares[0]), 0);
    assert.equal(roomAhead(session, shares[1]), 0);
    for (const lease of held) moveLease(lease, 'ENDED');
    assert.ok(roomAhead(session, shares[0]) > 0);
  });

  it('begins anew for a handler whose work stranded', () => {
    const { session, shares } = newSession(10);
    noteRun(session, shares[0], 1);
    forgetRuns(session, shares[0]);
    assert.ok(!mayBeAhead(session));
    assert.equal(session.shortHandlers, 0);
  });

  it('leaves slots empty whose last outcomes were not answered yet, rather than be declined', () => {
    const { session, shares } = newSession(100);
    noteRun(session, shares[0], 0.1);
    const held = Array.from({ length: 2_100 }, (_, n) => open(session, n, short));
    let changes = 0;
    session.slotsChanged = () => {
      changes += 1;
    };
    for (const lease of held) moveLease(lease, 'ENDED');
    assert.deepEqual([freeSlots(session), roomAhead(session, shares[0])], [0, 0]);
    changes = 0;
    for (const lease of held.slice(0, 50)) forgetLease(lease);
    assert.equal(changes, 50, 'each answer makes room');
    assert.deepEqual([freeSlots(session), roomAhead(session, shares[0])], [50, 0]);
    for (const lease of held) forgetLease(lease);
    assert.deepEqual([freeSlots(session), roomAhead(session, shares[0])], [100, 2_000]);
  });

  it('never goes beyond what an agent takes, whatever happens', () => {
    const step = fc.record({
      act: fc.constantFrom('take', 'reserve', 'free', 'end', 'forget', 'run'),
      handler: fc.constantFrom(short, long),
      task: fc.nat(2000),
      ms: fc.constantFrom(0.01, 1, 20, 100),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 800 }), fc.array(step), (slots, steps) => {
        const { session } = newSession(slots);
        for (const { act, handler, task, ms } of steps) {
          const share = session.shares.get(handler);
          const lease = session.leases.get(`task-${task}` as TaskId);
          assert.ok(share);
          const room = freeSlots(session) + roomAhead(session, share);
          if (act === 'run') noteRun(session, share, ms);
          else if (act === 'take' && room > 0) {
            for (let n = 0; n < room; n += 1) open(session, (task + n) % 5000, handler);
          } else if (act === 'reserve') reserve(session, room);
          else if (act === 'free') reserve(session, -session.reserved);
          else if (act === 'end' && lease) moveLease(lease, 'ENDED');
          else if (act === 'forget' && lease) forgetLease(lease);
          assert.ok(certainRoom(session) >= 0, `${session.leases.size} leases of ${slots} slots`);
          assert.ok(session.longHeld >= 0 && session.longHeld <= session.held);
        }
      }),
      { numRuns: 300 },
    );
  });
});
