// What will go wrong, when and for how long: decided by a seed before anything starts, so that the same seed makes the
// same trouble.

import type { Chance } from '../../../simulation/world/chance.ts';
import type { ClusterShape } from '../places/cluster.ts';
import { faultKinds, type PlannedFault } from './fault-kinds.ts';

/** How much goes wrong. */
export interface Trouble {
  /** Faults begin within so many milliseconds. */
  readonly faultyMs: number;
  /** Mean time between two of them. */
  readonly everyMs: number;
  /** No fault lasts longer. */
  readonly lastsMaxMs: number;
}

/** Everything that goes wrong, in order. */
export function planFaults(chance: Chance, trouble: Trouble, shape: ClusterShape): PlannedFault[] {
  const kinds = faultKinds.filter(({ needsNats }) => !needsNats || !shape.withoutNats);
  const tickets = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  const faults: PlannedFault[] = [];
  const wait = () => chance.between(0.4, 1.6) * trouble.everyMs;
  for (let atMs = wait() / 2; atMs < trouble.faultyMs; atMs += wait()) {
    const kind = chance.pick(tickets);
    const lastsMs = Math.min(chance.between(...kind.lastsMs), trouble.lastsMaxMs);
    const agent = chance.whole(0, shape.agents - 1);
    const coordinator = chance.whole(0, shape.coordinators - 1);
    faults.push({ kind, atMs, lastsMs, agent, coordinator, whim: chance.number() });
  }
  return faults;
}
