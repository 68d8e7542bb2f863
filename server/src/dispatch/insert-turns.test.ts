/** Inserts wait for outcomes and for short work, for a moment, and for nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HandlerId, Lease, NamespaceId, SessionId, TaskId } from '../rules/task.ts';
import { systemTime } from '../time.ts';
import { createBacklog } from './claims/backlog.ts';
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
    ...{ attachment: 1, tokenHash: Buffer.alloc(0), silenceMs: 3000, dial: 0 },
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
    time: systemTime,
  });
  const hold = (count: number) =>
    Array.from({ length: count }, (_, n) => {
      const lease = { taskId: `task-${n}` as TaskId, leaseEpoch: 1, handlerId: handler } as Lease;
      return openLease(session, lease, 'SENT', 0);
    });
  return { turns, backlog, outcomes, hold };
}

/** What a turn has become by the end of this turn of the event loop; null: it still waits. */
async function seen(turn: number | Promise<number>): Promise<number | null> {
  let rows: number | null = null;
  void Promise.resolve(turn).then((now) => {
    rows = now;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return rows;
}

describe('the turn of an insert', () => {
  it('is at once where there is room, or nobody', () => {
    const { turns } = scene(1);
    assert.equal(turns.turn(handler, 100), 100);
    assert.equal(turns.turn(2 as HandlerId, 100), 100);
  });

  it('comes when short work has made room', async () => {
    const { turns, hold } = scene(1);
    const leases = hold(500);
    const turn = turns.turn(handler, 20);
    turns.look();
    assert.equal(await seen(turn), null);
    for (const lease of leases.slice(0, 15)) forgetLease(lease);
    turns.look();
    assert.equal(await seen(turn), 20);
  });

  it('is for no more than there is room for, once that is worth a flush', async () => {
    const { turns, hold } = scene(1);
    const leases = hold(490);
    const turn = turns.turn(handler, 100_000);
    assert.equal(await seen(turn), null);
    for (const lease of leases.slice(0, 5)) forgetLease(lease);
    turns.look();
    assert.equal(await seen(turn), 25);
  });

  it('comes when a flush of outcomes has gone', async () => {
    const { turns, outcomes } = scene(1);
    outcomes.waiting = 100;
    const turn = turns.turn(handler, 10);
    assert.equal(await seen(turn), null);
    outcomes.waiting = 99;
    turns.look();
    assert.equal(await seen(turn), 10);
  });

  it('behind older short work comes after claims, with half as many tasks', async () => {
    const { turns, backlog, outcomes } = scene(1);
    backlog.cameFull(handler);
    outcomes.waiting = 1000;
    const turn = turns.turn(handler, 100);
    turns.claimed(20);
    assert.equal(await seen(turn), null);
    turns.claimed(20);
    assert.equal(await seen(turn), 20);
    // What was claimed is used up.
    assert.equal(await seen(turns.turn(handler, 100)), null);
  });

  it('waits for no long work', () => {
    const long = scene(5000);
    long.hold(10);
    assert.equal(long.turns.turn(handler, 20), 20);
    long.backlog.cameFull(handler);
    assert.equal(long.turns.turn(handler, 20), 20);
  });

  it('comes by itself if nothing happens, for as many as a flush holds', async () => {
    const { turns, hold } = scene(1);
    hold(510);
    assert.equal(await turns.turn(handler, 20), 100);
  });
});
