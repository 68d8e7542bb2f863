/**
 * One coordinator, put together: store, wakeups, dictionaries, lives, doors; and taken apart in the opposite order.
 *
 * States: starting → ready ⇄ (reborn, `life.ts`) → stopping → stopped.
 */
import type { Logger } from 'pino';
import { type Cluster, createCluster } from './cluster.ts';
import type { Config } from './config.ts';
import { createDictionaries } from './dictionaries.ts';
import { createReadiness, openHttpDoor, type Readiness } from './doors/readiness.ts';
import { addressText, type GrpcDoor, openGrpcDoor, reachableAddress } from './doors/serve.ts';
import { type Base, beginLives, type Door, type OpenDoor } from './life.ts';
import { createLoop } from './loop.ts';
import { openStore } from './store/open.ts';
import { systemTime } from './time.ts';
import { createAuthentication } from './wire/authentication.ts';

/** A running coordinator. */
export type Coordinator = {
  /** Where gRPC is served, as `host:port`. */
  readonly grpcAddress: string;
  /** Where `/healthz` and `/readyz` are served. */
  readonly httpAddress: string;
  /** Ends everything in order; safe to call twice. */
  stop(): Promise<void>;
};

/** Seldom: an idle coordinator leaves the database alone; who needs to know now asks `/readyz`. */
const readinessIntervalMs = 15_000;

/** Starts a coordinator; settles when it is ready. Throws what it cannot start for. */
export async function startCoordinator(config: Config, logger: Logger): Promise<Coordinator> {
  const authentication = createAuthentication(config.tokensFile, logger);
  const store = await openStore(storeOptions(config), logger);
  const time = systemTime;
  const cluster = createCluster(config, logger);
  const { wakeups } = cluster;
  const dictionaries = createDictionaries({ store, wakeups, config, logger, time });
  const events = cluster.events(dictionaries);
  const base: Base = {
    ...{ config, logger, store, wakeups, events, dictionaries, authentication, time },
  };
  try {
    await wakeups.start();
    await dictionaries.start();
    return await begin(base, cluster);
  } catch (error) {
    await endBase(base);
    throw error;
  }
}

/** Lists and the like get a share of the connections of their own, so that they never hold up a heartbeat's write. */
function storeOptions({ database, migrate, databaseConnectionsMax: connections }: Config) {
  const coldConnections = Math.max(1, Math.floor(connections / 3));
  return { database, migrate, coldConnections, hotConnections: connections - coldConnections };
}

async function begin(base: Base, cluster: Cluster): Promise<Coordinator> {
  const { config, logger, store } = base;
  let stopping: Promise<void> | null = null;
  const lives = await beginLives(base, doorOf(config), (error) => {
    logger.fatal({ err: error }, 'it could not begin again');
    process.exit(1);
  });
  const { id: coordinatorId, door: first } = lives.current();
  const { address: grpcAddress } = first;

  const readiness = createReadiness(() => [
    { name: 'database', run: () => store.now() },
    ...cluster.checks,
    ...lives.current().roles.flatMap(({ name, check }) => (check ? [{ name, run: check }] : [])),
  ]);
  const door = await openHttpDoor(config.httpAddress, async () => {
    const state = await readiness();
    return stopping === null ? state : { ...state, ready: false };
  });
  const httpAddress = addressText({ host: config.httpAddress.host, port: door.port });
  const health = followReadiness(readiness, logger, (ready) =>
    lives.current().door.setHealthy(ready),
  );
  logger.info({ event: 'ready', grpcAddress, httpAddress, coordinatorId }, 'ready');

  async function stop(): Promise<void> {
    logger.info({ event: 'stopping' }, 'stopping');
    await health.stop();
    await lives.end();
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

/** Opens gRPC doors; after the first one all are on the port that it has got. */
function doorOf(config: Config): OpenDoor<GrpcDoor & Door> {
  let { port } = config.grpcAddress;
  return async (roles) => {
    const here = { ...config, grpcAddress: { ...config.grpcAddress, port } };
    const door = await openGrpcDoor(here, roles);
    port = Number(door.address.slice(door.address.lastIndexOf(':') + 1));
    return { ...door, reachable: reachableAddress(here, door.address) };
  };
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
