/** Inserts wait for outcomes and for short work, for a moment, and for nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HandlerId, Lease, NamespaceId, SessionId, TaskId } from '../rules/task.ts';
import { createBacklog } from './backlog.ts';
import { createInsertTurns } from './insert-turns.ts';
import { noteRun } from './session/ahead.ts';
import { createSession, createShare, forgetLease, openLease } from './session/session.ts';
import { createSessions } from './session/sessions.ts';

const handler = 1 as HandlerId;

/** One agent with ten slots, whose handler is open for eager starts. */
function scene(runMs: number) {
  const share = createShare(handler, 'one', null);
  const facts = {
    ...{ id: 'session' as SessionId, agentId: 'agent', namespaceId: 1 as NamespaceId, slots: 10 },
    ...{ attachment: 1, tokenHash: Buffer.alloc(0), silenceMs: 3000 },
  };
  const session = createSession(facts, [share], 0);
  const sessions = createSessions(() => {});
  sessions.add(session);
  noteRun(session, share, runMs);
  const backlog = createBacklog();
  backlog.cameShort(handler, 0);
  const outcomes = { waiting: 0 };
  const turns = createInsertTurns({
    ...{ sessions, backlog, flushRowsMax: 100, waitingOutcomes: () => outcomes.waiting },
  });
  const hold = (count: number) =>
    Array.from({ length: count }, (_, n) => {
      const lease = { taskId: `task-${n}` as TaskId, leaseEpoch: 1, handlerId: handler } as Lease;
      return openLease(session, lease, 'SENT', 0);
    });
  return { turns, backlog, outcomes, hold };
}

/** Whether a promise has settled by the end of this turn of the event loop. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('the turn of an insert', () => {
  it('is at once where there is room, or nobody', () => {
    const { turns } = scene(1);
    assert.equal(turns.turn(handler, 100), null);
    assert.equal(turns.turn(2 as HandlerId, 100), null);
  });

  it('comes when short work has made room', async () => {
    const { turns, hold } = scene(1);
    const leases = hold(500);
    const turn = turns.turn(handler, 20);
    assert.ok(turn);
    turns.look();
    assert.equal(await isSettled(turn), false);
    for (const lease of leases.slice(0, 15)) forgetLease(lease);
    turns.look();
    assert.equal(await isSettled(turn), true);
  });

  it('is at once when half of all places are empty, however many are asked for', () => {
    const { turns, hold } = scene(1);
    const leases = hold(255);
    assert.equal(turns.turn(handler, 100_000), null);
    assert.equal(leases.length, 255);
    hold(256);
    assert.ok(turns.turn(handler, 100_000));
  });

  it('comes when a flush of outcomes has gone', async () => {
    const { turns, outcomes } = scene(1);
    outcomes.waiting = 100;
    const turn = turns.turn(handler, 10);
    assert.ok(turn);
    outcomes.waiting = 99;
    turns.look();
    assert.equal(await isSettled(turn), true);
  });

  it('waits for no long work, and not where older work goes first', () => {
    const long = scene(5000);
    long.hold(10);
    assert.equal(long.turns.turn(handler, 20), null);
    const behind = scene(1);
    behind.hold(510);
    behind.backlog.cameFull(handler);
    behind.outcomes.waiting = 1000;
    assert.equal(behind.turns.turn(handler, 20), null);
  });

  it('comes by itself if nothing happens', async () => {
    const { turns, hold } = scene(1);
    hold(510);
    await turns.turn(handler, 20);
  });
});
