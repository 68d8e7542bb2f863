/**
 * The days, and so the partitions, in which claims have found their rows: a hint for the next claim.
 *
 * Wrong, it costs a second statement and nothing else. It grows by every day that is found, so that a backlog of several
 * days does not make claims go back and forth, and is forgotten now and then, so that it shrinks again.
 */
import { leastIdAt, timeOfId } from '../../rules/ids.ts';
import type { TaskId } from '../../rules/task.ts';

/** Least and greatest id, for `within`. */
export type IdBounds = readonly [string, string];

/** No bounds. */
export const everyDay: IdBounds = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
];

/** Where claims look for their rows. */
export type ClaimDays = {
  /** Bounds for the next claim; `everyDay` itself if nothing is known. */
  bounds(): IdBounds;
  /** A claim has taken these. */
  found(ids: readonly TaskId[]): void;
};

const dayMs = 86_400_000;
/** Claims after which the days are learnt anew: one of so many pays for all partitions. */
const claimsMax = 500;

/** Nothing is known yet. */
export function createClaimDays(): ClaimDays {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let claims = 0;
  return {
    bounds() {
      claims += 1;
      if (claims > claimsMax) {
        claims = 0;
        from = Number.POSITIVE_INFINITY;
        to = 0;
      }
      return from > to ? everyDay : [leastIdAt(from), lastIdBefore(to)];
    },
    found(ids) {
      for (const id of ids) {
        const day = startOfDay(timeOfId(id));
        from = Math.min(from, day);
        to = Math.max(to, day + dayMs);
      }
    },
  };
}

function startOfDay(timeMs: number): number {
  return Math.floor(timeMs / dayMs) * dayMs;
}

function lastIdBefore(timeMs: number): string {
  return `${leastIdAt(timeMs - 1).slice(0, 13)}-ffff-ffff-ffffffffffff`;
}
