// Outcomes that the coordinator has not acknowledged. An outcome enters when its attempt
// ends and leaves when it was RECORDED or found STALE, or when its lease is declared void;
// until then it is sent again on every new stream. Its size is bounded by the leases that
// the agent may hold.

import type { Ended, LeaseRef } from './attempt/lease.ts';
import { LeaseMap } from './attempt/lease-map.ts';

/** Outcomes in the order in which they ended. */
export class Outbox {
  readonly #kept = new LeaseMap<Ended>();
  #unsent = new LeaseMap<Ended>();
  #stale = 0;

  /** Outcomes without an answer. */
  get size(): number {
    return this.#kept.size;
  }

  /** Outcomes that were refused because their lease had lapsed, since the start. */
  get staleCount(): number {
    return this.#stale;
  }

  /** Whether the outcome of this lease waits for its answer. */
  has(ref: LeaseRef): boolean {
    return this.#kept.has(ref);
  }

  /** Keeps an outcome; the first one of a lease stands. */
  add(ended: Ended): void {
    if (this.#kept.has(ended.ref)) return;
    this.#kept.set(ended);
    this.#unsent.set(ended);
  }

  /** Everything that was not sent on this stream, which now counts as sent. */
  takeUnsent(): LeaseMap<Ended> {
    const unsent = this.#unsent;
    this.#unsent = new LeaseMap();
    return unsent;
  }

  /** A new stream: everything is to be sent again. */
  sendAgain(): void {
    this.#unsent = new LeaseMap();
    for (const ended of this.#kept.values()) this.#unsent.set(ended);
  }

  /** The coordinator has answered. */
  acknowledge(ref: LeaseRef, stale: boolean): void {
    if (this.forget(ref) && stale) this.#stale += 1;
  }

  /** The lease is void; false if nothing was kept for it. */
  forget(ref: LeaseRef): boolean {
    if (this.#unsent.size > 0) this.#unsent.delete(ref);
    return this.#kept.delete(ref);
  }

  /** Everything is void. */
  clear(): void {
    this.#kept.clear();
    this.#unsent.clear();
  }

  /** The leases whose outcomes are kept. */
  refs(): LeaseRef[] {
    return this.#kept.values().map(({ ref }) => ref);
  }
}
