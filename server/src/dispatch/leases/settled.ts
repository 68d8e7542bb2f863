/**
 * Leases that were settled beside the usual way: taken up from the database, or given back, while the reply of the
 * statement that made them was still missing.
 *
 * Such a reply may yet arrive. Sending the lease then would run it twice, so whoever settles a lease notes it here first,
 * and whoever is about to send one asks. Kept for longer than any statement may take; bounded.
 */
import type { LeaseRef } from '../../rules/task.ts';

/** Notes of settled leases. */
export type Settled = {
  add(lease: LeaseRef, now: number): void;
  has(lease: LeaseRef): boolean;
  /** Forgets what is old. */
  prune(now: number): void;
};

const keptMs = 180_000;
const keptMax = 200_000;

/** No notes yet. */
export function createSettled(): Settled {
  const at = new Map<string, number>();
  return {
    add({ taskId, leaseEpoch }, now) {
      const key = `${taskId}/${leaseEpoch}`;
      at.delete(key);
      at.set(key, now);
    },
    has: ({ taskId, leaseEpoch }) => at.size > 0 && at.has(`${taskId}/${leaseEpoch}`),
    prune(now) {
      for (const [key, since] of at) {
        if (since + keptMs > now && at.size <= keptMax) return;
        at.delete(key);
      }
    },
  };
}
