/** Strategies that choose by what was chosen before. */
import { hash } from 'node:crypto';
import { firstBy, hasRoom, type Rule, type Scene, type Seat, textOrder } from './candidate.ts';
import { placementLimits } from './limits.ts';
import { leastLoaded } from './picks.ts';

/**
 * The next one with a free slot after the one that was chosen last, which is remembered with the time at which it joined:
 * so the round goes on from there also when that one has gone. Who has no free slot loses its turn.
 *
 * There is one round for all tasks. Where their selectors differ much, LEAST_RECENTLY_USED is fairer, because it counts for
 * each agent when it was chosen.
 */
export const roundRobin: Rule = ({ seats, memory }) => {
  const free = seats.filter(hasRoom);
  const [[sessionId, joinedAt] = ['', Number.NEGATIVE_INFINITY]] = memory.numbers;
  const after = free.find(({ candidate }) =>
    candidate.joinedAt === joinedAt
      ? textOrder(candidate.sessionId, sessionId) > 0
      : candidate.joinedAt > joinedAt,
  );
  const next = after ?? free[0] ?? null;
  if (next !== null) {
    memory.numbers.clear();
    memory.numbers.set(next.candidate.sessionId, next.candidate.joinedAt);
  }
  return next;
};

/**
 * nginx's smooth weighted round robin: each one with a free slot gains its weight, the one that has most is chosen and pays
 * what all have gained. Who has no free slot gains nothing meanwhile.
 */
export const weightedRoundRobin: Rule = ({ seats, memory: { numbers } }) => {
  const free = seats.filter(hasRoom);
  const credit = numberIn(numbers);
  let total = 0;
  for (const seat of free) {
    const { sessionId, weight } = seat.candidate;
    numbers.set(sessionId, credit(seat) + weight);
    total += weight;
  }
  const chosen = firstBy(free, (a, b) => credit(b) - credit(a));
  if (chosen !== null) numbers.set(chosen.candidate.sessionId, credit(chosen) - total);
  return chosen;
};

/** Choices are numbered; the one with the lowest last number is chosen, those that were never chosen before all others. */
export const leastRecentlyUsed: Rule = ({ seats, memory: { numbers } }) => {
  const used = numberIn(numbers);
  const chosen = firstBy(seats.filter(hasRoom), (a, b) => used(a) - used(b));
  if (chosen !== null)
    numbers.set(chosen.candidate.sessionId, 1 + Math.max(0, ...numbers.values()));
  return chosen;
};

/** The least count of choices. A newcomer starts at the least count of the others, else it would get everything for long. */
export const leastFrequentlyUsed: Rule = ({ seats, memory: { numbers } }) => {
  const known = seats.flatMap(({ candidate }) => numbers.get(candidate.sessionId) ?? []);
  if (known.length < seats.length) {
    const least = known.length === 0 ? 0 : Math.min(...known);
    for (const { candidate } of seats)
      if (!numbers.has(candidate.sessionId)) numbers.set(candidate.sessionId, least);
  }
  const count = numberIn(numbers);
  const chosen = firstBy(seats.filter(hasRoom), (a, b) => count(a) - count(b));
  if (chosen !== null) numbers.set(chosen.candidate.sessionId, count(chosen) + 1);
  return chosen;
};

/**
 * The agent that was chosen for the key last, free or not, while it is there; else the least loaded one, which is
 * remembered from then on. A task without a key goes to the least loaded one. Of a key only 66 bits of its hash are kept.
 */
export const sticky: Rule = (scene) => {
  if (scene.key === null) return leastLoaded(scene);
  const { agents } = scene.memory;
  const key = hash('sha1', scene.key, 'base64url').slice(0, 11);
  const chosen = sameAgent(scene, agents.get(key)) ?? leastLoaded(scene);
  if (chosen === null || !hasRoom(chosen)) return chosen;
  agents.delete(key);
  agents.set(key, chosen.candidate.agentId);
  for (const oldest of agents.keys()) {
    if (agents.size <= placementLimits.keysMax) break;
    agents.delete(oldest);
  }
  return chosen;
};

/** The session of an agent, one with a free slot if there are several; a preference does not count against it. */
function sameAgent({ all }: Scene, agentId: string | undefined) {
  const own = all.filter(({ candidate }) => candidate.agentId === agentId);
  return own.find(hasRoom) ?? own[0] ?? null;
}

/** The number that is remembered of a seat; 0: none is. */
function numberIn(numbers: ReadonlyMap<string, number>): (seat: Seat) => number {
  return ({ candidate }) => numbers.get(candidate.sessionId) ?? 0;
}
