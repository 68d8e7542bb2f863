/**
 * Leases on their way back to READY: those that never left this process, and those that an agent does not have.
 *
 * The first kind is guarded by its epoch alone. The second is guarded by the attachment too, under a share lock of the
 * session's row, for the agent may already be speaking to another coordinator. Both are tried until the database answers;
 * until then nobody else here takes them for lost.
 */
import type { Logger } from 'pino';
import type { LeaseRef } from '../../rules/task.ts';
import type { Store } from '../../store/store.ts';
import { announceEnded } from '../../wakeups/announcements.ts';
import { type Events, tellEnded } from '../../wakeups/events/events.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { insist, type Pace } from '../pace.ts';
import { forgetLease, moveLease, type OpenLease, type Session } from '../session/session.ts';
import type { Settled } from './settled.ts';

/** Gives leases back. */
export type Returns = {
  /** They were never written to a socket. */
  unsent(leases: readonly LeaseRef[]): void;
  /** They wait in an outbox: takes them out, and gives them back. */
  unqueue(leases: readonly OpenLease[]): void;
  /** Their agent does not have them. */
  giveBack(session: Session, leases: readonly OpenLease[]): void;
  /** Rows that nobody here or at the agent knows. */
  giveBackUnknown(session: Session, leases: readonly LeaseRef[]): void;
  /** Settles when nothing is under way. */
  idle(): Promise<void>;
};

/** Makes the way back. `doubted` hears of sessions for which the database refused a return. */
export function createReturns(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly settled: Settled;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly pace: Pace;
  readonly rowsMax: number;
  readonly doubted: (session: Session) => void;
}): Returns {
  const { store, wakeups, events, settled, clock, pace, rowsMax } = options;
  const logger = options.logger.child({ part: 'returns' });
  const underWay = new Set<Promise<void>>();
  let waiting: LeaseRef[] = [];

  function follow(work: Promise<void>): void {
    const followed = work
      .catch((error: unknown) => {
        // Whoever compares rows with memory next gives them back.
        if (!pace.stopped()) logger.error({ err: error }, 'leases could not be given back');
      })
      .finally(() => underWay.delete(followed));
    underWay.add(followed);
  }

  async function sendBack(leases: readonly LeaseRef[]): Promise<void> {
    for (let at = 0; at < leases.length; at += rowsMax) {
      const batch = leases.slice(at, at + rowsMax);
      const returned = await insist(pace, () => store.leases.returnUnsent(batch));
      announceEnded(wakeups, returned);
      tellEnded(events, 'returned', returned);
    }
  }

  async function handBack(session: Session, leases: readonly LeaseRef[]): Promise<number> {
    let back = 0;
    for (let at = 0; at < leases.length; at += rowsMax) {
      const batch = leases.slice(at, at + rowsMax);
      const returned = await insist(pace, () =>
        store.leases.giveBack(session.id, session.attachment, batch),
      );
      back += returned.length;
      announceEnded(wakeups, returned);
      tellEnded(events, 'returned', returned);
    }
    return back;
  }

  /** Those of one turn of the event loop go back together. */
  function unsent(leases: readonly LeaseRef[]): void {
    if (leases.length === 0) return;
    for (const lease of leases) settled.add(lease, clock());
    const isFirst = waiting.length === 0;
    waiting = waiting.concat(leases);
    if (!isFirst) return;
    follow(
      Promise.resolve().then(() => {
        const together = waiting;
        waiting = [];
        return sendBack(together);
      }),
    );
  }

  return {
    unsent,
    unqueue(leases) {
      for (const lease of leases) forgetLease(lease);
      unsent(leases);
    },
    giveBack(session, leases) {
      if (leases.length === 0) return;
      for (const lease of leases) moveLease(lease, 'RETURNING');
      follow(
        handBack(session, leases)
          .then((back) => {
            if (back < leases.length) options.doubted(session);
          })
          .finally(() => {
            for (const lease of leases) forgetLease(lease);
          }),
      );
    },
    giveBackUnknown(session, leases) {
      if (leases.length === 0) return;
      for (const lease of leases) settled.add(lease, clock());
      follow(
        handBack(session, leases).then((back) => {
          if (back > 0)
            logger.info({ sessionId: session.id, leases: back }, 'unknown leases went back');
          if (back < leases.length) options.doubted(session);
        }),
      );
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
