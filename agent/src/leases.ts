// The leases that this agent holds: what is assigned, runs, and ends.
//
//   assigned ─▶ waiting ─▶ running ─▶ finished (in the outbox) ─▶ acknowledged: forgotten
//      │           │          │           │
//   declined    released   forgotten   forgotten        forgotten: the lease is void. A running
//                                                       handler is asked to stop and not heard.
//
// At most one lease of a task is waiting or running; a later epoch proves the earlier void.
// An attempt begins only while `mayStart` holds. Bounded by slots: see `heldMax`.

import type { HandlerFailure } from '@muster/sdk/internal';
import type { Assigned, LeaseRef } from './attempt/lease.ts';
import type { Reports } from './attempt/reports.ts';
import { Stop } from './attempt/stop.ts';
import type { Executor } from './executors/executor.ts';
import type { Clock } from './link/clock.ts';
import type { Outgoing } from './link/outgoing.ts';
import type { Outbox } from './outbox.ts';
import { failureInTime, type RunnerEnvironment, runAttempt } from './runner.ts';
import type { Slots, SlotTaken } from './slots.ts';

/** Waiting leases that even an agent with few slots takes: short tasks are sent ahead. */
const aheadMin = 2_000;

/** A drain does not wait longer than this for a handler that was told of it. */
const interruptGraceMsMax = 5000;

interface Held {
  readonly assigned: Assigned;
  readonly stop: Stop;
  /** Undefined while it waits. */
  slot: SlotTaken | undefined;
}

/** What the leases need of the rest of the agent. */
export interface LeasesOptions {
  readonly clock: Clock;
  readonly slots: Slots;
  readonly outbox: Outbox;
  readonly reports: Reports;
  readonly outgoing: Outgoing;
  readonly coder: RunnerEnvironment['coder'];
  readonly limits: RunnerEnvironment['limits'];
  /** Undefined: the agent has no such handler. */
  executorOf(handler: string): Executor | undefined;
  /** Whether the coordinator is known to count on us. */
  mayStart(): boolean;
  /** Something has ended or was answered. */
  changed(): void;
}

