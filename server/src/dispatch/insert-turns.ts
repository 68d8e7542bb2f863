/**
 * When a flush of inserts may begin: outcomes go first, and so do agents that will have room in a moment.
 *
 * A submit that finds no slot stores its tasks READY, and each is written once more when it is claimed: under full load
 * that costs a third of the throughput, and as submits are answered when they are stored, nothing slows the submitters
 * down. So an insert waits a little while more than a flush of outcomes waits, or while agents hold as much short work as
 * they take: both are over within milliseconds. Where work is long, or older work waits, there is nothing to wait for.
 */
import type { HandlerId } from '../rules/task.ts';
import type { Backlog } from './backlog.ts';
import { roomAhead } from './session/ahead.ts';
import { aheadMost, freeSlots, isShort } from './session/session.ts';
import type { Group, Sessions } from './session/sessions.ts';

/** Turns of inserts. */
export type InsertTurns = {
  /** See `SlotPool.turn`. */
  turn(handlerId: HandlerId, rows: number): Promise<void> | null;
  /** Outcomes were reported or recorded: those that wait may have their turn. */
  look(): void;
};

/** The longest wait: an agent that stands still must not hold up submits. */
const waitMaxMs = 25;
/** Sessions of a group whose room is added up; others would only add to it. */
const sessionsMax = 16;

type Asked = { readonly handlerId: HandlerId; readonly rows: number };

/** Makes turns. */
export function createInsertTurns(options: {
  readonly sessions: Sessions;
  readonly backlog: Backlog;
  /** Outcomes that wait for their flush. */
  readonly waitingOutcomes: () => number;
  readonly flushRowsMax: number;
}): InsertTurns {
  const { sessions, backlog, waitingOutcomes, flushRowsMax } = options;
  const waiting = new Map<Asked, () => void>();

  function mustWait({ handlerId, rows }: Asked): boolean {
    let isCrowded = false;
    for (const group of sessions.serving(handlerId)) {
      if (!backlog.of(group).open) continue;
      const { room, most, short } = roomOf(group, handlerId, rows);
      // There is no waiting for more than comes back in a moment: half of what the agents take in all.
      if (room < Math.min(rows, most / 2) && short) isCrowded = true;
      else if (waitingOutcomes() < flushRowsMax) return false;
      else isCrowded = true;
    }
    return isCrowded;
  }

  return {
    turn(handlerId, rows) {
      const asked = { handlerId, rows };
      if (!mustWait(asked)) return null;
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(asked);
          resolve();
        };
        const timer = setTimeout(end, waitMaxMs);
        waiting.set(asked, end);
      });
    },
    look() {
      for (const [asked, end] of waiting) if (!mustWait(asked)) end();
    },
  };
}

/** Places for tasks of this handler, as far as anybody asks for, and most places in all; `short`: there will soon be more. */
function roomOf(group: Group, handlerId: HandlerId, enough: number) {
  let room = 0;
  let most = 0;
  let short = false;
  let looked = 0;
  for (const session of group.sessions) {
    const share = session.shares.get(handlerId);
    if (share === undefined) continue;
    short ||= isShort(share);
    room += freeSlots(session) + roomAhead(session, share);
    most += session.slots + aheadMost(session);
    looked += 1;
    if (room >= enough || looked >= sessionsMax) break;
  }
  return { room, most, short };
}
