// Everything that can go wrong with a cluster. A fault begins, lasts, and ends: what it did is then undone. While it
// lasts nobody else touches the same things.

import type { TcpProxy } from '../../../harness/proxy.ts';
import type { Cluster } from '../places/cluster.ts';
import type { Place } from '../places/place.ts';
import type { Hit } from './journal.ts';

/** One fault that is to come. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** Milliseconds after the beginning. */
  readonly atMs: number;
  readonly lastsMs: number;
  /** Numbers of an agent and of a coordinator; the kind says which of them matter. */
  readonly agent: number;
  readonly coordinator: number;
  /** 0 ≤ n < 1: whatever else the kind leaves to chance. */
  readonly whim: number;
}

/** A kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** How often it is chosen, compared with the others. */
  readonly weight: number;
  /** Shortest and longest, in milliseconds. */
  readonly lastsMs: readonly [least: number, most: number];
  readonly needsNats?: true;
  /** What it touches: `agent-2`, `postgres`. */
  touches(fault: PlannedFault): readonly string[];
  begin(cluster: Cluster, fault: PlannedFault): unknown;
  end(cluster: Cluster, fault: PlannedFault): unknown;
  /** Who cannot reach whom meanwhile. Undefined: nobody is kept from anybody for long. */
  hits?(fault: PlannedFault, cluster: Cluster): Omit<Hit, 'from' | 'to'>;
  /** True: those that are hit do not come to life again; others may, at their place. */
  readonly isForEver?: true;
  /** True: it keeps nobody from anybody, unless something else is wrong at the same time. */
  readonly harmlessAlone?: true;
  /** An addition to the time in which they cannot: what was hit needs so long to come to itself. */
  readonly lingersMs?: number;
}

const agentOf = ({ agents }: Cluster, { agent }: PlannedFault) => agents[agent % agents.length];
const coordinatorOf = ({ coordinators }: Cluster, { coordinator }: PlannedFault) =>
  coordinators[coordinator % coordinators.length];
const agentIdOf = (place: Place | undefined) => place && `${place.name}.${place.life}`;
const hitsAgent = ({ agent }: PlannedFault) => ({ agent });
const hitsCoordinator = ({ coordinator }: PlannedFault) => ({ coordinator });
const touchesAgent = ({ agent }: PlannedFault) => [`agent-${agent}`];
const touchesCoordinator = ({ coordinator }: PlannedFault) => [`coordinator-${coordinator}`];

const processKinds: readonly FaultKind[] = [
  {
    ...{ name: 'agent killed', weight: 3, lastsMs: [200, 6_000] },
    ...{ touches: touchesAgent, isForEver: true },
    hits: (fault, cluster) => ({ agentId: agentIdOf(agentOf(cluster, fault)) }),
    begin: (cluster, fault) => agentOf(cluster, fault)?.kill(),
    end: (cluster, fault) => agentOf(cluster, fault)?.start(),
  },
  {
    ...{ name: 'agent stopped in order', weight: 2, lastsMs: [200, 4_000] },
    // It leaves after a while, even if nobody can be told what it ended.
    ...{ touches: touchesAgent, isForEver: true, harmlessAlone: true },
    hits: (fault, cluster) => ({ agentId: agentIdOf(agentOf(cluster, fault)) }),
    begin: (cluster, fault) => agentOf(cluster, fault)?.terminate(),
    end: (cluster, fault) => agentOf(cluster, fault)?.start(),
  },
  {
    ...{ name: 'agent frozen', weight: 3, lastsMs: [2_000, 13_000] },
    ...{ touches: touchesAgent, hits: hitsAgent },
    begin: (cluster, fault) => agentOf(cluster, fault)?.freeze(),
    end: (cluster, fault) => agentOf(cluster, fault)?.thaw(),
  },
  {
    ...{ name: 'coordinator killed', weight: 3, lastsMs: [200, 6_000] },
    ...{ touches: touchesCoordinator, hits: hitsCoordinator },
    begin: (cluster, fault) => coordinatorOf(cluster, fault)?.kill(),
    end: (cluster, fault) => coordinatorOf(cluster, fault)?.start(),
  },
  {
    ...{ name: 'coordinator stopped in order', weight: 2, lastsMs: [200, 4_000] },
    ...{ touches: touchesCoordinator, hits: hitsCoordinator },
    begin: (cluster, fault) => coordinatorOf(cluster, fault)?.terminate(),
    end: (cluster, fault) => coordinatorOf(cluster, fault)?.start(),
  },
  {
    ...{ name: 'coordinator frozen', weight: 3, lastsMs: [2_000, 13_000], lingersMs: 2_000 },
    ...{ touches: touchesCoordinator, hits: hitsCoordinator },
    begin: (cluster, fault) => coordinatorOf(cluster, fault)?.freeze(),
    end: (cluster, fault) => coordinatorOf(cluster, fault)?.thaw(),
  },
];

