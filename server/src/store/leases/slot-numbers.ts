/**
 * Slots as a statement is given them: each session once, and its number for each of its slots.
 */
import type { SlotOffer } from '../../rules/task.ts';

/** The sessions of slots, and of each slot the number of its session, from 1. */
export function numberedSlots(slots: readonly SlotOffer[]): {
  readonly sessions: readonly SlotOffer[];
  readonly numbers: readonly number[];
} {
  const known = new Map<string, number>();
  const sessions: SlotOffer[] = [];
  const numbers = slots.map((slot) => {
    const name = `${slot.sessionId} ${slot.attachment}`;
    const number = known.get(name) ?? sessions.push(slot);
    known.set(name, number);
    return number;
  });
  return { sessions, numbers };
}
