/**
 * The rows of sessions, kept true to what is attached here: written when something changes, never per heartbeat.
 *
 * Every write names its attachment, so a late one about an older attachment changes nothing. Writes about one session are
 * made in order, and tried until the database answers, for a session that is thought to be attached is never lost. After
 * an attach whose reply was lost, the row is read and, if nobody here holds the session, detached.
 *
 * How long a session was unheard counts towards its loss only if the database answers at once: while it does not, the
 * agent cannot attach elsewhere, so that all of its time is given to it anew.
 */
import type { Logger } from 'pino';
import type { CoordinatorId, NamespaceId, SessionId } from '../../rules/task.ts';
import { StoreUnavailable } from '../../store/errors.ts';
import type { SessionRow, Store } from '../../store/store.ts';
import { announceEnded } from '../../wakeups/announcements.ts';
import { type Events, tellEnded } from '../../wakeups/events/events.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { insist, type Pace } from '../pace.ts';
import type { Session } from './session.ts';

/** What may change about a session that stays attached. */
export type PresenceChange = Parameters<Store['sessions']['update']>[2];

/** Writes about sessions. */
export type Presence = {
  /** Its stream is over; `heardAt`: when it was last heard, by the own clock. */
  detach(session: Pick<Session, 'id' | 'attachment'>, heardAt: number): void;
  /** It left in order. Settles when that is stored. */
  close(session: Session): Promise<void>;
  update(session: Session, change: PresenceChange): void;
  /** An attach may or may not have happened; `isHere`: whether somebody here holds the session by now. */
  doubt(namespaceId: NamespaceId, id: SessionId, isHere: () => boolean): void;
  /** The session's row as it is now; null: there is none. */
  read(session: Pick<Session, 'id' | 'namespaceId'>): Promise<SessionRow | null>;
  /** Settles when nothing waits to be written. */
  idle(): Promise<void>;
};

/** Keeps the rows of sessions. */
export function createPresence(options: {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly coordinatorId: CoordinatorId;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly pace: Pace;
}): Presence {
  const { store, wakeups, events, clock, pace } = options;
  const lines = new Map<SessionId, Promise<void>>();

  /** Runs the writes about one session one after the other. */
  function enqueue(id: SessionId, write: () => Promise<unknown>): Promise<void> {
    const before = lines.get(id) ?? Promise.resolve();
    const line = before
      .then(() => insist(pace, write))
      .then(() => {})
      .catch((error: unknown) => {
        if (!pace.stopped())
          options.logger.error({ err: error, sessionId: id }, 'a session could not be written');
      })
      .finally(() => {
        if (lines.get(id) === line) lines.delete(id);
      });
    lines.set(id, line);
    return line;
  }

  async function read({ id, namespaceId }: Pick<Session, 'id' | 'namespaceId'>) {
    const [row] = await store.sessions.find(namespaceId, id, 1);
    return row ?? null;
  }

  async function detachNow(id: SessionId, attachment: number, unheardMs: number): Promise<void> {
    await store.sessions.detach(id, attachment, Math.max(0, Math.round(unheardMs)));
    wakeups.publish('detached', { sessionIds: [id] });
  }

  return {
    read,
    detach: ({ id, attachment }, heardAt) => {
      let hasFailed = false;
      enqueue(id, async () => {
        try {
          await detachNow(id, attachment, hasFailed ? 0 : clock() - heardAt);
        } catch (error) {
          hasFailed ||= error instanceof StoreUnavailable;
          throw error;
        }
      });
    },
    close: ({ id, attachment }) =>
      enqueue(id, async () => {
        const ended = await store.sessions.close(id, attachment);
        announceEnded(wakeups, ended);
        tellEnded(events, 'returned', ended);
      }),
    update: ({ id, attachment }, change) => {
      enqueue(id, () => store.sessions.update(id, attachment, change));
    },
    doubt(namespaceId, id, isHere) {
      enqueue(id, async () => {
        const row = await read({ id, namespaceId });
        const ours = row?.state === 'ATTACHED' && row.coordinatorId === options.coordinatorId;
        if (row !== null && ours && !isHere()) await detachNow(id, row.attachment, 0);
      });
    },
    async idle() {
      while (lines.size > 0) await Promise.all(lines.values());
    },
  };
}
