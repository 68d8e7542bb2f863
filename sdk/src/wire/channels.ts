// The channels of a client: one per coordinator, opened when first needed. One is in use at a time; when its coordinator
// does not answer, the next has its turn. One that lacks the role for a call names others (ROLE_MISSING): those are used
// from then on, and are not forgotten.

import type { Client } from '@grpc/grpc-js';
import { MusterError } from '../errors.ts';
import { type CallStream, createCallStream } from './call-stream.ts';
import { type Connection, normaliseAddress, openChannel } from './connection.ts';

/** A channel to one address, and the stream of small calls over it. */
export interface Channel {
  readonly client: Client;
  readonly calls: CallStream;
}

/** The channels of a caller: the one in use, and the next when it does not answer. */
export interface Channels {
  current(): Channel;
  /**
   * The channel did not answer, but failed with `error`: use another, unless somebody has already moved on. True if the
   * error names where to go, so that there is nothing to wait for.
   */
  leave(channel: Channel, error: MusterError): boolean;
  closed(): boolean;
  close(): void;
}

/** Addresses beyond these are not remembered. */
const addressesMax = 100;

/** Opens no channel yet. Clients begin at different addresses, by chance, so that coordinators share the load. */
export function createChannels(connection: Connection, random: () => number): Channels {
  let addresses = connection.addresses;
  const open = new Map<string, Channel>();
  let turn = pick(addresses.length);
  let isClosed = false;

  function pick(count: number): number {
    return Math.floor(random() * count);
  }

  function current(): Channel {
    if (isClosed) throw clientClosed();
    const address = addresses[turn % addresses.length] ?? '';
    const known = open.get(address);
    if (known !== undefined) return known;
    const client = openChannel(connection, address);
    const channel = { client, calls: createCallStream(client, connection) };
    open.set(address, channel);
    return channel;
  }

  return {
    current,
    leave(channel, error) {
      const named = namedBy(error);
      if (isClosed) return false;
      if (channel !== current()) return named.length > 0;
      turn += 1;
      addresses = [...new Set([...addresses, ...named])].slice(0, addressesMax);
      const at = addresses.indexOf(named[pick(named.length)] ?? '');
      if (at >= 0) turn = at;
      return at >= 0;
    },
    closed: () => isClosed,
    close() {
      isClosed = true;
      for (const { client, calls } of open.values()) {
        calls.close();
        client.close();
      }
    },
  };
}

/** Coordinators that have the role which the one that was asked lacks. */
function namedBy({ reason, metadata }: MusterError): readonly string[] {
  if (reason !== 'ROLE_MISSING') return [];
  return (metadata.addresses ?? '').split(',').flatMap((address) => {
    try {
      return [normaliseAddress(address)];
    } catch {
      return [];
    }
  });
}

/** The error of a call through a client that is closed. */
export function clientClosed(cause?: unknown): MusterError {
  return new MusterError('CLIENT_CLOSED', 'The client is closed.', cause ? { cause } : {});
}
