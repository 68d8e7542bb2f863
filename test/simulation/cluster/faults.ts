// What goes wrong, when chance says so: on machines, between them, and at the database.

import type { AgentPlace } from './agent.ts';
import type { CoordinatorPlace, Surroundings } from './coordinator.ts';

/** What can be broken. */
export interface Breakable extends Surroundings {
  readonly agents: readonly AgentPlace[];
  readonly coordinators: readonly CoordinatorPlace[];
}

/** Breaks one thing; it mends itself within about `longestMs`. */
export function breakSomething(cluster: Breakable, longestMs: number): void {
  const { chance, network, world, database } = cluster;
  const agent = chance.pick(cluster.agents);
  const coordinator = chance.pick(cluster.coordinators);
  const ms = chance.spread(longestMs / 100, longestMs);
  const how = chance.pick(['killed', 'vanished'] as const);
  const path = network.path(agent.host, coordinator.address);
  const fall = (...directions: readonly (typeof path.there)[]) => {
    for (const direction of directions) {
      direction.fall();
      world.after(ms, () => direction.heal());
    }
  };
  const kinds: readonly (() => void)[] = [
    () => network.cut(agent.process),
    () => fall(path.there),
    () => fall(path.back),
    () => fall(path.there, path.back),
    () => path.there.slow(ms / 4, ms),
    () => path.back.slow(ms / 4, ms),
    () => agent.restart(how, ms),
    () => agent.drain(ms),
    () => agent.process.stall(ms),
    () => agent.process.stall(ms),
    () => coordinator.restart(how, ms),
    () => coordinator.process.stall(ms),
    () => {
      database.isAway = true;
      world.after(ms / 4, () => {
        database.isAway = false;
      });
    },
    () => {
      database.lossShare = chance.between(0.02, 0.5);
      world.after(ms / 4, () => {
        database.lossShare = 0;
      });
    },
  ];
  const kind = chance.whole(0, kinds.length - 1);
  if (process.env.MUSTER_SIMULATION_TASK)
    console.log(
      `${Math.round(world.now())} ms: fault ${kind} ${agent.host} ${coordinator.address} ${how} for ${Math.round(ms)} ms`,
    );
  kinds[kind]?.();
}

/** Everything that can be mended from outside is: from now on nothing goes wrong. */
export function mendEverything({ network, database, agents, coordinators }: Breakable): void {
  network.heal();
  database.isAway = false;
  database.lossShare = 0;
  for (const { process } of [...agents, ...coordinators]) process.wake();
}
