/**
 * Where the last claim of a handler stopped, so that the next need not walk past what it took.
 *
 * What was claimed leaves a dead entry in the index of READY rows until no snapshot needs it any more: while one pins the
 * oldest, every claim from the start would walk all of them again (measured: 30,000 rows/s fell to 8,400 within 30 s, and
 * to 12,300 with a cursor). A cursor is only a hint, and rows before it are not seen. So it is dropped when a claim from
 * it comes back short, when rows are announced that may lie before it, and after a while of its own: `oldestMs`, or ten
 * times as long as the claim from the start took, whichever is longer.
 */
import type { HandlerId, Lease, LeaseRef } from '../../rules/task.ts';

/** Where claims may begin. */
export type Cursors = {
  /** The lease after whose row a claim of this handler may begin; null: from the start. */
  of(handlerId: HandlerId, now: number): LeaseRef | null;
  /** A claim that took `tookMs` came back full; `from`: where it had begun. */
  cameFull(lease: Lease, from: LeaseRef | null, now: number, tookMs: number): void;
  /** Rows of these handlers may lie before their cursors, or nothing lies behind them. */
  drop(handlerIds: Iterable<HandlerId>): void;
};

/** The least time that a cursor is used, in milliseconds. */
const oldestMs = 250;

/** `after` null: a claim from the start may be under way. No cursor at all: what it answers says nothing any more. */
type Cursor = { readonly after: LeaseRef | null; readonly until: number };

/** No cursors yet. */
export function createCursors(): Cursors {
  const cursors = new Map<HandlerId, Cursor>();
  return {
    of(handlerId, now) {
      const cursor = cursors.get(handlerId);
      if (cursor !== undefined && cursor.until > now) return cursor.after;
      cursors.set(handlerId, { after: null, until: Number.POSITIVE_INFINITY });
      return null;
    },
    cameFull({ handlerId, taskId, leaseEpoch }, from, now, tookMs) {
      const known = cursors.get(handlerId);
      // Dropped while the claim was under way: its snapshot may be older than the rows that were announced.
      if (known === undefined) return;
      const until = from === null ? now + Math.max(oldestMs, 10 * tookMs) : known.until;
      cursors.set(handlerId, { after: { taskId, leaseEpoch }, until });
    },
    drop(handlerIds) {
      for (const handlerId of handlerIds) cursors.delete(handlerId);
    },
  };
}
