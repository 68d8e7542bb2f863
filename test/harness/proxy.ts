// A TCP proxy on loopback that misbehaves on demand: between a coordinator and Postgres,
// or between an agent and a coordinator. `up` is from client to target, `down` is back.
//
//   pass   bytes are forwarded (the beginning)
//   hold   bytes wait and are delivered at `heal`, as TCP does over a broken link
//   drop   bytes are lost without a word; at `heal`, connections that lost some are cut

import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** From client to target (`up`), or back (`down`). */
export type Direction = 'up' | 'down';

/** What to do with one piece of bytes: forward it, cut before it, forward it and then cut, or lose it. */
export type Verdict = 'pass' | 'cut' | 'pass-then-cut' | 'drop';

/** One piece of bytes on its way. */
export interface Piece {
  readonly direction: Direction;
  /** Number of the connection, from 1, in order of arrival. */
  readonly connection: number;
  readonly bytes: Buffer;
}

/** Where to forward to, and on which port to listen. */
export interface ProxyOptions {
  readonly targetPort: number;
  /** Default 127.0.0.1. */
  readonly targetHost?: string;
  /** Default 0: one that the system chooses. */
  readonly port?: number;
}

/** A proxy that listens on 127.0.0.1. */
export interface TcpProxy {
  readonly port: number;
  /** `127.0.0.1:port`, as gRPC wants it. */
  readonly address: string;
  /** Connections that are open now, and since the beginning. */
  readonly connections: { readonly open: number; readonly total: number };
  /** Bytes forwarded since the beginning. */
  readonly forwarded: Readonly<Record<Direction, number>>;
  /** Makes bytes wait, in one direction or both (default). New connections hang as well. */
  hold(direction?: Direction | 'both'): void;
  /** Loses bytes silently, in one direction or both (default). New connections get no answer. */
  drop(direction?: Direction | 'both'): void;
  /** Ends `hold`, `drop`, `delay`, `refuse` and `inspect`. */
  heal(): void;
  /** Delays bytes by this many milliseconds each way. 0 ends it. */
  delay(ms: number): void;
  /** Resets every open connection. Returns how many. */
  cut(): number;
  /** Resets the connection that forwards the n-th next byte in this direction, right after that byte. */
  cutAfter(bytes: number, direction: Direction): void;
  /** Resets new connections at once, until `heal`; open ones stay. */
  refuse(): void;
  /** Asks about every piece before it is forwarded, until `heal`: "cut when the reply comes". */
  inspect(judge: (piece: Piece) => Verdict): void;
  /** Resets everything and stops listening. */
  close(): Promise<void>;
}

/** Everything that can be wrong at the moment; shared by all connections of a proxy. */
interface Weather {
  state: Record<Direction, 'pass' | 'hold' | 'drop'>;
  delayMs: number;
  isRefusing: boolean;
  bytesUntilCut: Record<Direction, number>;
  judge: (piece: Piece) => Verdict;
  forwarded: Record<Direction, number>;
  /** Resolved and renewed at every change, so that whoever holds bytes looks again. */
  changed: PromiseWithResolvers<void>;
}