/** Everything the agent holds. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #environment: RunnerEnvironment;
  readonly #waiting = new Map<string, Held>();
  readonly #running = new Map<string, Held>();
  /** Whether what waits is being begun: an attempt that ends at once frees its slot on the way. */
  #starting = false;
  #takesNoMore: string | undefined;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#environment = {
      clock: options.clock,
      coder: options.coder,
      limits: options.limits,
      reports: options.reports,
      reported: () => options.outgoing.flushSoon(),
      finished: (assigned, ended) => {
        const held = this.#running.get(assigned.ref.taskId);
        if (held?.assigned === assigned) this.#running.delete(assigned.ref.taskId);
        if (ended && held?.assigned === assigned) options.outbox.add(ended);
        options.outgoing.flushSoon();
        options.changed();
      },
      freed: () => {
        this.startWaiting();
        options.changed();
      },
    };
  }

  /** Leases whose handler runs. */
  get runningCount(): number {
    return this.#running.size;
  }

  /** New assignments: taken in, or declined with a reason. */
  assign(assignments: readonly Assigned[]): void {
    for (const assigned of assignments) {
      const isHeld = this.has(assigned.ref);
      const refusal = this.#refusal(assigned, isHeld);
      if (refusal !== undefined) {
        this.#options.outgoing.declined(assigned.ref, refusal);
        continue;
      }
      this.#options.outgoing.accepted(assigned.ref);
      if (!isHeld) this.#take(assigned);
    }
    this.startWaiting();
  }

  /** Begins what waits and has a slot, in the order of assignment. */
  startWaiting(): void {
    if (this.#starting || this.#waiting.size === 0) return;
    const { slots, mayStart } = this.#options;
    this.#starting = true;
    try {
      for (const held of this.#waiting.values()) {
        // The handler before it may have kept the event loop for longer than the silence limit.
        if (!slots.anyFree || !mayStart()) return;
        if (slots.isFree(held.assigned.handler)) this.#start(held);
      }
    } finally {
      this.#starting = false;
    }
  }

  /** Somebody asked for the end of a task, or its deadline has passed. */
  cancel(ref: LeaseRef, cause: 'cancelled' | 'deadline', said: string): void {
    const { outgoing, outbox } = this.#options;
    const held = this.#find(ref);
    if (!held) {
      // Its outcome is on its way, or the coordinator learns here that we do not have it.
      if (!outbox.has(ref)) outgoing.released(ref);
      return;
    }
    outgoing.cancelAcknowledged(ref);
    if (held.slot) held.stop.ask(cause, said);
    else this.#endUnstarted(held, cause);
  }

  /** The coordinator wants these back unless they have begun. */
  revoke(ref: LeaseRef): void {
    const { outgoing, outbox } = this.#options;
    const held = this.#find(ref);
    if (held?.slot || outbox.has(ref)) {
      outgoing.started(ref);
      return;
    }
    if (held) this.#waiting.delete(ref.taskId);
    outgoing.released(ref);
  }

  /** The lease is void: the handler is asked to stop, and nobody hears of it. */
  forget(ref: LeaseRef): void {
    const { outbox, reports } = this.#options;
    outbox.forget(ref);
    reports.forget(ref);
    const held = this.#find(ref);
    if (!held) return;
    this.#waiting.delete(ref.taskId);
    this.#running.delete(ref.taskId);
    held.stop.ask('lapsed');
    held.slot?.stick();
    this.#options.changed();
  }

  /** Every lease is void. */
  forgetAll(): void {
    this.forgetUnfinished();
    this.#options.outbox.clear();
    this.#options.reports.clear();
  }

  /** Stops whatever waits or runs; outcomes stay to be sent. */
  forgetUnfinished(): void {
    for (const ref of this.#refs()) this.forget(ref);
  }

  /** From now on everything is declined with this reason. */
  takeNoMore(reason: string): void {
    this.#takesNoMore = reason;
  }

  /** Gives back what has not begun. */
  releaseWaiting(): void {
    for (const { assigned } of this.#waiting.values())
      this.#options.outgoing.released(assigned.ref);
    this.#waiting.clear();
    this.#options.changed();
  }

  /** Asks everything that runs to stop, to be given back as interrupted. */
  interruptRunning(): void {
    for (const { stop } of this.#running.values()) stop.ask('draining', '', interruptGraceMsMax);
  }

  /** Whether this lease waits, runs, or has an outcome without an answer. */
  has(ref: LeaseRef): boolean {
    return this.#find(ref) !== undefined || this.#options.outbox.has(ref);
  }

  /** Whether the handler of this lease has begun. */
  hasBegun(ref: LeaseRef): boolean {
    return this.#find(ref)?.slot !== undefined || this.#options.outbox.has(ref);
  }

  /** Everything held, by how far it is. */
  inventory(): { waiting: LeaseRef[]; running: LeaseRef[]; finished: LeaseRef[] } {
    const refs = (all: Map<string, Held>) => [...all.values()].map(({ assigned }) => assigned.ref);
    return {
      waiting: refs(this.#waiting),
      running: refs(this.#running),
      finished: this.#options.outbox.refs(),
    };
  }

  /** Leases that the agent may hold: those that run, as many sent ahead, and outcomes under way. */
  get heldMax(): number {
    const { total } = this.#options.slots;
    return total + Math.max(total, aheadMin);
  }

  #refusal({ ref, handler }: Assigned, isHeld: boolean): string | undefined {
    if (this.#takesNoMore !== undefined) return this.#takesNoMore;
    if (!this.#options.executorOf(handler)) return `The agent has no handler "${handler}".`;
    if (isHeld) return undefined;
    const held = this.#waiting.size + this.#running.size + this.#options.outbox.size;
    if (held >= this.heldMax) return `No slot: the agent holds ${held} leases already.`;
    const other = this.#other(ref);
    if (other && other.assigned.ref.leaseEpoch > ref.leaseEpoch) {
      return `The agent holds a later lease of this task: ${other.assigned.ref.leaseEpoch}.`;
    }
    return undefined;
  }

  #take(assigned: Assigned): void {
    const other = this.#other(assigned.ref);
    if (other) this.forget(other.assigned.ref);
    const stop = new Stop(this.#options.clock, assigned);
    this.#waiting.set(assigned.ref.taskId, { assigned, stop, slot: undefined });
  }

  #start(held: Held): void {
    const { assigned, stop } = held;
    const { clock, slots, outgoing, executorOf } = this.#options;
    if (assigned.deadlineAt !== undefined && assigned.deadlineAt <= clock.now()) {
      this.#endUnstarted(held, 'deadline');
      return;
    }
    const executor = executorOf(assigned.handler);
    if (!executor) return;
    this.#waiting.delete(assigned.ref.taskId);
    this.#running.set(assigned.ref.taskId, held);
    const slot = slots.take(assigned.handler);
    held.slot = slot;
    outgoing.started(assigned.ref);
    void runAttempt({ assigned, stop, slot, executor }, this.#environment);
  }

  /** Its end is known before its handler has begun. */
  #endUnstarted({ assigned }: Held, cause: 'cancelled' | 'deadline'): void {
    const { outbox, outgoing, changed } = this.#options;
    this.#waiting.delete(assigned.ref.taskId);
    const result =
      cause === 'cancelled'
        ? { cancelled: { outlivedGrace: false } }
        : { failure: deadlineBeforeStart() };
    outbox.add({ ref: assigned.ref, result, runMs: 0 });
    outgoing.flushSoon();
    changed();
  }

  #find(ref: LeaseRef): Held | undefined {
    const held = this.#other(ref);
    return held?.assigned.ref.leaseEpoch === ref.leaseEpoch ? held : undefined;
  }

  /** What waits or runs of this task, whatever its epoch. */
  #other({ taskId }: LeaseRef): Held | undefined {
    return this.#waiting.get(taskId) ?? this.#running.get(taskId);
  }

  #refs(): LeaseRef[] {
    return [...this.#waiting.values(), ...this.#running.values()].map(
      ({ assigned }) => assigned.ref,
    );
  }
}

function deadlineBeforeStart(): HandlerFailure {
  const message = 'The deadline of the task passed before its handler began.';
  return failureInTime('FAILURE_KIND_DEADLINE', 'DeadlinePassed', message);
}
