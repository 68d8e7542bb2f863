/**
 * Chooses agents for a batch of tasks of one handler, and says what its strategy must remember for the next batch.
 *
 * Whoever places holds the lock of the row in which the state is kept, reads who is there, and stores the state that is answered.
 * A state of another strategy counts as none, and agents that have gone are forgotten; those that come back are newcomers.
 * STICKY keeps what it knows of them until another agent is chosen for the key.
 *
 * Each task costs a few looks at each candidate: with 1,000 of them 0.2 ms at most, whatever the strategy, and a batch 1.5 ms
 * at most besides. 10,000 sticky keys cost a batch 2 ms, and 3 ms more to be read and written as JSON (all measured). With more
 * than `agentsMax` candidates, WEIGHTED_ROUND_ROBIN, LEAST_RECENTLY_USED and LEAST_FREQUENTLY_USED remember nothing and
 * choose by chance, the first one by weights.
 */
import {
  type Candidate,
  hasRoom,
  inJoinOrder,
  type Memory,
  type Rule,
  type Scene,
  type Seat,
} from './candidate.ts';
import { consistentHash } from './consistent-hash.ts';
import { placementLimits } from './limits.ts';
import { busyOver, failover, first, last, leastLoaded, random, weightedRandom } from './picks.ts';
import {
  leastFrequentlyUsed,
  leastRecentlyUsed,
  roundRobin,
  sticky,
  weightedRoundRobin,
} from './remembered.ts';
import type { Strategy, StrategyName } from './strategy.ts';

/** A task that is to be placed. */
export type Ask = {
  /** For CONSISTENT_HASH and STICKY. */
  readonly key: string | null;
  /**
   * The candidates that it may run on, best ones first, each tier of equals; null: all of them. A tier is tried when in those
   * before it nobody is chosen and nobody is waited for. Tasks with the same selector should share one array.
   */
  readonly tiers: readonly (readonly Candidate[])[] | null;
};

/** What becomes of a task. */
export type Choice =
  | { readonly kind: 'CHOSEN'; readonly candidate: Candidate }
  /** The strategy binds it to this one, which has no free slot. */
  | { readonly kind: 'WAITS_FOR'; readonly candidate: Candidate }
  /** There are candidates, but none has a free slot; with BUSY_OVER: all of them run something. */
  | { readonly kind: 'ALL_BUSY' }
  /** There is no candidate. */
  | { readonly kind: 'NOBODY' };

/** What a strategy remembers, as it is stored. */
export type StrategyState = {
  readonly strategy: StrategyName;
  readonly numbers: readonly (readonly [string, number])[];
  readonly agents: readonly (readonly [string, string])[];
};

/** The choices, in the order of the asks, and the state after them; null: there is nothing to remember. */
export type Placement = {
  readonly choices: readonly Choice[];
  readonly state: StrategyState | null;
};

/** Chooses for each ask, one after the other; `candidates` are all that are there, `chance`: 0 ≤ n < 1. */
export function place(
  strategy: Strategy,
  candidates: readonly Candidate[],
  state: StrategyState | null,
  asks: readonly Ask[],
  chance: () => number,
): Placement {
  const seats = candidates
    .map((candidate) => ({ candidate, busy: candidate.busy }))
    .sort(inJoinOrder);
  const memory = memoryOf(strategy.name, state, seats);
  const rule = ruleOf(strategy, seats.length);
  const seatsOf = seating(seats);
  const choices = asks.map(({ key, tiers }) => {
    const table = seatsOf(tiers);
    return choose(rule, table.tiers, { all: table.all, key, memory, chance });
  });
  return { choices, state: stateOf(strategy.name, memory) };
}

function choose(rule: Rule, tiers: readonly Seat[][], scene: Omit<Scene, 'seats'>): Choice {
  for (const seats of tiers) {
    const seat = rule({ ...scene, seats });
    if (seat === null) continue;
    const { candidate } = seat;
    if (!hasRoom(seat)) return { kind: 'WAITS_FOR', candidate };
    seat.busy += 1;
    return { kind: 'CHOSEN', candidate };
  }
  return { kind: tiers.length === 0 ? 'NOBODY' : 'ALL_BUSY' };
}

/** The seats of an ask; no tier is empty. */
type Table = { readonly tiers: readonly Seat[][]; readonly all: readonly Seat[] };

/** Finds the seats of asks, for each array of tiers once. */
function seating(seats: Seat[]): (tiers: Ask['tiers']) => Table {
  const bySession = new Map(seats.map((seat) => [seat.candidate.sessionId, seat]));
  const known = new Map<Ask['tiers'], Table>();
  return (asked) => {
    let table = known.get(asked);
    if (table === undefined) {
      const tiers = asked?.map((tier) => seatsIn(tier, bySession)) ?? [seats];
      table = { tiers: tiers.filter(({ length }) => length > 0), all: tiers.flat() };
      known.set(asked, table);
    }
    return table;
  };
}

function seatsIn(tier: readonly Candidate[], bySession: ReadonlyMap<string, Seat>): Seat[] {
  return tier.flatMap(({ sessionId }) => bySession.get(sessionId) ?? []).sort(inJoinOrder);
}

function memoryOf(name: StrategyName, state: StrategyState | null, seats: Seat[]): Memory {
  if (state?.strategy !== name) return { numbers: new Map(), agents: new Map() };
  const numbers = new Map(state.numbers);
  const agents = new Map(state.agents);
  // A round goes on from where it was, also when the one that was chosen last has gone.
  if (name === 'ROUND_ROBIN') return { numbers, agents };
  const here = new Set<string>(seats.map(({ candidate }) => candidate.sessionId));
  for (const id of numbers.keys())
    if (!here.has(id) || here.size > placementLimits.agentsMax) numbers.delete(id);
  return { numbers, agents };
}

function stateOf(strategy: StrategyName, { numbers, agents }: Memory): StrategyState | null {
  if (numbers.size === 0 && agents.size === 0) return null;
  return { strategy, numbers: [...numbers], agents: [...agents] };
}

function ruleOf(strategy: Strategy, candidates: number): Rule {
  const isMany = candidates > placementLimits.agentsMax;
  switch (strategy.name) {
    case 'ROUND_ROBIN':
      return roundRobin;
    case 'WEIGHTED_ROUND_ROBIN':
      return isMany ? weightedRandom : weightedRoundRobin;
    case 'RANDOM':
      return random;
    case 'WEIGHTED_RANDOM':
      return weightedRandom;
    case 'LEAST_LOADED':
      return leastLoaded;
    case 'CONSISTENT_HASH':
      return consistentHash(strategy.loadSlack);
    case 'STICKY':
      return sticky;
    case 'LEAST_RECENTLY_USED':
      return isMany ? random : leastRecentlyUsed;
    case 'LEAST_FREQUENTLY_USED':
      return isMany ? random : leastFrequentlyUsed;
    case 'FIRST':
      return first;
    case 'LAST':
      return last;
    case 'FAILOVER':
      return failover(strategy.order, strategy.waits);
    case 'BUSY_OVER':
      return busyOver(strategy.order);
  }
}
