/**
 * What agents are expected to do by when: accept within the accept timeout, begin within another, answer a revoke, end
 * within the attempt timeout and a grace.
 *
 * No timer per task: leases stand in ordered sets, and one tick looks at the front of each. The accept timeout is the
 * same for all, so the order of sending is the order of lateness; attempt timeouts are kept in buckets of one tick.
 */
import type { OpenLease } from '../session/session.ts';

/** The coordinator ends an attempt itself so long after the agent should have. */
export const overdueGraceMs = 5000;

/** What is late. */
export type Late = {
  /** Not accepted in time: to be revoked. */
  readonly unaccepted: readonly OpenLease[];
  /** Accepted, but not begun in time: to be revoked, for another agent may have a free slot. */
  readonly unstarted: readonly OpenLease[];
  /** A revoke that was not answered in time: their agents do not keep to the protocol. */
  readonly unanswered: readonly OpenLease[];
  /** Still running after the timeout and the grace. */
  readonly overdue: readonly OpenLease[];
};

/** Leases from which something is expected. */
export type Expectations = {
  sent(lease: OpenLease): void;
  accepted(lease: OpenLease): void;
  /** The attempt has begun; `timeoutMs` null: it may run for ever. */
  started(lease: OpenLease, timeoutMs: number | null, now: number): void;
  /** Nothing more is expected. */
  over(lease: OpenLease): void;
  /** What is late now; revoked leases wait for their answer from here on. */
  late(now: number): Late;
};

const bucketMs = 250;

/** No expectations yet. */
export function createExpectations(acceptTimeoutMs: number, answerTimeoutMs: number): Expectations {
  const awaited = new Set<OpenLease>();
  /** Accepted ahead of a slot, in about the order of sending. */
  const queued = new Set<OpenLease>();
  const revoked = new Set<OpenLease>();
  const buckets = new Map<number, Set<OpenLease>>();
  let swept = Number.NaN;

  function takeWhile(leases: Set<OpenLease>, isLate: (lease: OpenLease) => boolean): OpenLease[] {
    const taken: OpenLease[] = [];
    for (const lease of leases) {
      if (!isLate(lease)) break;
      leases.delete(lease);
      taken.push(lease);
    }
    return taken;
  }

  function settle(lease: OpenLease): void {
    awaited.delete(lease);
    queued.delete(lease);
    if (lease.revokedAt === null) return;
    revoked.delete(lease);
    lease.revokedAt = null;
  }

  function takeOverdue(now: number): OpenLease[] {
    const current = Math.floor(now / bucketMs);
    if (Number.isNaN(swept)) swept = current - 1;
    const taken: OpenLease[] = [];
    for (let bucket = swept + 1; bucket <= current && buckets.size > 0; bucket += 1) {
      for (const lease of buckets.get(bucket) ?? []) taken.push(lease);
      buckets.delete(bucket);
    }
    swept = Math.max(swept, current);
    return taken;
  }

  function forgetOverdue(lease: OpenLease): void {
    if (lease.overdueAt === null) return;
    const bucket = lease.overdueAt / bucketMs;
    const leases = buckets.get(bucket);
    leases?.delete(lease);
    if (leases?.size === 0) buckets.delete(bucket);
    lease.overdueAt = null;
  }

  return {
    sent: (lease) => awaited.add(lease),
    accepted(lease) {
      settle(lease);
      if (lease.stage === 'SENT' || lease.stage === 'ACCEPTED') queued.add(lease);
    },
    started(lease, timeoutMs, now) {
      settle(lease);
      if (timeoutMs === null || lease.overdueAt !== null) return;
      const bucket = Math.ceil((now + timeoutMs + overdueGraceMs) / bucketMs);
      lease.overdueAt = bucket * bucketMs;
      buckets.set(bucket, (buckets.get(bucket) ?? new Set()).add(lease));
    },
    over(lease) {
      settle(lease);
      forgetOverdue(lease);
    },
    late(now) {
      const unanswered = takeWhile(
        revoked,
        ({ revokedAt }) => (revokedAt ?? now) + answerTimeoutMs <= now,
      );
      const unaccepted = takeWhile(awaited, ({ sentAt }) => sentAt + acceptTimeoutMs <= now);
      const unstarted = takeWhile(queued, ({ sentAt }) => sentAt + 2 * acceptTimeoutMs <= now);
      for (const lease of [...unaccepted, ...unstarted]) {
        lease.revokedAt = now;
        revoked.add(lease);
      }
      const overdue = takeOverdue(now).filter(({ stage }) => stage === 'STARTED');
      return { unaccepted, unstarted, unanswered, overdue };
    },
  };
}
