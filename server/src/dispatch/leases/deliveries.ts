/**
 * From a committed lease to the outbox of its agent: each epoch at most once.
 *
 * Leases arrive by three ways: a claim's reply, an eager insert, and the database being read again after a reply was
 * lost. The same lease may come by two of them. Where its session has gone, it goes back at once: it was never written
 * to any socket, so nobody can have begun it.
 */
import type { Lease } from '../../rules/task.ts';
import { type Events, tellStarted } from '../../wakeups/events/events.ts';
import { queueAssignment } from '../session/assignments.ts';
import { isTaking, openLease, type Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Cancellation } from './cancellation.ts';
import type { Returns } from './returns.ts';
import type { Settled } from './settled.ts';

/** Hands leases to sessions. */
export type Deliveries = {
  /** The lease was committed for this session. */
  deliver(session: Session, lease: Lease): void;
};

/** Makes deliveries. */
export function createDeliveries(options: {
  readonly sessions: Sessions;
  readonly settled: Settled;
  readonly returns: Returns;
  readonly cancellation: Cancellation;
  readonly events: Events;
  readonly clock: () => number;
}): Deliveries {
  const { sessions, settled, returns, cancellation, events, clock } = options;

  /** True if somebody here has it already, or has given it back. */
  function isKnown(lease: Lease): boolean {
    if (settled.has(lease)) return true;
    const holder = sessions.get(lease.sessionId)?.leases.get(lease.taskId);
    return holder !== undefined && holder.leaseEpoch >= lease.leaseEpoch;
  }

  return {
    deliver(session, lease) {
      if (isKnown(lease)) return;
      tellStarted(events, lease);
      if (!isTaking(session)) {
        returns.unsent([lease]);
        return;
      }
      const open = openLease(session, lease, 'QUEUED', clock());
      if (cancellation.takeEarly(lease) || lease.cancelRequested) {
        returns.unqueue([open]);
        return;
      }
      queueAssignment(open, lease);
      session.wake();
    },
  };
}
