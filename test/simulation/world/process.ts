// One simulated process: its clock, its timers, and the turns of its event loop.
//
//   alive ⇄ stalled (SIGSTOP, a blocked event loop: time passes, nothing runs, sockets fill) ─▶ dead
//
// After a stall everything comes in the order in which Node takes it: timers that are due, what arrived, then what was put
// off to the end of the turn. What dies leaves nothing behind: its timers, its promises and its memory are gone.

import type { Clock } from '@muster/agent/internal';
import type { Time } from '@muster/server/internal';
import type { Chance } from './chance.ts';
import type { Event, World } from './world.ts';

/** When simulations begin, by the calendar. */
export const epochMs = Date.UTC(2026, 0, 1);

/** A process. */
export class Process {
  readonly name: string;
  /** Time and chance as the coordinator takes them. */
  readonly time: Time;
  /** Time as the agent takes it. */
  readonly clock: Clock;
  readonly #world: World;
  #state: 'alive' | 'stalled' | 'dead' = 'alive';
  #timers: Event[] = [];
  #arrivals: Event[] = [];
  #soon: (() => void)[] = [];
  /** Its own calendar is wrong by so much. */
  readonly #skewMs: number;

  constructor(name: string, world: World, chance: Chance, skewMs = 0) {
    this.name = name;
    this.#world = world;
    this.#skewMs = skewMs;
    const { now } = world;
    const after = (ms: number, action: () => void): Event => world.after(ms, action, this);
    const soon = (action: () => void) => void this.#soon.push(action);
    const calendar = () => epochMs + Math.floor(world.now()) + this.#skewMs;
    this.clock = { now, after, soon, calendar };
    this.time = { now, after, soon, calendar, random: chance.number, bytes: chance.bytes };
  }

  get isAlive(): boolean {
    return this.#state !== 'dead';
  }

  get isStalled(): boolean {
    return this.#state === 'stalled';
  }

  /** Something reaches it in so many milliseconds. */
  arrive(ms: number, action: () => void): void {
    if (this.isAlive) this.#world.after(ms, action, this, 'arrival');
  }

  /** Runs an event, unless the process stands still or is gone; false: it did not. */
  takes(event: Event): boolean {
    if (this.#state === 'alive') {
      event.action?.();
      return true;
    }
    if (this.#state === 'stalled')
      (event.kind === 'timer' ? this.#timers : this.#arrivals).push(event);
    return false;
  }

  /** Runs one thing that belongs to the end of the turn; false: there is none. */
  endTurn(): boolean {
    if (this.#state !== 'alive') return false;
    const late = this.#timers.shift() ?? this.#arrivals.shift();
    if (late !== undefined) {
      late.action?.();
      return true;
    }
    const action = this.#soon.shift();
    action?.();
    return action !== undefined;
  }

  /** Stands still for so long. */
  stall(ms: number): void {
    if (this.#state !== 'alive') return;
    this.#state = 'stalled';
    this.#world.after(ms, () => this.wake());
  }

  /** Goes on. */
  wake(): void {
    if (this.#state !== 'stalled') return;
    this.#state = 'alive';
    this.#world.after(0, () => {}, this);
  }

  /** Is gone, with everything that it would have done. */
  die(): void {
    this.#state = 'dead';
    this.#timers = [];
    this.#arrivals = [];
    this.#soon = [];
  }
}
