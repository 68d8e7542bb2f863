/** A session's slots, whatever happens to its leases, and the messages that its outbox is packed into. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HandlerId, Lease, NamespaceId, SessionId, TaskId } from '../../rules/task.ts';
import { messageBytesMax, messageItemsMax, queueAssignment, takeMessage } from './assignments.ts';
import { markRead, unreadFor } from './outbox.ts';
import {
  changeShares,
  createSession,
  createShare,
  forgetLease,
  freeSlots,
  headroom,
  holdsSlot,
  type LeaseStage,
  moveLease,
  openLease,
  reserve,
  type Session,
} from './session.ts';

const handlers = [1, 2] as HandlerId[];

function newSession(slots: number): Session {
  const shares = [createShare(1 as HandlerId, 'one', 3), createShare(2 as HandlerId, 'two', null)];
  const facts = {
    ...{ id: 'session' as SessionId, agentId: 'agent', namespaceId: 1 as NamespaceId, slots },
    ...{ attachment: 1, tokenHash: Buffer.alloc(0), silenceMs: 3000, dial: 0 },
  };
  return createSession(facts, shares, 0);
}

function leaseOf(n: number, handlerId: HandlerId, leaseEpoch = 1, bytes = 0): Lease {
  const input = bytes === 0 ? null : { mediaType: 'a/b', data: Buffer.alloc(bytes) };
  return {
    ...{ taskId: `task-${n}` as TaskId, leaseEpoch, handlerId, input },
    ...{
      sessionId: 'session' as SessionId,
      namespaceId: 1 as NamespaceId,
      attempt: 1,
      laneId: null,
      failures: 0,
    },
    ...{ options: null, checkpoint: null, labels: null, deadlineAt: null, deadlineInMs: null },
    cancelRequested: false,
    idempotencyKey: null,
    origin: {
      ...{ traceparent: null, tracestate: null, parentId: null },
      ...{ rootId: null, retryOf: null, nominalAt: null },
    },
  };
}

const packing = {
  handlerOf: () => ({
    name: 'two',
    options: {
      ...{ retry: null, attemptTimeoutMs: null, atMostOnce: false },
      ...{ lostAttemptsMax: 3, cancelGraceMs: 0 },
    },
  }),
  sent: () => {},
};

describe('the slots of a session', () => {
  it('are counted right whatever happens to its leases', () => {
    const stages: LeaseStage[] = ['SENT', 'ACCEPTED', 'STARTED', 'FINISHED', 'ENDED', 'RETURNING'];
    const step = fc.record({
      task: fc.nat(6),
      epoch: fc.integer({ min: 1, max: 3 }),
      handler: fc.constantFrom(...handlers),
      act: fc.constantFrom('open', 'move', 'forget', 'change'),
      stage: fc.constantFrom(...stages),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const session = newSession(10);
        for (const { task, epoch, handler, act, stage } of steps) {
          const held = session.leases.get(`task-${task}` as TaskId);
          if (act === 'open') openLease(session, leaseOf(task, handler, epoch), stage, 0);
          else if (act === 'change')
            session.shares = new Map(changeShares(session, [createShare(handler, 'again', epoch)]));
          else if (held !== undefined && act === 'move') moveLease(held, stage);
          else if (held !== undefined) forgetLease(held);
          const holding = [...session.leases.values()].filter((lease) => holdsSlot(lease.stage));
          assert.equal(session.held, holding.length);
          for (const share of session.shares.values())
            assert.equal(
              share.held,
              holding.filter(({ handlerId }) => handlerId === share.handlerId).length,
            );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are free only within the slots and the share of a handler, and never while it drains', () => {
    const session = newSession(5);
    const [one] = session.shares.values();
    assert.ok(one);
    for (let n = 0; n < 3; n += 1) openLease(session, leaseOf(n, one.handlerId), 'SENT', 0);
    reserve(session, 1);
    assert.deepEqual([freeSlots(session), headroom(one, 0)], [1, 0]);
    session.slots = 2;
    assert.equal(freeSlots(session), 0);
    session.slots = 10;
    session.draining = true;
    assert.equal(freeSlots(session), 0);
  });
});

describe('messages to an agent', () => {
  it('hold at most so many items, and so many bytes or one item', () => {
    const session = newSession(10_000);
    const sizes = [...Array(1200).fill(10), 900_000, 900_000, 2_000_000, 10];
    for (const [n, bytes] of sizes.entries()) {
      const lease = leaseOf(n, 2 as HandlerId, 1, bytes);
      queueAssignment(openLease(session, lease, 'QUEUED', 0), lease);
    }
    const counts: number[] = [];
    for (;;) {
      const message = takeMessage(session, packing, 0);
      if (message === null) break;
      const assignments = message.assignments?.assignments ?? [];
      const bytes = assignments.reduce((sum, { input }) => sum + (input?.data?.length ?? 0), 0);
      assert.ok(assignments.length === 1 || bytes <= messageBytesMax);
      assert.ok(assignments.length <= messageItemsMax);
      assert.equal(message.assignments?.sequence, counts.length + 1);
      counts.push(assignments.length);
    }
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      sizes.length,
    );
    assert.deepEqual(counts.slice(0, 2), [500, 500]);
    assert.deepEqual([session.outbox.assignmentBytes, session.outbox.assignments.size], [0, 0]);
    assert.ok(
      [...session.leases.values()].every(({ unsent, stage }) => !unsent && stage === 'SENT'),
    );
  });

  it('put signs of life first, then what stops work, then acks together with work', () => {
    const session = newSession(10);
    const lease = leaseOf(1, 2 as HandlerId);
    queueAssignment(openLease(session, lease, 'QUEUED', 0), lease);
    const ref = { taskId: 'other' as TaskId, leaseEpoch: 1 };
    session.outbox.acks.push({ lease: ref, status: 'RECORDED' });
    session.outbox.revokes.push(ref);
    session.outbox.cancels.push({ lease: ref, cause: 'LAPSED', reason: '' });
    session.outbox.heartbeat = 7;
    const kinds = [];
    for (;;) {
      const message = takeMessage(session, packing, 0);
      if (message === null) break;
      kinds.push(Object.keys(message)[0]);
      if (message.outcomeAcks)
        assert.equal(message.outcomeAcks.assignments?.assignments?.length, 1);
    }
    assert.deepEqual(kinds, ['heartbeatAck', 'cancels', 'revokes', 'outcomeAcks']);
  });

  it('count as unread until the agent has proved otherwise, by a heartbeat or by accepting', () => {
    const session = newSession(10);
    session.outbox.unread.push({ sequence: 1, sentAt: 100 }, { sequence: 2, sentAt: 300 });
    assert.equal(unreadFor(session, 500), 400);
    markRead(session, 1);
    assert.equal(unreadFor(session, 500), 200);
    session.provenAt = 300;
    assert.equal(unreadFor(session, 500), 0);
    markRead(session, 0);
    assert.deepEqual(session.outbox.unread, []);
  });
});
