// Chance from a seed: the same seed, the same choices, in the same order.

/** Everything that a simulation leaves to chance. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0;
  }

  /** 0 ≤ n < 1. Mulberry32. */
  readonly number = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** So many bytes. */
  readonly bytes = (count: number): Buffer => {
    const bytes = Buffer.allocUnsafe(count);
    for (let at = 0; at < count; at += 1) bytes[at] = this.number() * 256;
    return bytes;
  };

  /** True so often. */
  happens(probability: number): boolean {
    return this.number() < probability;
  }

  /** From `least` up to, not including, `most`. */
  between(least: number, most: number): number {
    return least + this.number() * (most - least);
  }

  /** As `between`, but as often between 1 and 10 as between 10 and 100. */
  spread(least: number, most: number): number {
    return least * (most / least) ** this.number();
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  /** The wait until the next of things that happen on average every `mean`. */
  wait(mean: number): number {
    return -Math.log(1 - this.number()) * mean;
  }

  /** One of them. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.number() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}
