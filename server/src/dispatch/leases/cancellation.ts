/**
 * Attempts that should stop: the order goes to the agent that holds the lease, and is repeated until it is acknowledged.
 *
 * An order may come before the claim whose lease it is about has answered; it is kept for a moment. One that is missed
 * is found by reconciliation.
 */
import type { LeaseRef, SessionId } from '../../rules/task.ts';
import { findLease, type OpenLease, type Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';

/** A wish that an attempt stops. */
export type StopOrder = LeaseRef & {
  readonly sessionId: SessionId;
  readonly cause: 'REQUESTED' | 'DEADLINE';
  readonly reason: string;
};

/** Passes cancellations on. */
export type Cancellation = {
  /** Orders of others; those for sessions elsewhere are ignored. */
  order(orders: readonly StopOrder[]): void;
  /** The attempt of this lease should stop; harmless if it was told and has acknowledged. */
  ask(lease: OpenLease, cause: StopOrder['cause'], reason: string): void;
  /** The lease is void: its agent should stop and say nothing. */
  lapse(session: Session, lease: LeaseRef, reason: string): void;
  /** True, once, if an order came before the lease did. */
  takeEarly(lease: LeaseRef): boolean;
  /** Forgets orders for leases that never came. */
  prune(now: number): void;
};

const earlyMs = 10_000;
const earlyMax = 10_000;

/** Makes the way of cancellations. `unqueue` takes back a lease that its agent has not been sent yet. */
export function createCancellation(options: {
  readonly sessions: Sessions;
  readonly unqueue: (leases: readonly OpenLease[]) => void;
  readonly clock: () => number;
}): Cancellation {
  const { sessions, clock } = options;
  const early = new Map<string, number>();

  function ask(lease: OpenLease, cause: StopOrder['cause'], reason: string): void {
    if (lease.stage === 'QUEUED') {
      options.unqueue([lease]);
      return;
    }
    if (lease.stage === 'ENDED' || lease.stage === 'RETURNING' || lease.stage === 'FINISHED')
      return;
    if (lease.cancel?.cause === cause && lease.cancel.acknowledged) return;
    lease.cancel = { cause, reason, acknowledged: false };
    push(lease.session, lease, cause, reason);
  }

  function push(
    session: Session,
    { taskId, leaseEpoch }: LeaseRef,
    cause: StopOrder['cause'] | 'LAPSED',
    reason: string,
  ): void {
    if (session.stage === 'ENDED') return;
    session.outbox.cancels.push({ lease: { taskId, leaseEpoch }, cause, reason });
    session.wake();
  }

  return {
    ask,
    order(orders) {
      for (const order of orders) {
        const session = sessions.get(order.sessionId);
        if (session === null) continue;
        const lease = findLease(session, order);
        if (lease !== null) ask(lease, order.cause, order.reason);
        else if (early.size < earlyMax) early.set(`${order.taskId}/${order.leaseEpoch}`, clock());
      }
    },
    lapse: (session, lease, reason) => push(session, lease, 'LAPSED', reason),
    takeEarly: ({ taskId, leaseEpoch }) =>
      early.size > 0 && early.delete(`${taskId}/${leaseEpoch}`),
    prune(now) {
      for (const [key, at] of early) {
        if (at + earlyMs > now) return;
        early.delete(key);
      }
    },
  };
}
