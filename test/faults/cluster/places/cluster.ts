// A whole cluster of real processes: coordinators over one Postgres and one NATS, agents that run recorded handlers,
// and the wires between them all.

import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '@muster/sdk';
import { startCoordinator } from '../../../harness/coordinator.ts';
import { type NatsServer, nats, startNats } from '../../../harness/nats.ts';
import { freePort } from '../../../harness/ports.ts';
import type { PostgresServer } from '../../../harness/postgres.ts';
import { startNode } from '../../../harness/processes.ts';
import { cablesVariable } from '../network/cable-ports.ts';
import { type NatsMeddler, startNatsMeddler } from '../network/nats-meddler.ts';
import { layWires, type Wires } from '../network/wires.ts';
import { createPlace, type Place } from './place.ts';

/** How large a cluster is, and how it is set. */
export interface ClusterShape {
  readonly coordinators: number;
  readonly agents: number;
  /** Of each agent. */
  readonly slots: number;
  /** How long an agent that drains lets attempts go on. Default '1s'. */
  readonly drainGrace?: '1s' | '10s';
  /** File of the handlers of its agents. Default: the recorded ones. */
  readonly handlers?: string;
  /** More flags of every coordinator. */
  readonly flags?: readonly string[];
  /** True: agents are started by the test. */
  readonly agentsLater?: boolean;
  /** Without NATS its messages cannot be meddled with. Default: with it, if there is a nats-server. */
  readonly withoutNats?: boolean;
}

/** What runs, and everything by which it can be broken. */
export interface Cluster {
  readonly shape: ClusterShape;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly coordinators: readonly Place[];
  readonly agents: readonly Place[];
  readonly wires: Wires;
  readonly nats: { readonly server: NatsServer; readonly meddler: NatsMeddler } | undefined;
  /** A client that knows all coordinators, or only the one of this number, over wires that can be cut. */
  connect(retryTimeout: '60s' | '0s', only?: number): Client;
  /** Ends everything but Postgres; tells what was not in order. May be called twice. */
  stop(): Promise<readonly string[]>;
}

const recordedFile = fileURLToPath(new URL('../../../handlers/recorded.ts', import.meta.url));
const agentMain = fileURLToPath(new URL('./agent-main.ts', import.meta.url));

/** What else a cluster may be started with. */
export interface StartOptions {
  /** Chance of the meddler before NATS. Default Math.random. */
  readonly random?: () => number;
  /** Given the wires before anybody speaks over them. */
  readonly wired?: (wires: Wires) => void;
}

/** Starts a cluster on a fresh database of this Postgres; resolves when all serve. */
export async function startCluster(
  postgres: PostgresServer,
  shape: ClusterShape,
  { random = Math.random, wired }: StartOptions = {},
): Promise<Cluster> {
  const databaseUrl = await postgres.createDatabase();
  const ports = await freePorts(shape.coordinators);
  const databasePort = postgres.port;
  const wires = await layWires({ coordinatorPorts: ports, agents: shape.agents, databasePort });
  wired?.(wires);
  const natsParts = shape.withoutNats || nats.skip ? undefined : await startNatsParts(random);
  const coordinators = ports.map((port, at) => {
    const url = new URL(databaseUrl);
    url.host = wires.databases[at]?.address ?? '';
    const servers = natsParts ? ['--nats-servers', natsParts.meddler.address] : [];
    const flags = [...servers, ...(shape.flags ?? [])];
    return coordinatorPlace(`coordinator-${at}`, port, url.href, flags);
  });
  const agents = wires.agents.map((row, at) => {
    const cables = Object.fromEntries(row.map((wire, to) => [ports[to], wire.port]));
    return agentPlace(`agent-${at}`, ports, cables, shape);
  });
  // One after the other: the first makes the schema.
  for (const place of coordinators) await place.start();
  if (!shape.agentsLater) await Promise.all(agents.map((place) => place.start()));
  const clients: Client[] = [];
  const everyAddress = wires.clients.map(({ address }) => address);
  return {
    ...{ shape, postgres, databaseUrl, coordinators, agents, wires, nats: natsParts },
    connect(retryTimeout, only) {
      const address = only === undefined ? everyAddress : (everyAddress[only] ?? []);
      const client = createClient({ address, retryTimeout });
      clients.push(client);
      return client;
    },
    async stop() {
      wires.heal();
      for (const place of [...agents, ...coordinators]) place.thaw();
      for (const client of clients) await client.close();
      await Promise.all(agents.map((place) => place.terminate()));
      await Promise.all(coordinators.map((place) => place.terminate()));
      await natsParts?.meddler.close();
      await natsParts?.server.stop();
      await wires.close();
      return [...coordinators, ...agents].flatMap(({ complaints }) => complaints);
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

async function startNatsParts(random: () => number) {
  const server = await startNats();
  return { server, meddler: await startNatsMeddler(server.address, random) };
}

function coordinatorPlace(
  name: string,
  port: number,
  database: string,
  flags: readonly string[],
): Place {
  const grpcAddress = `127.0.0.1:${port}`;
  return createPlace({
    name,
    address: grpcAddress,
    async launch(_life, started) {
      const { process } = await startCoordinator(
        { databaseUrl: undefined },
        { database, grpcAddress, flags },
      );
      started(process);
    },
    errorsIn: (lines) => lines.filter((line) => !/"level":[1-4]0\b/.test(line)),
  });
}

function agentPlace(
  name: string,
  ports: readonly number[],
  cables: Record<string, number>,
  { slots, drainGrace = '1s', handlers = recordedFile }: ClusterShape,
): Place {
  return createPlace({
    name,
    async launch(life, started) {
      const agentId = `${name}.${life}`;
      const address = ports.map((port) => `127.0.0.1:${port}`);
      const options = JSON.stringify({ agentId, address, slots, drainGrace });
      const env = { [cablesVariable]: JSON.stringify(cables) };
      const process = await startNode(agentMain, [handlers, options], { name, env });
      started(process);
      await process.line(/^serving /, { timeoutMs: 60_000 });
    },
    errorsIn: (lines) => lines.filter((line) => /^agent: error: |^\s+at /.test(line)),
  });
}