/** Makes a wire bad, in one of these ways. */
const weathers: readonly ((wire: TcpProxy, whim: number) => unknown)[] = [
  (wire) => wire.drop('up'),
  (wire) => wire.drop('down'),
  (wire) => wire.drop('both'),
  (wire) => wire.hold('up'),
  (wire) => wire.hold('both'),
  (wire, whim) => wire.delay(20 + whim * 200),
  (wire) => wire.cut(),
  (wire) => {
    wire.refuse();
    wire.cut();
  },
];

function worsen(wires: readonly (TcpProxy | undefined)[], { whim }: PlannedFault): void {
  const which = whim * weathers.length;
  for (const wire of wires) if (wire) weathers[Math.floor(which)]?.(wire, which % 1);
}

const healAll = (wires: readonly (TcpProxy | undefined)[]) => {
  for (const wire of wires) wire?.heal();
};

type Chosen = (cluster: Cluster, fault: PlannedFault) => readonly (TcpProxy | undefined)[];

function wireKind(
  facts: Pick<FaultKind, 'name' | 'weight' | 'touches' | 'hits'>,
  chosen: Chosen,
): FaultKind {
  return {
    ...facts,
    ...{ lastsMs: [1_000, 12_000], lingersMs: 1_000 },
    begin: (cluster, fault) => worsen(chosen(cluster, fault), fault),
    end: (cluster, fault) => healAll(chosen(cluster, fault)),
  };
}

const wireKinds: readonly FaultKind[] = [
  wireKind(
    {
      ...{ name: 'wire between an agent and a coordinator', weight: 3 },
      ...{ touches: () => ['wires of agents'] },
      hits: ({ agent, coordinator }) => ({ agent, coordinator }),
    },
    ({ wires }, { agent, coordinator }) => [wires.agents[agent]?.[coordinator]],
  ),
  wireKind(
    {
      ...{ name: 'all wires of an agent', weight: 3 },
      ...{ touches: () => ['wires of agents'], hits: hitsAgent },
    },
    ({ wires }, { agent }) => wires.agents[agent] ?? [],
  ),
  wireKind(
    {
      ...{ name: 'wires of all agents to a coordinator', weight: 2 },
      ...{ touches: () => ['wires of agents'], hits: hitsCoordinator },
    },
    ({ wires }, { coordinator }) => wires.agents.map((row) => row[coordinator]),
  ),
  wireKind(
    { name: 'wire between clients and a coordinator', weight: 2, touches: () => ['clients'] },
    ({ wires }, { coordinator }) => [wires.clients[coordinator]],
  ),
  wireKind(
    {
      ...{ name: 'wire between a coordinator and Postgres', weight: 3 },
      touches: ({ coordinator }) => [`database wire ${coordinator}`],
      hits: hitsCoordinator,
    },
    ({ wires }, { coordinator }) => [wires.databases[coordinator]],
  ),
];

const touchesPostgres = () => ['postgres'];
const touchesNats = () => ['nats'];

const serverKinds: readonly FaultKind[] = [
  {
    ...{ name: 'Postgres restarted', weight: 2, lastsMs: [0, 300], touches: touchesPostgres },
    begin: ({ postgres }, { whim }) => postgres.stop(whim < 0.5 ? 'fast' : 'immediate'),
    end: ({ postgres }) => postgres.start(),
  },
  {
    ...{ name: 'Postgres stopped for a while', weight: 2, lastsMs: [2_000, 9_000] },
    touches: touchesPostgres,
    begin: ({ postgres }) => postgres.stop('fast'),
    end: ({ postgres }) => postgres.start(),
  },
  {
    ...{ name: 'all connections ended by Postgres', weight: 2, lastsMs: [0, 0] },
    touches: touchesPostgres,
    begin: ({ postgres }) => postgres.killConnections(),
    end: () => {},
  },
  {
    ...{ name: 'NATS stopped', weight: 2, lastsMs: [1_000, 10_000], touches: touchesNats },
    needsNats: true,
    begin: ({ nats }) => nats?.server.stop(),
    end: ({ nats }) => nats?.server.start(),
  },
  {
    ...{ name: 'messages of NATS meddled with', weight: 3, lastsMs: [3_000, 13_000] },
    ...{ touches: touchesNats, needsNats: true },
    begin: ({ nats }, { whim }) => {
      const ways = ['drop', 'double', 'reorder'] as const;
      nats?.meddler.meddle(ways[Math.floor(whim * ways.length)], 0.3 + 0.7 * ((whim * 10) % 1));
    },
    end: ({ nats }) => nats?.meddler.meddle(undefined),
  },
];

/** All kinds. */
export const faultKinds: readonly FaultKind[] = [...processKinds, ...wireKinds, ...serverKinds];
