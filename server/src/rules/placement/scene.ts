/** Candidates and rounds for the tests of these rules. */
import type { SessionId } from '../task.ts';
import type { Candidate } from './candidate.ts';
import { type Ask, type Choice, place, type StrategyState } from './place.ts';
import type { Strategy } from './strategy.ts';

/** A candidate with room for everything; those with a later id have joined later. */
export function candidate(agentId: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    ...{ sessionId: `session of ${agentId}` as SessionId, agentId, labels: {} },
    ...{ slots: 1_000_000, busy: 0, weight: 100, load: null },
    joinedAt: agentId.charCodeAt(0),
    ...changes,
  };
}

/** So many candidates, with ids `agent-0`, `agent-1`, and so on, that joined in this order. */
export function fleet(count: number, changes: Partial<Candidate> = {}): Candidate[] {
  return Array.from({ length: count }, (_, n) =>
    candidate(`agent-${n}`, { joinedAt: n, ...changes }),
  );
}

/** A chance that a seed repeats: Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many tasks with the same key. */
export function asks(count: number, key: string | null = null): Ask[] {
  return Array.from({ length: count }, () => ({ key, tiers: null }));
}

/** A choice in short: the agent's id, `waits for` it, or why there is none. */
export function told(choice: Choice): string {
  switch (choice.kind) {
    case 'CHOSEN':
      return choice.candidate.agentId;
    case 'WAITS_FOR':
      return `waits for ${choice.candidate.agentId}`;
    default:
      return choice.kind;
  }
}

/** Batches of one strategy; its state goes from one to the next by way of JSON, as it is stored. */
export function createBatches(strategy: Strategy, seed = 1) {
  const chance = seeded(seed);
  let stored = 'null';
  return {
    /** What becomes of so many tasks, or of these. */
    next(candidates: readonly Candidate[], tasks: number | readonly Ask[]): string[] {
      const state = JSON.parse(stored) as StrategyState | null;
      const batch = typeof tasks === 'number' ? asks(tasks) : tasks;
      const placement = place(strategy, candidates, state, batch, chance);
      stored = JSON.stringify(placement.state);
      return placement.choices.map(told);
    },
    state: () => JSON.parse(stored) as StrategyState | null,
  };
}

/** Pearson's statistic of how far counts are from what they should be. */
export function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, n, i) => sum + (n - (expected[i] ?? 0)) ** 2 / (expected[i] ?? 1), 0);
}
