// Everything the agent has to say about its leases, gathered for the rest of the tick and
// sent in few messages. Says nothing before a Welcome and after the stream's end: what was
// gathered then is void, since the inventory of the next Hello says it again; outcomes,
// progress and log lines are kept by their owners.
//
//   closed ──attach──▶ open ◀──drained── blocked
//                       └────send = false────▲        any ──detach──▶ closed

import type { ConnectRequest, DeclinedLease } from '@muster/proto';
import type { LeaseRef } from '../attempt/lease.ts';
import type { Reports } from '../attempt/reports.ts';
import type { Outbox } from '../outbox.ts';
import type { Clock, Timer } from './clock.ts';
import { logBytes, outcomeBytes, pack, progressBytes, refBytes } from './packing.ts';
import type { Stream } from './transport.ts';
import { defaultLimits, type Limits, toOutcome } from './wire.ts';

interface Gathered {
  readonly accepted: LeaseRef[];
  readonly declined: DeclinedLease[];
  readonly released: LeaseRef[];
  readonly started: LeaseRef[];
  readonly cancelAcknowledged: LeaseRef[];
  slots: number | undefined;
  draining: string | undefined;
}

/** Gathers and sends. */
export class Outgoing {
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #reports: Reports;
  #stream: Stream | undefined;
  #limits: Limits = defaultLimits;
  #gathered: Gathered = nothing();
  /** Packed, not yet taken by the stream. */
  #queue: ConnectRequest[] = [];
  #blocked = false;
  #flushing = false;
  #reportTimer: Timer | undefined;

  constructor(clock: Clock, outbox: Outbox, reports: Reports) {
    this.#clock = clock;
    this.#outbox = outbox;
    this.#reports = reports;
  }

  /** The session stands: from now on everything is sent on this stream. */
  attach(stream: Stream, limits: Limits): void {
    this.detach();
    this.#stream = stream;
    this.#limits = limits;
    this.#outbox.sendAgain();
    this.flushSoon();
  }

  /** The stream is over. */
  detach(): void {
    this.#stream = undefined;
    this.#gathered = nothing();
    this.#queue = [];
    this.#blocked = false;
    this.#reportTimer?.cancel();
    this.#reportTimer = undefined;
  }

  /** The stream takes messages again. */
  drained(): void {
    this.#blocked = false;
    this.flush();
  }

  /** These will be run. */
  accepted(ref: LeaseRef): void {
    if (this.#opened()) this.#gathered.accepted.push(ref);
  }

  /** This will not be run. */
  declined(ref: LeaseRef, reason: string): void {
    if (this.#opened()) this.#gathered.declined.push({ lease: ref, reason });
  }

  /** This was not begun and is given back. */
  released(ref: LeaseRef): void {
    if (this.#opened()) this.#gathered.released.push(ref);
  }

  /** The handler has begun. */
  started(ref: LeaseRef): void {
    if (this.#opened()) this.#gathered.started.push(ref);
  }

  /** The cancel has reached the handler. */
  cancelAcknowledged(ref: LeaseRef): void {
    if (this.#opened()) this.#gathered.cancelAcknowledged.push(ref);
  }

  /** The agent offers so many slots from now on. */
  slots(offered: number): void {
    if (this.#opened()) this.#gathered.slots = offered;
  }

  /** The agent takes nothing more. */
  draining(reason: string): void {
    if (this.#opened()) this.#gathered.draining = reason;
  }

  /** Sends what was gathered, reported or put into the outbox, at the end of this tick. */
  flushSoon(): void {
    if (!this.#stream || this.#flushing) return;
    this.#flushing = true;
    this.#clock.soon(() => {
      this.#flushing = false;
      this.flush();
    });
  }

  #opened(): boolean {
    this.flushSoon();
    return this.#stream !== undefined;
  }

  /** Sends at once what was gathered, as far as the stream takes it. */
  flush(): void {
    if (!this.#stream || this.#blocked) return;
    const leftOver = this.#queue.length > 0;
    if (!leftOver) this.#queue = this.#pack();
    let sent = 0;
    for (const message of this.#queue) {
      if (this.#blocked) break;
      this.#blocked = !this.#stream.send(message);
      sent += 1;
      // A transport may find the stream dead while it sends.
      if (!this.#stream) return;
    }
    this.#queue = this.#queue.slice(sent);
    if (this.#blocked) return;
    if (leftOver) this.flushSoon();
    this.#scheduleReports();
  }

  #scheduleReports(): void {
    const wait = this.#reports.nextDueIn(this.#clock.now());
    if (wait === undefined || this.#reportTimer) return;
    this.#reportTimer = this.#clock.after(wait, () => {
      this.#reportTimer = undefined;
      this.flush();
    });
  }

  /** The order matters: slots before the outcomes that would seem to free them, reports before outcomes. */
  #pack(): ConnectRequest[] {
    const limits = this.#limits;
    const { accepted, declined, released, started, cancelAcknowledged, slots, draining } =
      this.#gathered;
    this.#gathered = nothing();
    const { progress, logs } = this.#reports.takeDue(this.#clock.now());
    const ended = this.#outbox.takeUnsent();
    const refs = (all: LeaseRef[]) => pack(all, refBytes, limits);
    // An outcome says that its attempt was accepted and started: a short task costs one item.
    const goesOn = (ref: LeaseRef) => ended.size === 0 || !ended.has(ref);
    return [
      ...(slots === undefined ? [] : [{ slotsChanged: { slots } }]),
      ...(draining === undefined ? [] : [{ draining: { reason: draining } }]),
      ...refs(accepted.filter(goesOn)).map((leases) => ({ accepted: { leases } })),
      ...pack(declined, refBytes, limits).map((leases) => ({ declined: { leases } })),
      ...refs(released).map((leases) => ({ released: { leases } })),
      ...refs(started.filter(goesOn)).map((leases) => ({ started: { leases } })),
      ...refs(cancelAcknowledged).map((leases) => ({ cancelAcknowledged: { leases } })),
      ...pack(progress, progressBytes, limits).map((reports) => ({ progress: { reports } })),
      ...pack(logs, logBytes, limits).map((reports) => ({ logLines: { reports } })),
      ...pack(ended.values(), outcomeBytes, limits).map((each) => ({
        outcomes: { outcomes: each.map(toOutcome) },
      })),
    ];
  }
}

function nothing(): Gathered {
  return {
    accepted: [],
    declined: [],
    released: [],
    started: [],
    cancelAcknowledged: [],
    slots: undefined,
    draining: undefined,
  };
}
