/** Who may be chosen, and what a strategy sees when it chooses. */
import type { Labels, SessionId } from '../task.ts';

/** An agent's session that may be chosen. Agent ids are not unique: their owners make them so, or not. */
export type Candidate = {
  readonly sessionId: SessionId;
  readonly agentId: string;
  readonly labels: Labels;
  readonly slots: number;
  /** Slots that are taken: by what runs and by what is placed already. */
  readonly busy: number;
  readonly weight: number;
  /** 0 to 1, as the agent reported it; null: it reports none. */
  readonly load: number | null;
  readonly joinedAt: number;
};

/** A candidate while a batch is placed. */
export type Seat = {
  readonly candidate: Candidate;
  /** Slots that are taken, by this batch too. */
  busy: number;
};

/** What a strategy remembers while a batch is placed; it changes both in place. */
export type Memory = {
  /** By session id; what the number means is the strategy's own. */
  readonly numbers: Map<string, number>;
  /** By hash of a key the agent id, the key that was used last at the end. */
  readonly agents: Map<string, string>;
};

/** One choice that is to be made. */
export type Scene = {
  /** The candidates to choose from, at least one, in the order in which they joined. */
  readonly seats: readonly Seat[];
  /** All candidates that the task may run on, also those that it would rather not. */
  readonly all: readonly Seat[];
  readonly key: string | null;
  readonly memory: Memory;
  /** 0 ≤ n < 1. */
  readonly chance: () => number;
};

/**
 * A strategy at work: whom it chooses; null: nobody now. If the chosen one has no free slot, the task must wait for it, and
 * nothing was changed in the memory.
 */
export type Rule = (scene: Scene) => Seat | null;

/** Whether one more task finds a free slot. */
export function hasRoom({ candidate, busy }: Seat): boolean {
  return busy < candidate.slots;
}

/** The seat that goes before all others in an order, the first of equals; null if there is none. */
export function firstBy(seats: readonly Seat[], order: (a: Seat, b: Seat) => number): Seat | null {
  let best: Seat | null = null;
  for (const seat of seats) if (best === null || order(seat, best) < 0) best = seat;
  return best;
}

/** Oldest session first. */
export function inJoinOrder(a: Seat, b: Seat): number {
  const [one, other] = [a.candidate, b.candidate];
  if (one.joinedAt !== other.joinedAt) return one.joinedAt - other.joinedAt;
  return textOrder(one.sessionId, other.sessionId);
}

/** By code units, the same on every machine. */
export function textOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
