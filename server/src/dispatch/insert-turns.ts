/**
 * When a flush of inserts may begin, and with how many tasks: outcomes go first, and so do agents that will have room in a
 * moment.
 *
 * A submit that finds no slot stores its tasks READY, and each is written once more when it is claimed: under full load
 * that costs a third of the throughput, and as submits are answered when they are stored, nothing slows the submitters
 * down. So an insert waits a little while more than a flush of outcomes waits, or while agents hold as much short work as
 * they take, and then has no more tasks than there is room for. Where room does not come back within that time, all of
 * them are stored READY: a burst is taken in as fast as the database can. While older short work waits, claims go first:
 * no more is inserted than half of what they took, so that the older work becomes less and fresh work can be started at
 * once again. Where work is long there is nothing to wait for.
 */
import type { HandlerId } from '../rules/task.ts';
import type { Time } from '../rules/time.ts';
import type { Backlog } from './claims/backlog.ts';
import { roomAhead } from './session/ahead.ts';
import { aheadMost, freeSlots, isShort } from './session/session.ts';
import type { Group, Sessions } from './session/sessions.ts';

/** Turns of inserts. */
export type InsertTurns = {
  /** See `SlotPool.turn`. */
  turn(handlerId: HandlerId, rows: number): number | Promise<number>;
  /** Outcomes were reported or recorded: those that wait may have their turn. */
  look(): void;
  /** So many tasks were claimed: it may be the turn of those that wait behind older work. */
  claimed(tasks: number): void;
};

/** The longest wait: an agent that stands still must not hold up submits. */
const waitMaxMs = 50;
/** Sessions of a group whose room is added up; others would only add to it. */
const sessionsMax = 16;
/** A flush of this share of the largest is worth its price: there is no waiting for more room. */
const worthShare = 1 / 4;

type Asked = { readonly handlerId: HandlerId; readonly rows: number };

/** Makes turns. */
export function createInsertTurns(options: {
  readonly sessions: Sessions;
  readonly backlog: Backlog;
  /** Outcomes that wait for their flush. */
  readonly waitingOutcomes: () => number;
  readonly flushRowsMax: number;
  readonly time: Pick<Time, 'after'>;
}): InsertTurns {
  const { sessions, backlog, waitingOutcomes, flushRowsMax, time } = options;
  const waiting = new Map<Asked, (rows: number) => void>();

  /** Claimed tasks since an insert was last let through behind older work. */
  let claimedTasks = 0;

  /** Tasks with which it may begin now; null: not yet. */
  function rowsNow({ handlerId, rows }: Asked): number | null {
    let nobody = true;
    for (const group of sessions.serving(handlerId)) {
      nobody = false;
      const { room, places, short } = roomOf(group, handlerId, rows);
      const { open } = backlog.of(group);
      if (open && waitingOutcomes() >= flushRowsMax) continue;
      if (!short) return rows;
      const worth = Math.min(rows, places / 2, flushRowsMax * worthShare);
      if (open ? room >= worth : claimedTasks >= worth)
        return open ? Math.min(rows, room) : spend();
    }
    return nobody ? rows : null;
  }

  /** Half as many as were claimed, so that the older work becomes less. */
  function spend(): number {
    const half = Math.ceil(claimedTasks / 2);
    claimedTasks = 0;
    return half;
  }

  function look(): void {
    for (const [asked, end] of waiting) {
      const now = rowsNow(asked);
      if (now !== null) end(now);
    }
  }

  return {
    turn(handlerId, rows) {
      const asked = { handlerId, rows };
      const now = rowsNow(asked);
      if (now !== null) return now;
      return new Promise((resolve) => {
        const end = (turn: number) => {
          timer.cancel();
          waiting.delete(asked);
          resolve(turn);
        };
        const timer = time.after(waitMaxMs, () => end(flushRowsMax));
        waiting.set(asked, end);
      });
    },
    look,
    claimed(tasks) {
      claimedTasks = Math.min(claimedTasks + tasks, 2 * flushRowsMax);
      look();
    },
  };
}

/** Room for tasks of this handler, as far as anybody asks for, and places in all; `short`: there will soon be more room. */
function roomOf(group: Group, handlerId: HandlerId, enough: number) {
  let room = 0;
  let places = 0;
  let short = false;
  let looked = 0;
  for (const session of group.sessions) {
    const share = session.shares.get(handlerId);
    if (share === undefined) continue;
    short ||= isShort(share);
    room += freeSlots(session) + roomAhead(session, share);
    places += session.slots + aheadMost(session);
    looked += 1;
    if (room >= enough || looked >= sessionsMax) break;
  }
  return { room, places, short };
}
