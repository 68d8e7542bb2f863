/**
 * The one value that dispatch hands to api and scheduling: its agents' slots, free ones for eager inserts, held ones for waits, and what
 * becomes of the tasks in them.
 *
 * Without a local dispatch role the pool is always empty (`emptySlotPool`), and every task takes the claimed way.
 */
import type { HandlerId, Lease, NamespaceId, NewTask, SlotOffer, Task, TaskId } from './task.ts';

/** A slot that is kept free for one insert. It must end in exactly one `fulfil` or `cancel`. */
export type SlotReservation = {
  readonly offer: SlotOffer;
  /** The task was committed RUNNING under the offer: send it to the agent. Safe if the session has gone meanwhile. */
  fulfil(lease: Lease): void;
  /** The task was stored otherwise, or not at all: free the slot. */
  cancel(): void;
  /** The reply of the insert was lost: keep the slot until the rows of the session have been read again. */
  abandon(): void;
};

/** Those who wait for ends of tasks at this coordinator. */
export type Awaiting = {
  /** Somebody waits for the end of the task, to answer it with its payloads. */
  wants(taskId: TaskId): boolean;
  /** The task as its end was recorded and committed. Must not throw. */
  ended(task: Task): void;
};

/** One coordinator's view of its agents' free slots. */
export type SlotPool = {
  /**
   * A free slot of a session that serves the handler, or null: none is free, or older work must go first (the
   * pool opens for a handler only after a claim came back short).
   */
  reserve(handlerId: HandlerId): SlotReservation | null;
  /**
   * With how many tasks an insert should begin that could have so many of a handler: at once, or a few milliseconds
   * later. Until then slots come back, and fewer of its tasks have to be stored READY, to be written once more.
   */
  turn(handlerId: HandlerId, rows: number): number | Promise<number>;
  /**
   * Of these tasks some that hold a slot here: their ends are not recorded yet, and a wakeup will tell of them. The
   * others may hold one as well, where to look would take longer than to read their rows.
   */
  holding(namespaceId: NamespaceId, taskIds: readonly TaskId[]): ReadonlySet<TaskId>;
  /**
   * From now on these are told of tasks that they want and that end here, so that they need not read them. Not of every
   * one: of those of busy moments, of large ones and of failures a wakeup tells, as of all.
   */
  tell(awaiting: Awaiting): void;
};

/** Offers due tasks a slot each while there are any; of a handler that has none left no more is asked. Null: it has none. */
export function createOffers(pool: SlotPool): (task: NewTask) => SlotReservation | null {
  const exhausted = new Set<HandlerId>();
  return (task) => {
    if (exhausted.has(task.handlerId)) return null;
    const reservation = pool.reserve(task.handlerId);
    if (reservation === null) exhausted.add(task.handlerId);
    else task.offer = reservation.offer;
    return reservation;
  };
}

/** Nobody waits. */
export const nobodyAwaits: Awaiting = Object.freeze({ wants: () => false, ended: () => {} });

/** The pool of a coordinator without a dispatch role. */
export const emptySlotPool: SlotPool = Object.freeze({
  reserve: () => null,
  turn: (_, rows) => rows,
  holding: () => new Set<never>(),
  tell: () => {},
});
