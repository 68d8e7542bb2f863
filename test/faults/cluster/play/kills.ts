// Kills by chance, one after the other: what was killed is back before the next is.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../../simulation/world/chance.ts';
import type { Cluster } from '../places/cluster.ts';

/** How many places of each kind were killed. */
export interface Kills {
  readonly agents: number;
  readonly coordinators: number;
}

const agentShare = 0.4;

/**
 * Sends SIGKILL to agents and coordinators and starts them again, up to a moment in milliseconds since 1970. `betweenMs` lies
 * between the return of what was killed and the next kill: at least, and less than.
 */
export async function killUntil(
  endAt: number,
  { agents, coordinators }: Cluster,
  chance: Chance,
  betweenMs: readonly [least: number, most: number],
): Promise<Kills> {
  const kills = { agents: 0, coordinators: 0 };
  for (;;) {
    await sleep(chance.between(...betweenMs));
    if (Date.now() >= endAt) return kills;
    const kind = chance.happens(agentShare) ? 'agents' : 'coordinators';
    const place = chance.pick(kind === 'agents' ? agents : coordinators);
    await place.kill();
    await place.start();
    kills[kind] += 1;
  }
}
