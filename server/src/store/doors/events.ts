/**
 * Events that wait for a stream.
 *
 * Part of the door in `store.ts`, which says what holds of every method.
 */
import type { EventKind, WrittenEvent } from '../../rules/task-events.ts';

/** The outbox of events. It is written to by the database itself, from the first `ask` on. */
export type EventOutbox = {
  /**
   * Has events of these kinds written from now on, and says that they are still wanted; others are not written any more.
   * Cheap to repeat. Throws `StoreUnavailable` if tasks were too busy to begin.
   */
  ask(kinds: readonly EventKind[]): Promise<void>;
  /**
   * Gives the oldest events to `deliver`, at most `limit`, in the order of each task's changes, and forgets them when it
   * settles; if it rejects, they stay. Answers how many there were; null: another coordinator is at it.
   */
  pass(
    limit: number,
    deliver: (events: readonly WrittenEvent[]) => Promise<void>,
  ): Promise<number | null>;
  /** Forgets at most `limit` events that are older than so many milliseconds, and says how many. */
  forget(olderThanMs: number, limit: number): Promise<number>;
  /** Ends the writing, and forgets what was written, if nobody has asked for so many milliseconds. True: it did. */
  endUnasked(forMs: number): Promise<boolean>;
};
