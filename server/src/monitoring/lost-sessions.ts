/**
 * Sessions that stay detached for too long are lost, and their leases end.
 *
 *   detached ─ observed for as long as its row allows ─▶ lost ─▶ its leases end, in batches ─▶ done
 *
 * The time runs on the own clock from the first look, and anew after every statement of one's own that failed: while the
 * database cannot be reached, no agent can attach either. Losing and attaching lock the same row, so exactly one happens.
 */
import type { Logger } from 'pino';
import type { SessionId } from '../rules/task.ts';
import type { DetachedSession, Store } from '../store/store.ts';
import { announceEnded } from '../wakeups/announcements.ts';
import { type Events, tellEnded } from '../wakeups/events/events.ts';
import type { Wakeups } from '../wakeups/wakeups.ts';
import { createObservations } from './observations.ts';

/** Finds lost sessions. */
export type LostSessions = {
  /** What the newest beat saw. Answers when the next session may be lost; null: none is detached. */
  look(detached: readonly DetachedSession[], lostLeases: boolean): Promise<number | null>;
  /** A statement failed: all time starts anew. */
  restart(): void;
};

/** Leases that one statement ends. */
const leasesBatchMax = 1000;

/** Makes the finder of lost sessions. */
export function createLostSessions(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly logger: Logger;
  readonly clock: () => number;
}): LostSessions {
  const { store, wakeups, events, logger, clock } = options;
  const observed = createObservations<SessionId, number>();

  async function endLeases(): Promise<void> {
    for (;;) {
      const ended = await store.sessions.loseLeases(leasesBatchMax);
      announceEnded(wakeups, ended);
      tellEnded(events, 'lost', ended);
      if (ended.length > 0)
        logger.info({ leases: ended.length }, 'leases of lost sessions have ended');
      if (ended.length < leasesBatchMax) return;
    }
  }

  return {
    async look(detached, lostLeases) {
      const now = clock();
      observed.keepOnly(new Set(detached.map(({ id }) => id)));
      let nextInMs: number | null = null;
      let lost = 0;
      for (const { id, attachment, lostInMs } of detached) {
        const leftMs = lostInMs - observed.unchangedFor(id, attachment, now);
        if (leftMs > 0) nextInMs = Math.min(nextInMs ?? leftMs, leftMs);
        else if (await store.sessions.lose(id, attachment)) {
          lost += 1;
          logger.warn({ sessionId: id }, 'an agent did not come back and its session is lost');
        }
      }
      if (lost > 0 || lostLeases) await endLeases();
      return nextInMs;
    },
    restart: observed.clear,
  };
}
