// Time that a test or a simulation owns: nothing happens until it is advanced. `stall` lets
// time pass while the process stands still, as a blocked event loop or SIGSTOP does.

import type { Clock, Timer } from '../link/clock.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that is advanced by hand. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #waiting = new Set<Waiting>();
  #soon: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  calendar(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(ms: number, action: () => void): Timer {
    this.#order += 1;
    const waiting = { at: this.#now + Math.max(0, ms), order: this.#order, action };
    this.#waiting.add(waiting);
    return { cancel: () => void this.#waiting.delete(waiting) };
  }

  soon(action: () => void): void {
    this.#soon.push(action);
  }

  /** Timers that have not fired; for tests of leaks. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Runs everything that is due now, promises included, until nothing is left. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      // Lets promise chains of any usual length run dry.
      await new Promise((resolve) => setImmediate(resolve));
      const soon = this.#soon.splice(0);
      const due = this.#takeDue();
      if (soon.length > 0 || due) quiet = -1;
      for (const action of soon) action();
      due?.action();
    }
  }

  /** Lets time pass, firing each timer at its moment. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.settle();
    for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
      this.#now = Math.max(this.#now, next.at);
      await this.settle();
    }
    this.#now = until;
    await this.settle();
  }

  /** Lets time pass while nothing runs: timers fire late, at the next `settle` or `advance`. */
  stall(ms: number): void {
    this.#now += ms;
  }

  #next(): Waiting | undefined {
    let next: Waiting | undefined;
    for (const each of this.#waiting) {
      if (!next || each.at < next.at || (each.at === next.at && each.order < next.order)) {
        next = each;
      }
    }
    return next;
  }

  #takeDue(): Waiting | undefined {
    const next = this.#next();
    if (!next || next.at > this.#now) return undefined;
    this.#waiting.delete(next);
    return next;
  }
}
