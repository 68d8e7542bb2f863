// Who can be dialled, and the streams that are open.
//
// A dial to a machine where nobody listens is refused at once; one to a machine that has vanished gets no answer. Messages
// pass through the contract's own encoding, as on the wire, but for heartbeats, which are most of them.

import type { Stream, StreamListener } from '@muster/agent/internal';
import {
  type ConnectRequest,
  type ConnectRequest__Output,
  type ConnectResponse,
  type ConnectResponse__Output,
  loadContract,
} from '@muster/proto';
import type { Chance } from './chance.ts';
import { Path } from './path.ts';
import type { Process } from './process.ts';
import { ServerStream } from './server-stream.ts';
import type { World } from './world.ts';

/** A coordinator that listens. */
export interface Listening {
  readonly process: Process;
  connect(stream: ServerStream): void;
}

/** What passes a stream, at the moment at which the agent sends or reads it. */
export interface Tap {
  /** What goes out in its place. */
  sent(message: ConnectRequest__Output): ConnectRequest__Output;
  /** What the agent is to read in its place. */
  read(message: ConnectResponse__Output): ConnectResponse__Output;
}

/** One stream. */
interface Open {
  readonly agent: Process;
  readonly path: Path;
  server: { readonly process: Process; readonly stream: ServerStream } | undefined;
  isOver: boolean;
  readonly listener: StreamListener;
}

const unavailable = { status: 'UNAVAILABLE', reason: '', message: 'the connection is gone' };

/** All machines and what lies between them. */
export class Network {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #paths = new Map<string, Path>();
  readonly #listening = new Map<string, Listening>();
  readonly #vanished = new Set<string>();
  readonly #open = new Set<Open>();

  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
  }

  /** The way between two machines. */
  path(host: string, address: string): Path {
    const name = `${host} ${address}`;
    let path = this.#paths.get(name);
    if (path === undefined) {
      path = new Path(this.#world, this.#chance);
      this.#paths.set(name, path);
    }
    return path;
  }

  /** Every way is sound. */
  heal(): void {
    for (const path of this.#paths.values()) path.heal();
  }

  /** Somebody listens at an address. */
  listen(address: string, listening: Listening): void {
    this.#vanished.delete(address);
    this.#listening.set(address, listening);
  }

  /** A process is gone. `vanished`: with its machine, so that nobody is told. */
  gone(process: Process, how: 'killed' | 'vanished'): void {
    for (const [address, listening] of this.#listening) {
      if (listening.process !== process) continue;
      this.#listening.delete(address);
      if (how === 'vanished') this.#vanished.add(address);
    }
    for (const open of this.#open) {
      if (open.agent !== process && open.server?.process !== process) continue;
      if (how === 'killed') this.#cut(open);
      else this.#open.delete(open);
    }
  }

  /** Connections of an agent's process break, and both sides are told as soon as they can be. */
  cut(agent: Process): void {
    for (const open of this.#open) if (open.agent === agent) this.#cut(open);
  }

  #cut(open: Open): void {
    const { server, agent, path, listener } = open;
    this.#open.delete(open);
    if (server !== undefined) path.there.send(server.process, () => server.stream.dropped());
    path.back.send(agent, () => {
      if (open.isOver) return;
      open.isOver = true;
      listener.ended(unavailable);
    });
  }

  /** An agent dials. */
  dial(host: string, agent: Process, address: string, listener: StreamListener, tap: Tap): Stream {
    const path = this.path(host, address);
    const open: Open = { agent, path, server: undefined, isOver: false, listener };
    const listening = this.#listening.get(address);
    if (listening === undefined) {
      if (!this.#vanished.has(address)) path.back.send(agent, () => listener.ended(unavailable));
      return { send: () => true, end: () => {}, abort: () => {} };
    }
    this.#open.add(open);
    const { process } = listening;
    const stream = new ServerStream(host, this.#serverEnd(open, tap));
    open.server = { process, stream };
    path.there.send(process, () => listening.connect(stream));
    return {
      send(message) {
        if (open.isOver) return false;
        const read = tap.sent(asRequest(message));
        path.there.send(process, () => stream.received(read));
        return true;
      },
      end: () => {
        if (!open.isOver) path.there.send(process, () => stream.ended());
      },
      abort: () => {
        if (open.isOver) return;
        open.isOver = true;
        this.#open.delete(open);
        path.there.send(process, () => stream.dropped());
      },
    };
  }

  #serverEnd(open: Open, tap: Tap): ConstructorParameters<typeof ServerStream>[1] {
    const { agent, path, listener } = open;
    return {
      write(message) {
        const read = asResponse(message);
        path.back.send(agent, () => {
          if (!open.isOver) listener.received(tap.read(read));
        });
        return true;
      },
      end: (end) => {
        path.back.send(agent, () => {
          if (open.isOver) return;
          open.isOver = true;
          this.#open.delete(open);
          listener.ended(end);
        });
      },
    };
  }
}

const contract = loadContract();
const wire = contract.muster.AgentService.service.Connect;

function asRequest(message: ConnectRequest): ConnectRequest__Output {
  const { heartbeat } = message;
  if (heartbeat) return { message: 'heartbeat', heartbeat } as unknown as ConnectRequest__Output;
  return wire.requestDeserialize(wire.requestSerialize(message));
}

function asResponse(message: ConnectResponse): ConnectResponse__Output {
  const { heartbeatAck } = message;
  if (heartbeatAck)
    return { message: 'heartbeatAck', heartbeatAck } as unknown as ConnectResponse__Output;
  return wire.responseDeserialize(wire.responseSerialize(message));
}
