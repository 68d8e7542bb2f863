// What dispatch asks about leases, over rows in memory. Each function is what one statement does at its commit.

import {
  type ClaimRequest,
  type EndedLease,
  handedBack,
  type Lease,
  type LeaseRef,
  leased,
  type OutcomeWrite,
  type RecordedOutcome,
  type RunningRow,
  recorded,
  type SessionId,
} from '@muster/server/internal';
import type { Tables, TaskRow } from './tables.ts';

/** The slots of a claim whose sessions are attached: read when the statement begins, used when it commits. */
export function standingSlots(tables: Tables, { slots }: ClaimRequest): ClaimRequest['slots'] {
  return slots.filter((slot) => tables.isAttached(slot));
}

/** READY → RUNNING, by priority, then due time, then id. */
export function claim(
  tables: Tables,
  { handlers }: ClaimRequest,
  slots: ClaimRequest['slots'],
): Lease[] {
  const found: TaskRow[] = [];
  for (const { handlerId, limit, after } of handlers) {
    const rows = [...(tables.ready.get(handlerId) ?? [])].sort(inOrder);
    const last = after ? tables.tasks.get(after.taskId) : undefined;
    const stands = last && last.standing.leaseEpoch === after?.leaseEpoch && !isOpen(last);
    const begin = stands ? rows.filter((row) => inOrder(last, row) < 0) : rows;
    const now = tables.now();
    found.push(...begin.filter((row) => leased(row.standing, '', now)).slice(0, limit));
  }
  const leases: Lease[] = [];
  for (const [index, row] of found.sort(inOrder).slice(0, slots.length).entries()) {
    const { sessionId } = slots[index] as ClaimRequest['slots'][number];
    tables.move(row, leased(row.standing, sessionId, tables.now()), 'LEASED');
    leases.push(tables.leaseOf(row));
  }
  return leases;
}

function isOpen({ standing: { state } }: TaskRow): boolean {
  return state === 'READY' || state === 'DELAYED';
}

function inOrder(a: TaskRow, b: TaskRow): number {
  const byPriority = b.task.priority - a.task.priority;
  if (byPriority !== 0) return byPriority;
  return a.standing.dueAt - b.standing.dueAt || (a.task.id < b.task.id ? -1 : 1);
}

/** RUNNING → its end or its next attempt. */
export function record(tables: Tables, writes: readonly OutcomeWrite[]): RecordedOutcome[] {
  return writes.map((write) => {
    const { taskId, leaseEpoch } = write;
    const row = tables.tasks.get(taskId);
    const nothing = { taskId, leaseEpoch, state: null, handlerId: null, dueInMs: 0, task: null };
    if (row === undefined) return { ...nothing, status: 'STALE' };
    const now = tables.now();
    const { status, row: next } = recorded(row.standing, write, now);
    if (!tables.move(row, next, 'OUTCOME')) return { ...nothing, status };
    const { state, dueAt } = row.standing;
    return {
      ...{ taskId, leaseEpoch, status, state },
      handlerId: state === 'SUCCEEDED' ? null : row.task.handlerId,
      dueInMs: state === 'DELAYED' ? Math.round(dueAt - now) : 0,
      task: null,
    };
  });
}

/** RUNNING → READY of leases that were never sent. */
export function returnUnsent(tables: Tables, leases: readonly LeaseRef[]): EndedLease[] {
  return leases.flatMap((lease) => back(tables, tables.holding(lease)));
}

/** RUNNING → READY of leases that a session gives back, if it is attached as it says. */
export function giveBack(
  tables: Tables,
  sessionId: SessionId,
  attachment: number,
  leases: readonly LeaseRef[],
): EndedLease[] {
  if (!tables.isAttached({ sessionId, attachment })) return [];
  return leases.flatMap((lease) => {
    const row = tables.holding(lease);
    return row?.standing.sessionId === sessionId ? back(tables, row) : [];
  });
}

function back(tables: Tables, row: TaskRow | null): EndedLease[] {
  if (row === null) return [];
  const { leaseEpoch } = row.standing;
  tables.move(row, handedBack(row.standing, leaseEpoch), 'HANDED_BACK');
  return [endedLease(row, leaseEpoch)];
}

/** A lease that has ended, as it is answered. */
export function endedLease({ task, standing }: TaskRow, leaseEpoch: number): EndedLease {
  return { taskId: task.id, leaseEpoch, state: standing.state, handlerId: task.handlerId };
}

/** RUNNING rows of these sessions. */
export function running(tables: Tables, sessionIds: readonly SessionId[]): RunningRow[] {
  const now = tables.now();
  return sessionIds.flatMap((sessionId) =>
    [...(tables.running.get(sessionId) ?? [])].map(
      ({ task, standing, leasedAt, cancelReason }) => ({
        ...{
          taskId: task.id,
          leaseEpoch: standing.leaseEpoch,
          sessionId,
          handlerId: task.handlerId,
        },
        ageMs: Math.floor(now - leasedAt),
        ...{ cancelRequested: standing.cancelRequested, cancelReason },
        deadlinePassed: standing.deadlineAt !== null && standing.deadlineAt <= now,
      }),
    ),
  );
}

/** Leases of RUNNING rows. */
export function load(tables: Tables, leases: readonly LeaseRef[]): Lease[] {
  return leases.flatMap((lease) => {
    const row = tables.holding(lease);
    return row === null ? [] : [tables.leaseOf(row)];
  });
}
