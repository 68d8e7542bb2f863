// Which coordinator to dial next, and when. The first dial after a loss is nearly at once;
// then every address gets its turn, with growing waits shortened by chance so that many
// agents do not come back at the same moment.

import { shuffled } from '@muster/sdk/internal';
import type { Random } from './clock.ts';

/** Waits in milliseconds. */
export interface DialWaits {
  /** Longest wait before the first dial after a loss. */
  readonly firstMs: number;
  /** Wait before the second; doubles from there. */
  readonly againMs: number;
  /** Longest wait. Well under the session timeout, so that a coordinator's return is noticed in time. */
  readonly mostMs: number;
}

const defaultWaits: DialWaits = { firstMs: 50, againMs: 100, mostMs: 2000 };

/** A stream that lasted so long was no failure. */
const steadyMs = 1000;

/** Addresses beyond these are not remembered. */
const learnedMax = 100;

/** The configured addresses and those that coordinators have named. */
export class Addresses {
  readonly #configured: readonly string[];
  readonly #random: Random;
  readonly #waits: DialWaits;
  /** All that are known, in the order in which they get their turn. */
  #line: string[];
  /** Named by a GoAway; tried first, once each. */
  #preferred: readonly string[] = [];
  #failures = 0;

  constructor(configured: readonly string[], random: Random, waits: DialWaits = defaultWaits) {
    this.#configured = configured;
    this.#random = random;
    this.#waits = waits;
    // Each agent has an order of its own, so that coordinators share the agents, also those of one that is lost.
    this.#line = shuffled(configured, random);
  }

  /** The address to dial now. */
  next(): string {
    const [preferred, ...others] = this.#preferred;
    if (preferred !== undefined) {
      this.#preferred = others;
      return preferred;
    }
    const address = this.#line.shift() ?? '';
    this.#line.push(address);
    return address;
  }

  /** How long to wait before the next dial. */
  wait(): number {
    const { firstMs, againMs, mostMs } = this.#waits;
    const most =
      this.#failures === 0 ? firstMs : Math.min(mostMs, againMs * 2 ** (this.#failures - 1));
    return most * (0.5 + this.#random() / 2);
  }

  /**
   * How long a dial may take until its Welcome: longer when every address has failed, for the sake of slow networks. Not
   * before, or one that swallows dials would hold the agent back from those that answer until its session is lost.
   */
  greetTimeout(): number {
    return Math.min(10_000, 2000 * 2 ** Math.floor(this.#failures / this.#line.length));
  }

  /** A dial failed before its Welcome. */
  failed(): void {
    this.#failures = Math.min(this.#failures + 1, 30);
  }

  /** A Welcome came from an address; it named these. When it is lost, it is the last to be tried. */
  welcomed(here: string, addresses: readonly string[]): void {
    const learned = addresses.slice(0, learnedMax);
    const others = [...new Set([...this.#configured, ...learned])].filter((each) => each !== here);
    this.#line = [...shuffled(others, this.#random), here];
    this.#preferred = [];
  }

  /** A stream that was welcomed is over; one that hardly lasted is dialled again a little later. */
  lost(lastedMs: number): void {
    this.#failures = lastedMs >= steadyMs ? 0 : Math.min(this.#failures + 1, 2);
  }

  /** A GoAway came; it named these to be tried first. */
  prefer(addresses: readonly string[]): void {
    this.#preferred = addresses.slice(0, learnedMax);
  }
}
