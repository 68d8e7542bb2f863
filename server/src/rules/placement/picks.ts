/** Strategies that remember nothing: by chance, by load, by order. */
import { firstBy, hasRoom, type Rule, type Seat, textOrder } from './candidate.ts';

/** Any one with a free slot. */
export const random: Rule = ({ seats, chance }) => {
  const free = seats.filter(hasRoom);
  return free[Math.floor(chance() * free.length)] ?? null;
};

/** Any one with a free slot, each as likely as its weight is of all weights. */
export const weightedRandom: Rule = ({ seats, chance }) => {
  const free = seats.filter(hasRoom);
  let at = chance() * free.reduce((sum, { candidate }) => sum + candidate.weight, 0);
  const chosen = free.find(({ candidate }) => {
    at -= candidate.weight;
    return at < 0;
  });
  return chosen ?? free.at(-1) ?? null;
};

/** The greatest share of free slots, then the least load; those that report none come after those that do. */
export const leastLoaded: Rule = ({ seats }) => {
  const taken = ({ candidate, busy }: Seat) => busy / candidate.slots;
  const load = ({ candidate }: Seat) => candidate.load ?? Number.MAX_VALUE;
  return firstBy(seats.filter(hasRoom), (a, b) => taken(a) - taken(b) || load(a) - load(b));
};

/** The oldest session, free or not. */
export const first: Rule = ({ seats }) => seats[0] ?? null;

/** The newest session, free or not. */
export const last: Rule = ({ seats }) => seats.at(-1) ?? null;

/** The first in the order that is there, free or not; unless it `waits`, the first that has a free slot. */
export function failover(order: readonly string[], waits: boolean): Rule {
  const byOrder = inGivenOrder(order);
  return ({ seats }) => {
    const free = firstBy(seats.filter(hasRoom), byOrder);
    const there = firstBy(seats, byOrder);
    // Of several agents with one id, none is waited for while another one is free.
    return waits && free?.candidate.agentId !== there?.candidate.agentId ? there : free;
  };
}

/** The first in the order that runs nothing. */
export function busyOver(order: readonly string[]): Rule {
  const byOrder = inGivenOrder(order);
  return ({ seats }) =>
    firstBy(
      seats.filter((seat) => seat.busy === 0 && hasRoom(seat)),
      byOrder,
    );
}

/** By the place of its id in the list, and behind the list by id. */
function inGivenOrder(order: readonly string[]): (a: Seat, b: Seat) => number {
  const places = new Map(order.map((agentId, place) => [agentId, place]));
  const place = ({ candidate }: Seat) => places.get(candidate.agentId) ?? order.length;
  return (a, b) => place(a) - place(b) || textOrder(a.candidate.agentId, b.candidate.agentId);
}
