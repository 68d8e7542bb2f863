/**
 * One coordinator, put together: store, wakeups, dictionaries, roles, doors; and taken apart in the opposite order.
 *
 * States: starting → ready ⇄ (reborn) → stopping → stopped. It is reborn when another replica has declared it dead: its
 * roles and doors are stopped and begun again on the same ports under a new id, because the old id's leases are fenced.
 */
import type { Logger } from 'pino';
import { type Cluster, createCluster } from './cluster.ts';
import type { Config } from './config.ts';
import { createDictionaries, type Dictionaries } from './dictionaries.ts';
import { createLoop } from './loop.ts';
import { createReadiness, openHttpDoor, type Readiness } from './readiness.ts';
import type { Role } from './role.ts';
import { createRoles } from './roles.ts';
import { createIdGenerator } from './rules/ids.ts';
import type { CoordinatorId } from './rules/task.ts';
import type { Time } from './rules/time.ts';
import { addressText, type GrpcDoor, openGrpcDoor, reachableAddress } from './serve.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { systemTime } from './time.ts';
import type { Events } from './wakeups/events/events.ts';
import type { Wakeups } from './wakeups/wakeups.ts';
import { type Authentication, createAuthentication } from './wire/authentication.ts';

/** A running coordinator. */
export type Coordinator = {
  /** Where gRPC is served, as `host:port`. */
  readonly grpcAddress: string;
  /** Where `/healthz` and `/readyz` are served. */
  readonly httpAddress: string;
  /** Ends everything in order; safe to call twice. */
  stop(): Promise<void>;
};

/** What outlives a rebirth. */
type Base = {
  readonly config: Config;
  readonly logger: Logger;
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly events: Events;
  readonly cluster: Cluster;
  readonly dictionaries: Dictionaries;
  readonly authentication: Authentication;
  readonly time: Time;
};

/** One life of the coordinator under one id. */
type Life = {
  readonly id: CoordinatorId;
  readonly roles: readonly Role[];
  readonly door: GrpcDoor;
  end(): Promise<void>;
};

/** Seldom: an idle coordinator leaves the database alone; who needs to know now asks `/readyz`. */
const readinessIntervalMs = 15_000;

/** Starts a coordinator; settles when it is ready. Throws what it cannot start for. */
export async function startCoordinator(config: Config, logger: Logger): Promise<Coordinator> {
  const authentication = createAuthentication(config.tokensFile, logger);
  const store = await openStore(storeOptions(config));
  const time = systemTime;
  const cluster = createCluster(config, logger);
  const { wakeups } = cluster;
  const dictionaries = createDictionaries({ store, wakeups, config, logger, time });
  const events = cluster.events(dictionaries);
  const base: Base = {
    ...{ config, logger, store, cluster, wakeups, events, dictionaries, authentication, time },
  };
  try {
    await wakeups.start();
    await dictionaries.start();
    return await begin(base);
  } catch (error) {
    await endBase(base);
    throw error;
  }
}

/** Lists and the like get a share of the connections of their own, so that they never hold up a heartbeat's write. */
function storeOptions({ database, databaseConnectionsMax: connections }: Config) {
  const coldConnections = Math.max(1, Math.floor(connections / 3));
  return { database, coldConnections, hotConnections: connections - coldConnections };
}

async function begin(base: Base): Promise<Coordinator> {
  const { config, logger, store, cluster } = base;
  let stopping: Promise<void> | null = null;
  let rebirth: Promise<void> = Promise.resolve();
  let dying: CoordinatorId | null = null;
  let life = await beginLife(base, config, declaredDead);
  const { address: grpcAddress } = life.door;

  /** Told with every beat until the life has ended. */
  function declaredDead(id: CoordinatorId): void {
    if (stopping !== null || dying === id) return;
    dying = id;
    logger.warn('another coordinator has declared this one dead; it begins again under a new id');
    rebirth = rebirth.then(reborn).catch((error: unknown) => {
      logger.fatal({ err: error }, 'it could not begin again');
      process.exit(1);
    });
  }

  async function reborn(): Promise<void> {
    await life.end();
    if (stopping !== null) return;
    const port = Number(grpcAddress.slice(grpcAddress.lastIndexOf(':') + 1));
    const samePort = { ...config, grpcAddress: { ...config.grpcAddress, port } };
    life = await beginLife(base, samePort, declaredDead);
  }

  const readiness = createReadiness(() => [
    { name: 'database', run: () => store.now() },
    ...cluster.checks,
    ...life.roles.flatMap(({ name, check }) => (check ? [{ name, run: check }] : [])),
  ]);
  const door = await openHttpDoor(config.httpAddress, async () => {
    const state = await readiness();
    return stopping === null ? state : { ...state, ready: false };
  });
  const httpAddress = addressText({ host: config.httpAddress.host, port: door.port });
  const health = followReadiness(readiness, logger, (ready) => life.door.setHealthy(ready));
  logger.info({ event: 'ready', grpcAddress, httpAddress, coordinatorId: life.id }, 'ready');

  async function stop(): Promise<void> {
    logger.info({ event: 'stopping' }, 'stopping');
    await health.stop();
    await rebirth;
    await life.end();
    await door.close();
    await endBase(base);
    logger.info({ event: 'stopped' }, 'stopped');
  }

  return {
    grpcAddress,
    httpAddress,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function beginLife(
  base: Base,
  config: Config,
  declaredDead: (id: CoordinatorId) => void,
): Promise<Life> {
  const id = createIdGenerator({
    now: base.time.calendar,
    random: base.time.bytes,
  })() as CoordinatorId;
  const stopping = new AbortController();
  let address = '';
  const logger = base.logger.child({ coordinatorId: id });
  const roles = createRoles({
    ...base,
    config,
    logger,
    coordinatorId: id,
    stopping: stopping.signal,
    address: () => address,
    declaredDead: () => declaredDead(id),
  });
  const door = await openGrpcDoor(config, roles);
  address = reachableAddress(config, door.address);
  const started: Role[] = [];

  async function end(): Promise<void> {
    door.setOpen(false);
    stopping.abort();
    for (const role of started.splice(0).reverse()) {
      try {
        await role.stop();
      } catch (error) {
        logger.error({ err: error, role: role.name }, 'a role did not stop in order');
      }
    }
    await door.close(config.drainGraceMs);
  }

  try {
    for (const role of roles) {
      started.push(role);
      await role.start();
    }
  } catch (error) {
    await end();
    throw error;
  }
  door.setOpen(true);
  return { id, roles, door, end };
}

/** Lets the standard health service say what `/readyz` says. */
function followReadiness(
  readiness: () => Promise<Readiness>,
  logger: Logger,
  tell: (ready: boolean) => void,
) {
  let wasReady = true;
  const loop = createLoop({
    name: 'readiness',
    intervalMs: readinessIntervalMs,
    logger,
    runOnce: async () => {
      const { ready, checks } = await readiness();
      if (ready !== wasReady) logger.warn({ ready, checks }, ready ? 'ready again' : 'not ready');
      wasReady = ready;
      tell(ready);
      return { did: 0 };
    },
  });
  loop.start();
  return loop;
}

async function endBase({ dictionaries, wakeups, store, logger }: Base): Promise<void> {
  for (const [part, end] of [
    ['dictionaries', () => dictionaries.stop()],
    ['wakeups', () => wakeups.stop()],
    ['store', () => store.close()],
  ] as const) {
    try {
      await end();
    } catch (error) {
      logger.error({ err: error, part }, 'a part did not stop in order');
    }
  }
}
