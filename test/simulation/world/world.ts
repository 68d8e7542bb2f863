// Time of a whole simulated cluster: it stands while anything happens, and jumps from one event to the next.
//
// Every event belongs to a process, or to the world (the network, the database, a fault). After each one all promises
// that it settled are followed to their end before the next begins, as an event loop does: the loop below runs inside a
// microtask, and a tick that it asks for comes only when no microtask is left. That costs a fifth of a microsecond, where
// a turn of the real event loop costs several.

import type { Process } from './process.ts';

/** Something that will happen, unless it is cancelled. */
export class Event {
  readonly at: number;
  readonly order: number;
  /** Null: the world's own. */
  readonly process: Process | null;
  /** Timers and what arrives from outside are told apart where a process stood still meanwhile. */
  readonly kind: 'timer' | 'arrival';
  action: (() => void) | null;

  constructor(
    ...[at, order, process, kind, action]: [
      number,
      number,
      Process | null,
      Event['kind'],
      () => void,
    ]
  ) {
    this.at = at;
    this.order = order;
    this.process = process;
    this.kind = kind;
    this.action = action;
  }

  cancel(): void {
    this.action = null;
  }
}

/** Now and then the real event loop gets a turn, so that rejections nobody handles are told. */
const eventsPerTurn = 20_000;

/** The time of a simulation. */
export class World {
  #now = 0;
  #order = 0;
  #events = 0;
  readonly #line: Event[] = [];

  /** Milliseconds since the simulation began. */
  readonly now = (): number => this.#now;

  /** Events so far. */
  get events(): number {
    return this.#events;
  }

  /** Lets something happen in so many milliseconds. */
  after(
    ms: number,
    action: () => void,
    process: Process | null = null,
    kind: Event['kind'] = 'timer',
  ): Event {
    this.#order += 1;
    const event = new Event(this.#now + Math.max(0, ms), this.#order, process, kind, action);
    push(this.#line, event);
    return event;
  }

  /** Lets time pass until this moment, or until `enough`. */
  async run(until: number, enough: () => boolean = () => false): Promise<void> {
    await settled();
    for (let next = this.#line[0]; next !== undefined && next.at <= until; next = this.#line[0]) {
      pop(this.#line);
      if (next.action === null) continue;
      this.#now = next.at;
      this.#events += 1;
      await this.#happen(next);
      if (this.#events % eventsPerTurn === 0) await new Promise((turn) => setImmediate(turn));
      if (enough()) return;
    }
    this.#now = Math.max(this.#now, until);
  }

  async #happen(event: Event): Promise<void> {
    const owner = event.process;
    if (owner === null) event.action?.();
    else if (!owner.takes(event)) return;
    await settled();
    while (owner?.endTurn()) await settled();
  }
}

/** Resolves when every promise that can settle by itself has settled, and what followed from it. */
export function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A binary heap: the first event is the next. */
function push(line: Event[], event: Event): void {
  let at = line.length;
  line.push(event);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = line[above] as Event;
    if (!isBefore(event, parent)) break;
    line[at] = parent;
    at = above;
  }
  line[at] = event;
}

function pop(line: Event[]): void {
  const last = line.pop() as Event;
  const { length } = line;
  if (length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= length) break;
    const right = line[below + 1];
    if (right !== undefined && isBefore(right, line[below] as Event)) below += 1;
    const child = line[below] as Event;
    if (!isBefore(child, last)) break;
    line[at] = child;
    at = below;
  }
  line[at] = last;
}
