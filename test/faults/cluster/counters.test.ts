// One of two coordinators is killed between two steps of a hand-over, and its agents go on at the other. None of the
// slots leaks, none is given twice: at most as many run as there are slots, and all of them can be had again.

import { after, before, describe, it } from 'node:test';
import { type PostgresServer, startPostgres } from '../../harness/postgres.ts';
import type { Piece, Verdict } from '../../harness/proxy.ts';
import { type CountedStage, expectCounted } from '../counted.ts';
import type { FlushKind } from '../postgres-wire.ts';
import { type Moment, type Step, steps, watchFlushes } from '../steps.ts';
import type { Wires } from './network/wires.ts';
import { type Cluster, startCluster } from './places/cluster.ts';

/** So many agents that each coordinator comes to have one: only then are there eager starts. */
const shape = { coordinators: 2, agents: 4, slots: 2, withoutNats: true };

/** The steps at which a count and what it counts come apart most easily; the others are in ../counters.test.ts. */
const chosen = steps.filter(({ name }) =>
  [
    ...['eager start stored, not answered', 'claim stored, not answered'],
    ...['accepted, start not read', 'outcome recorded, not answered'],
  ].includes(name),
);

/** What is to happen on each wire to the coordinators that stand. */
interface Armed {
  readonly step: Step;
  readonly ids: readonly string[];
  /** A moment remembers what has gone by, so each wire has its own. */
  readonly moments: Map<object, Moment>;
}

/** Starts two coordinators that can be killed at moments seen on their wires. */
async function startStage(postgres: PostgresServer) {
  let armed: Armed | undefined;
  let victim = 0;
  let dead = Promise.withResolvers<void>();
  const judge = ({ wire, at, piece, flush, coordinator }: Seen): Verdict => {
    if (armed?.step.at !== at) return 'pass';
    const moment = armed.moments.get(wire) ?? armed.step.moment();
    armed.moments.set(wire, moment);
    if (!moment(piece, armed.ids, flush)) return 'pass';
    armed = undefined;
    victim = coordinator;
    void cluster.coordinators[coordinator]?.kill().then(dead.resolve);
    return 'drop';
  };
  const cluster = await startCluster(postgres, shape, { wired: (wires) => listen(wires, judge) });
  const client = cluster.connect('60s');
  const stage: CountedStage = {
    client,
    slots: shape.agents * shape.slots,
    arm(step, ids) {
      dead = Promise.withResolvers();
      armed = { step, ids, moments: new Map() };
    },
    death: () => dead.promise,
    revive: async () => cluster.coordinators[victim]?.start(),
    async countRunning() {
      const answers = await Promise.all(
        cluster.agents.map(({ name, life }) =>
          client.services.fleet.getAgent({ id: `${name}.${life}` }),
        ),
      );
      return answers.reduce((sum, { agent }) => sum + (agent?.running ?? 0), 0);
    },
  };
  return { cluster, stage };
}

/** Bytes on a wire of a coordinator. */
interface Seen {
  readonly wire: object;
  readonly coordinator: number;
  readonly at: Step['at'];
  readonly piece: Piece;
  readonly flush?: FlushKind | undefined;
}

function listen({ agents, databases }: Wires, judge: (seen: Seen) => Verdict): void {
  for (const row of agents)
    for (const [coordinator, wire] of row.entries())
      wire.inspect((piece) => judge({ wire, coordinator, at: 'agent', piece }));
  for (const [coordinator, wire] of databases.entries())
    watchFlushes(wire, (piece, flush) =>
      judge({ wire, coordinator, at: 'database', piece, flush }),
    );
}

describe('counters of two coordinators, one of which dies [postgres]', () => {
  let postgres: PostgresServer;
  let cluster: Cluster;
  let stage: CountedStage;
  before(async () => {
    postgres = await startPostgres();
    ({ cluster, stage } = await startStage(postgres));
  });
  after(async () => {
    await cluster.stop();
    await postgres.stop('immediate');
  });

  for (const step of chosen)
    it(`camunda#59633, hatchet#4494: slots are counted as rows hold them (${step.name})`, async () => {
      await expectCounted(stage, step);
    });
});
