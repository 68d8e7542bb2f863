/**
 * Handlers that an agent has just declined, or given back unasked: not offered to it again for a moment, longer each time in a row.
 *
 * Without this, a task that its only agent declines would go round as fast as the database allows. A claim cannot leave
 * out one task for one session, so the pause is of the handler; it ends with the first lease of it that is accepted.
 */
import type { Counters } from '../counters.ts';
import type { HandlerShare, OpenLease, Session } from '../session/session.ts';

/** Pauses after declines. */
export type Declines = {
  declined(leases: readonly OpenLease[]): void;
  accepted(lease: OpenLease): void;
  /** Offers again what has waited long enough. */
  sweep(now: number): void;
};

const firstPauseMs = 250;
const longestPauseMs = 30_000;

/** No pauses yet. */
export function createDeclines(counters: Counters, clock: () => number): Declines {
  const paused = new Map<Session, number>();
  const declining = new Set<HandlerShare>();

  return {
    declined(leases) {
      const now = clock();
      counters.count('declined', leases.length);
      for (const lease of leases) {
        const share = lease.session.shares.get(lease.handlerId);
        if (share === undefined || share.pausedUntil > now) continue;
        share.pausedUntil = now + Math.min(longestPauseMs, firstPauseMs * 2 ** share.declines);
        share.declines = Math.min(20, share.declines + 1);
        declining.add(share);
        const earlier = paused.get(lease.session) ?? Number.POSITIVE_INFINITY;
        paused.set(lease.session, Math.min(earlier, share.pausedUntil));
      }
    },
    accepted(lease) {
      if (declining.size === 0) return;
      const share = lease.session.shares.get(lease.handlerId);
      if (share !== undefined && declining.delete(share)) share.declines = 0;
    },
    sweep(now) {
      for (const [session, until] of paused) {
        if (until > now) continue;
        const next = Math.min(
          ...[...session.shares.values()].map(({ pausedUntil }) =>
            pausedUntil > now ? pausedUntil : Number.POSITIVE_INFINITY,
          ),
        );
        const isOver = session.stage === 'ENDED';
        if (next === Number.POSITIVE_INFINITY || isOver) paused.delete(session);
        else paused.set(session, next);
        session.slotsChanged(session);
      }
      for (const share of declining) {
        if (share.pausedUntil + longestPauseMs > now) continue;
        share.declines = 0;
        declining.delete(share);
      }
    },
  };
}
