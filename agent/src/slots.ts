// The slots of one agent: how many attempts may run at a time, in all and per handler.
// A slot is taken from the handler's start until the handler really ends. Between the
// outcome and that end (a handler that outlives its grace) the slot is *stuck*: the
// coordinator thinks it free, so the agent offers that many fewer until it is.

/** What a handler holds while it runs. */
export interface SlotTaken {
  /** The outcome was sent, the handler goes on. */
  stick(): void;
  /** The handler has ended. */
  free(): void;
}

type SlotState = 'busy' | 'stuck' | 'free';

type SlotMoved = (handler: string, from: SlotState, to: SlotState) => void;

/** One slot from its taking to its end: busy, perhaps stuck, free. */
class Taken implements SlotTaken {
  readonly #handler: string;
  readonly #moved: SlotMoved;
  #state: SlotState = 'busy';

  constructor(handler: string, moved: SlotMoved) {
    this.#handler = handler;
    this.#moved = moved;
  }

  stick(): void {
    if (this.#state === 'busy') this.#move('stuck');
  }

  free(): void {
    if (this.#state !== 'free') this.#move('free');
  }

  #move(to: SlotState): void {
    const from = this.#state;
    this.#state = to;
    this.#moved(this.#handler, from, to);
  }
}

/** Counts slots; knows nothing of time. */
export class Slots {
  readonly #total: number;
  #taken = 0;
  #stuck = 0;
  readonly #perHandler: ReadonlyMap<string, number>;
  readonly #takenBy = new Map<string, number>();
  readonly #changed: () => void;

  /** `perHandler` holds only handlers with a limit of their own; `changed` hears of new offers. */
  constructor(total: number, perHandler: ReadonlyMap<string, number>, changed: () => void) {
    this.#total = total;
    this.#perHandler = perHandler;
    this.#changed = changed;
  }

  /** As configured. */
  get total(): number {
    return this.#total;
  }

  /** What the coordinator may count on. */
  get offered(): number {
    return Math.max(0, this.#total - this.#stuck);
  }

  /** Handlers that have not ended. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether any slot is free. */
  get anyFree(): boolean {
    return this.#taken < this.#total;
  }

  /** Whether this handler could start now. */
  isFree(handler: string): boolean {
    if (!this.anyFree) return false;
    return this.#perHandler.size === 0 || (this.#takenBy.get(handler) ?? 0) < this.#limit(handler);
  }

  /** Takes a slot, which must be free. */
  take(handler: string): SlotTaken {
    if (!this.isFree(handler)) throw new Error(`No slot is free for handler "${handler}".`);
    this.#count(handler, 1);
    return new Taken(handler, this.#moved);
  }

  readonly #moved: SlotMoved = (handler, from, to) => {
    if (to === 'free') this.#count(handler, -1);
    if (to === 'stuck') this.#stuck += 1;
    else if (from === 'stuck') this.#stuck -= 1;
    else return;
    this.#changed();
  };

  #limit(handler: string): number {
    return this.#perHandler.get(handler) ?? Number.POSITIVE_INFINITY;
  }

  #count(handler: string, by: number): void {
    this.#taken += by;
    if (this.#perHandler.has(handler)) {
      this.#takenBy.set(handler, (this.#takenBy.get(handler) ?? 0) + by);
    }
  }
}