/** Starts a proxy; close it at the end of the test. */
export async function startProxy(options: ProxyOptions): Promise<TcpProxy> {
  const weather = fairWeather();
  const links = new Set<Link>();
  let total = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (weather.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    total += 1;
    const target = connect({
      port: options.targetPort,
      host: options.targetHost ?? '127.0.0.1',
      ...{ allowHalfOpen: true, noDelay: true },
    });
    const link = createLink(client, target, total, weather, () => links.delete(link));
    links.add(link);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return controls(server, weather, links, () => total);
}

function fairWeather(): Weather {
  return {
    state: { up: 'pass', down: 'pass' },
    delayMs: 0,
    isRefusing: false,
    bytesUntilCut: { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY },
    judge: () => 'pass',
    forwarded: { up: 0, down: 0 },
    changed: Promise.withResolvers<void>(),
  };
}

function controls(
  server: Server,
  weather: Weather,
  links: Set<Link>,
  total: () => number,
): TcpProxy {
  const { port } = server.address() as { port: number };
  const change = (apply: () => void) => {
    apply();
    weather.changed.resolve();
    weather.changed = Promise.withResolvers<void>();
  };
  const set = (state: 'hold' | 'drop', direction: Direction | 'both') =>
    change(() => {
      if (direction !== 'down') weather.state.up = state;
      if (direction !== 'up') weather.state.down = state;
    });
  const cut = () => {
    const open = [...links];
    for (const link of open) link.cut();
    return open.length;
  };
  return {
    ...{ port, address: `127.0.0.1:${port}`, cut, forwarded: weather.forwarded },
    get connections() {
      return { open: links.size, total: total() };
    },
    hold: (direction = 'both') => set('hold', direction),
    drop: (direction = 'both') => set('drop', direction),
    heal: () =>
      change(() => {
        const { forwarded, changed } = weather;
        Object.assign(weather, fairWeather(), { forwarded, changed });
        for (const link of [...links]) if (link.hasLostBytes()) link.cut();
      }),
    delay: (ms) => change(() => Object.assign(weather, { delayMs: ms })),
    cutAfter: (bytes, direction) =>
      change(() => {
        weather.bytesUntilCut[direction] = bytes;
      }),
    refuse: () => change(() => Object.assign(weather, { isRefusing: true })),
    inspect: (judge) => change(() => Object.assign(weather, { judge })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

/** One client's connection through the proxy. */
interface Link {
  cut(): void;
  hasLostBytes(): boolean;
}

function createLink(
  client: Socket,
  target: Socket,
  connection: number,
  weather: Weather,
  ended: () => void,
): Link {
  let isCut = false;
  let hasLost = false;
  const cut = () => {
    if (isCut) return;
    isCut = true;
    reset(client);
    reset(target);
    ended();
  };
  const lose = () => {
    hasLost = true;
  };
  for (const socket of [client, target]) {
    socket.on('error', cut);
    socket.on('close', () => {
      if (client.destroyed && target.destroyed) ended();
    });
  }
  const flow = (from: Socket, to: Socket, direction: Direction) =>
    forward({ from, to, direction, connection, weather, cut, lose }).catch(cut);
  flow(client, target, 'up');
  flow(target, client, 'down');
  return { cut, hasLostBytes: () => hasLost };
}

/**
 * A reset while a shutdown is under way leaves a handle that never closes, and the process then
 * spins forever at its exit (Node 24.21); such a socket has said its last word and is just closed.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

interface Flow {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Direction;
  readonly connection: number;
  readonly weather: Weather;
  cut(): void;
  lose(): void;
}

/** Carries one direction of one connection, piece by piece and in order. */
async function forward(flow: Flow): Promise<void> {
  const { from, to, direction, connection, weather } = flow;
  for await (const bytes of from as AsyncIterable<Buffer>) {
    if (weather.delayMs > 0) await sleep(weather.delayMs);
    await untilNotHeld(weather, direction);
    const verdict: Verdict =
      weather.state[direction] === 'drop'
        ? 'drop'
        : weather.judge({ direction, connection, bytes });
    if (verdict === 'cut') return flow.cut();
    if (verdict === 'drop') {
      flow.lose();
      continue;
    }
    const allowed = weather.bytesUntilCut[direction];
    weather.bytesUntilCut[direction] -= bytes.length;
    const piece = bytes.subarray(0, allowed);
    weather.forwarded[direction] += piece.length;
    await write(to, piece);
    if (verdict === 'pass-then-cut') return flow.cut();
    if (allowed <= bytes.length) {
      weather.bytesUntilCut[direction] = Number.POSITIVE_INFINITY;
      return flow.cut();
    }
  }
  await untilNotHeld(weather, direction);
  if (weather.state[direction] === 'drop') flow.lose();
  else to.end();
}

async function untilNotHeld(weather: Weather, direction: Direction): Promise<void> {
  while (weather.state[direction] === 'hold') await weather.changed.promise;
}

/** Resolves when the kernel has taken the bytes, so that a cut right after does not lose them. */
function write(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
