// Kills a coordinator at the commit of a turn of schedules, as seen on its wire to Postgres.

import { setTimeout as sleep } from 'node:timers/promises';
import { watchFlushes } from '../../steps.ts';
import type { Wires } from '../network/wires.ts';
import type { Cluster } from '../places/cluster.ts';
import type { Place } from '../places/place.ts';

/** Whether the database has heard of the commit. */
export type Moment = 'decided, not committed' | 'committed, not told';

/** Who sees all turns, and ends whoever takes one. */
export interface TurnKills {
  /** For the start of the cluster: must see every connection from its beginning. */
  readonly wired: (wires: Wires) => void;
  /** Kills whichever coordinator is at that moment of a turn next, but for so many turns that it lets pass. */
  kill(cluster: Cluster, moment: Moment, passed?: number): Promise<Place>;
}

const turnTimeoutMs = 20_000;

/** Watches the turns of a cluster that is to be started. */
export function watchTurns(): TurnKills {
  let wanted: Moment | undefined;
  let left = 0;
  let hit = Promise.withResolvers<number>();
  return {
    wired({ databases }) {
      for (const [at, wire] of databases.entries())
        watchFlushes(wire, ({ direction }, kind) => {
          const moment = direction === 'up' ? 'decided, not committed' : 'committed, not told';
          if (kind !== 'turn' || moment !== wanted) return 'pass';
          left -= 1;
          if (left >= 0) return 'pass';
          wanted = undefined;
          hit.resolve(at);
          return 'drop';
        });
    },
    async kill({ coordinators }, moment, passed = 0) {
      hit = Promise.withResolvers();
      left = passed;
      wanted = moment;
      const place = coordinators[await Promise.race([hit.promise, tooLate(moment)])];
      if (place === undefined) throw new Error('A wire has no coordinator.');
      await place.kill();
      return place;
    },
  };
}

async function tooLate(moment: Moment): Promise<never> {
  await sleep(turnTimeoutMs, undefined, { ref: false });
  throw new Error(`In ${turnTimeoutMs} ms no turn was ${moment}.`);
}
