// Stands between coordinators and NATS, and loses, doubles or shuffles the messages that NATS sends them. Each
// coordinator gets its own copy of a message, so what one of them misses another may hear. Everything else of the
// protocol passes in order.

import { connect, createServer, type Socket } from 'node:net';
import { createFrameReader } from './nats-frames.ts';

/** What happens to messages. */
export type Meddling = 'drop' | 'double' | 'reorder';

/** A proxy before NATS that listens on 127.0.0.1. */
export interface NatsMeddler {
  /** `host:port`, for the setting nats-servers. */
  readonly address: string;
  /** Messages that came by, and those that were meddled with. */
  readonly messages: number;
  readonly meddled: number;
  /** From now on does this to a share of the messages (default: all); undefined: to none. */
  meddle(how: Meddling | undefined, share?: number): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Messages that are held back to be shuffled, and how long the first of them waits at most. */
const heldMax = 8;
const heldMs = 60;

/** Starts one before the NATS at the address. */
export async function startNatsMeddler(
  natsAddress: string,
  random: () => number = Math.random,
): Promise<NatsMeddler> {
  const mood = { how: undefined as Meddling | undefined, share: 1, messages: 0, meddled: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port: Number(natsAddress.split(':')[1]), host: '127.0.0.1' });
    const write = createWriter(client, random);
    const read = createFrameReader();
    client.on('data', (bytes) => target.write(bytes));
    target.on('data', (bytes) => {
      for (const { bytes: frame, isMessage } of read(bytes)) {
        const isChosen = isMessage && mood.how !== undefined && random() < mood.share;
        mood.messages += isMessage ? 1 : 0;
        mood.meddled += isChosen ? 1 : 0;
        write(frame, isChosen ? mood.how : undefined);
      }
    });
    for (const [socket, other] of [[client, target] as const, [target, client] as const]) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    get messages() {
      return mood.messages;
    },
    get meddled() {
      return mood.meddled;
    },
    meddle: (how, share = 1) => void Object.assign(mood, { how, share }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Writes frames to a coordinator, as they should be or not. */
function createWriter(client: Socket, random: () => number) {
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  const release = () => {
    clearTimeout(timer);
    timer = undefined;
    const shuffled = held.map((frame) => ({ frame, at: random() }));
    held = [];
    for (const { frame } of shuffled.sort((a, b) => a.at - b.at))
      if (!client.destroyed) client.write(frame);
  };
  return (frame: Buffer, how: Meddling | undefined) => {
    if (how === 'drop') return;
    if (how === 'reorder') {
      held.push(Buffer.from(frame));
      timer ??= setTimeout(release, heldMs);
      if (held.length >= heldMax) release();
      return;
    }
    client.write(frame);
    if (how === 'double') client.write(frame);
  };
}
