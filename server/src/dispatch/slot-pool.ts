/**
 * What dispatch tells api of its slots: free ones for eager inserts, held ones so that a wait need not read their tasks.
 *
 * A slot is offered only by a group of sessions none of whose handlers is known to have older work, and stays kept until
 * the insert's answer is known. Slots are offered in turn over the sessions.
 */

import type { SlotPool, SlotReservation } from '../rules/slot-pool.ts';
import type { HandlerId, Lease, TaskId } from '../rules/task.ts';
import type { Backlog } from './claims/backlog.ts';
import type { Deliveries } from './leases/deliveries.ts';
import type { Reconciliation } from './leases/reconciliation.ts';
import { roomAhead } from './session/ahead.ts';
import {
  freeSlots,
  type HandlerShare,
  headroom,
  reserve,
  type Session,
} from './session/session.ts';
import type { Group, Sessions } from './session/sessions.ts';

/** The pool, and what dispatch asks of it. */
export type OwnSlotPool = SlotPool & {
  /** Groups of which slots were asked for since the last call. */
  takeAsked(): readonly Group[];
  /** No slot is offered from now on. */
  close(): void;
};

/** To look so often in memory takes as long as one read. */
const looksMax = 5000;

/** Sessions of a group that are tried for one slot; the rest are out of turn. */
const triesMax = 16;

/** Makes the pool. */
export function createSlotPool(options: {
  readonly sessions: Sessions;
  readonly backlog: Backlog;
  /** Tasks of these handlers never start at once. */
  readonly isLimited: (handlerId: HandlerId) => boolean;
  readonly deliveries: Deliveries;
  readonly reconciliation: Reconciliation;
  readonly clock: () => number;
  readonly turn: SlotPool['turn'];
  readonly tell: SlotPool['tell'];
}): OwnSlotPool {
  const { sessions, backlog, deliveries, reconciliation, clock } = options;
  const asked = new Set<Group>();
  let closed = false;

  /** A free slot, else a place ahead of one for short work. */
  function find(group: Group, handlerId: HandlerId): SlotReservation | null {
    return (
      findIn(group.free, handlerId, freeSlots) ??
      findIn(group.ahead, handlerId, (session, share) => roomAhead(session, share))
    );
  }

  function findIn(
    line: Set<Session>,
    handlerId: HandlerId,
    room: (session: Session, share: HandlerShare) => number,
  ): SlotReservation | null {
    let tries = 0;
    for (const session of line) {
      const share = session.shares.get(handlerId);
      if (share !== undefined && room(session, share) > 0 && headroom(share, clock()) > 0) {
        line.delete(session);
        line.add(session);
        return new Kept(session, share, deliveries, reconciliation);
      }
      tries += 1;
      if (tries >= triesMax) return null;
    }
    return null;
  }

  return {
    reserve(handlerId) {
      if (closed || options.isLimited(handlerId)) return null;
      for (const group of sessions.serving(handlerId)) {
        asked.add(group);
        if (!backlog.of(group).open) continue;
        const reservation = find(group, handlerId);
        if (reservation !== null) return reservation;
      }
      return null;
    },
    turn: options.turn,
    tell: options.tell,
    holding(namespaceId, taskIds) {
      const held = new Set<TaskId>();
      if (sessions.count() * taskIds.length > looksMax) return held;
      for (const session of sessions.all())
        if (session.namespaceId === namespaceId && session.leases.size > 0)
          for (const id of taskIds) if (session.leases.has(id)) held.add(id);
      return held;
    },
    takeAsked() {
      const groups = [...asked];
      asked.clear();
      return groups;
    },
    close() {
      closed = true;
    },
  };
}

/** One slot that is kept for a task on its way into the store; there is one for every eager task. */
class Kept implements SlotReservation {
  readonly offer: SlotReservation['offer'];
  readonly #session: Session;
  readonly #share: HandlerShare;
  readonly #deliveries: Deliveries;
  readonly #reconciliation: Reconciliation;

  constructor(
    session: Session,
    share: HandlerShare,
    deliveries: Deliveries,
    reconciliation: Reconciliation,
  ) {
    this.offer = session.offer;
    this.#session = session;
    this.#share = share;
    this.#deliveries = deliveries;
    this.#reconciliation = reconciliation;
    share.reserved += 1;
    reserve(session, 1);
  }

  fulfil(lease: Lease): void {
    // The lease takes the slot over before anybody else can have it.
    this.#session.reserved -= 1;
    this.#share.reserved -= 1;
    this.#deliveries.deliver(this.#session, lease);
    this.#session.slotsChanged(this.#session);
  }

  cancel(): void {
    this.#share.reserved -= 1;
    reserve(this.#session, -1);
  }

  abandon(): void {
    this.#reconciliation.recheck(this.#session, () => this.cancel());
  }
}
