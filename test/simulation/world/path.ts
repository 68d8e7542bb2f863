// The network between two machines, one direction at a time: what is sent arrives later, in order, or waits while the
// direction is silent, as packets do that are sent again and again.

import type { Chance } from './chance.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** One direction between two machines. */
export class Direction {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #usualMs: number;
  #isSilent = false;
  #slowUntil = 0;
  #slowMs = 0;
  #lastAt = 0;
  #waiting: { readonly to: Process; readonly action: () => void }[] = [];

  constructor(world: World, chance: Chance, usualMs: number) {
    this.#world = world;
    this.#chance = chance;
    this.#usualMs = usualMs;
  }

  /** Lets something happen at a process on the other side. */
  send(to: Process, action: () => void): void {
    if (this.#isSilent) {
      this.#waiting.push({ to, action });
      return;
    }
    const now = this.#world.now();
    const slow = now < this.#slowUntil ? this.#slowMs * this.#chance.number() : 0;
    this.#lastAt = Math.max(
      this.#lastAt,
      now + this.#usualMs * this.#chance.between(0.5, 2) + slow,
    );
    to.arrive(this.#lastAt - now, action);
  }

  /** Nothing gets through any more. */
  fall(): void {
    this.#isSilent = true;
  }

  /** Everything gets through again, first of all what waits. */
  heal(): void {
    if (!this.#isSilent) return;
    this.#isSilent = false;
    for (const { to, action } of this.#waiting.splice(0)) this.send(to, action);
  }

  /** Everything takes up to so much longer for so long. */
  slow(byMs: number, forMs: number): void {
    this.#slowMs = byMs;
    this.#slowUntil = this.#world.now() + forMs;
  }
}

/** Both directions between an agent's machine and a coordinator's. */
export class Path {
  readonly there: Direction;
  readonly back: Direction;

  constructor(world: World, chance: Chance) {
    const usualMs = chance.spread(0.2, 20);
    this.there = new Direction(world, chance, usualMs);
    this.back = new Direction(world, chance, usualMs);
  }

  /** Both directions are sound. */
  heal(): void {
    this.there.heal();
    this.back.heal();
  }
}
