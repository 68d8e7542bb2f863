// Presence of agents, over rows in memory. Each function is one transaction at its commit, which holds the session's row.

import {
  type Attached,
  type EndedLease,
  handedBack,
  type LeaseRef,
  leftBehind,
  lost,
  type SessionFacts,
  type SessionId,
  type SessionRow,
  takenUp,
} from '@muster/server/internal';
import { endedLease } from './leases.ts';
import type { SessionEntry, Tables, TaskRow } from './tables.ts';

/** Time after the end of a session in which a statement may still lease something under it. */
const lateLeaseMs = 60_000;

/** Begins a session. */
export function create(
  tables: Tables,
  id: SessionId,
  tokenHash: Buffer,
  facts: SessionFacts,
): { attachment: number } {
  const known = tables.sessions.get(id);
  if (known !== undefined) return { attachment: known.attachment };
  const createdAt = tables.now();
  const { slots } = facts;
  tables.sessions.set(id, {
    ...{ id, tokenHash, facts, slots, createdAt },
    ...{ state: 'ATTACHED', attachment: 1, draining: false, endedAt: 0, lostInMs: null },
  });
  return { attachment: 1 };
}

/** Attaches again: raises the attachment and settles the inventory. */
export function attach(
  tables: Tables,
  id: SessionId,
  tokenHash: Buffer,
  facts: SessionFacts,
  inventory: readonly LeaseRef[],
): Attached {
  const session = tables.sessions.get(id);
  const isOver = session === undefined || session.state === 'LOST' || session.state === 'CLOSED';
  if (isOver || !session.tokenHash.equals(tokenHash)) return { kind: 'ENDED' };
  const { dial } = session.facts;
  if (facts.dial > 0 && facts.dial <= dial) return { kind: 'OUTDIALLED' };
  session.attachment += 1;
  session.facts = { ...facts, dial: Math.max(dial, facts.dial) };
  session.slots = facts.slots;
  session.draining = false;
  session.lostInMs = null;
  tables.moveSession(session, 'ATTACHED');
  const listed = new Map(inventory.map((ref) => [keyOf(ref), ref]));
  const returned: EndedLease[] = [];
  for (const row of [...(tables.running.get(id) ?? [])]) {
    const { leaseEpoch } = row.standing;
    if (listed.has(keyOf({ taskId: row.task.id, leaseEpoch }))) continue;
    tables.move(row, handedBack(row.standing, leaseEpoch), 'HANDED_BACK');
    returned.push(endedLease(row, leaseEpoch));
  }
  const answer = { kept: [], recorded: [], abandoned: [] } as Verdicts;
  for (const ref of listed.values()) judge(tables, id, ref, answer);
  return { kind: 'ATTACHED', attachment: session.attachment, ...answer, returned };
}

type Verdicts = {
  kept: ReturnType<Tables['leaseOf']>[];
  recorded: LeaseRef[];
  abandoned: LeaseRef[];
};

function judge(tables: Tables, id: SessionId, ref: LeaseRef, answer: Verdicts): void {
  const row = tables.tasks.get(ref.taskId);
  if (row !== undefined) tables.move(row, takenUp(row.standing, id, ref.leaseEpoch), 'LEASED');
  const held = tables.holding(ref);
  if (held?.standing.sessionId === id) answer.kept.push({ ...tables.leaseOf(held), input: null });
  else if (row?.standing.endedEpoch === ref.leaseEpoch) answer.recorded.push(ref);
  else answer.abandoned.push(ref);
}

function keyOf({ taskId, leaseEpoch }: LeaseRef): string {
  return `${taskId} ${leaseEpoch}`;
}

/** ATTACHED → DETACHED. */
export function detach(tables: Tables, id: SessionId, attachment: number, silentMs: number): void {
  const session = tables.sessions.get(id);
  if (session?.state !== 'ATTACHED' || !tables.isOf(session, attachment)) return;
  session.lostInMs = Math.max(0, session.facts.lostAfterMs - silentMs);
  tables.moveSession(session, 'DETACHED');
}

/** All sessions of a coordinator that is gone are detached; their full time runs from here. */
export function detachAll(tables: Tables, coordinatorId: string): void {
  for (const session of tables.sessions.values()) {
    if (session.state !== 'ATTACHED' || session.facts.coordinatorId !== coordinatorId) continue;
    session.lostInMs = session.facts.lostAfterMs;
    tables.moveSession(session, 'DETACHED');
  }
}

/** → CLOSED, with what its agent left. */
export function close(tables: Tables, id: SessionId, attachment: number): EndedLease[] {
  const session = tables.sessions.get(id);
  const isOver = session === undefined || session.state === 'LOST' || session.state === 'CLOSED';
  if (isOver || !tables.isOf(session, attachment)) return [];
  tables.moveSession(session, 'CLOSED');
  return endLeases(tables, session, Number.POSITIVE_INFINITY);
}

/** DETACHED → LOST. */
export function lose(tables: Tables, id: SessionId, attachment: number): boolean {
  const session = tables.sessions.get(id);
  if (session?.state !== 'DETACHED' || !tables.isOf(session, attachment)) return false;
  tables.moveSession(session, 'LOST');
  return true;
}

/** Ends leases of ended sessions. */
export function loseLeases(tables: Tables, limit: number): EndedLease[] {
  const ended: EndedLease[] = [];
  for (const session of tables.leasesLeft) {
    ended.push(...endLeases(tables, session, limit - ended.length));
    if (ended.length >= limit) return ended;
  }
  if (ended.length > 0) return ended;
  for (const session of tables.leasesLeft) {
    const isOld = session.endedAt + lateLeaseMs < tables.now();
    if (isOld && !tables.running.has(session.id)) tables.leasesLeft.delete(session);
  }
  return ended;
}

function endLeases(tables: Tables, { id, state }: SessionEntry, limit: number): EndedLease[] {
  const rows: TaskRow[] = [...(tables.running.get(id) ?? [])].slice(0, limit);
  return rows.map((row) => {
    const { leaseEpoch } = row.standing;
    const rules = tables.lossRules(row);
    const end = state === 'LOST' ? lost : leftBehind;
    tables.move(row, end(row.standing, rules), 'SESSION_LOST');
    return endedLease(row, leaseEpoch);
  });
}

/** The row of a session by its id. */
export function find(tables: Tables, id: SessionId): SessionRow[] {
  const session = tables.sessions.get(id);
  if (session === undefined) return [];
  const { facts, state, attachment, draining, createdAt } = session;
  return [
    {
      ...facts,
      ...{ id, state, attachment, draining, createdAt, attachedAt: createdAt, detachedAt: null },
      ...{ handlerVersions: {}, running: tables.running.get(id)?.size ?? 0 },
    },
  ];
}
