// The network of a cluster: a proxy between every two that speak to each other, so that each wire can be cut, held or
// slowed by itself.

import { startProxy, type TcpProxy } from '../../../harness/proxy.ts';

/** Rows of proxies: who speaks, then to which coordinator. */
export interface Wires {
  /** From an agent to a coordinator. */
  readonly agents: readonly (readonly TcpProxy[])[];
  /** From the clients to a coordinator. */
  readonly clients: readonly TcpProxy[];
  /** From a coordinator to Postgres. */
  readonly databases: readonly TcpProxy[];
  /** Lets everything through again. */
  heal(): void;
  close(): Promise<void>;
}

/** Lays all wires; nothing need listen at their ends yet. */
export async function layWires(ends: {
  readonly coordinatorPorts: readonly number[];
  readonly agents: number;
  readonly databasePort: number;
}): Promise<Wires> {
  const { coordinatorPorts, databasePort } = ends;
  const toCoordinators = () =>
    Promise.all(coordinatorPorts.map((targetPort) => startProxy({ targetPort })));
  const agents = await Promise.all(Array.from({ length: ends.agents }, toCoordinators));
  const clients = await toCoordinators();
  const databases = await Promise.all(
    coordinatorPorts.map(() => startProxy({ targetPort: databasePort })),
  );
  const all = [...agents.flat(), ...clients, ...databases];
  return {
    ...{ agents, clients, databases },
    heal: () => {
      for (const wire of all) wire.heal();
    },
    close: async () => {
      await Promise.all(all.map((wire) => wire.close()));
    },
  };
}
