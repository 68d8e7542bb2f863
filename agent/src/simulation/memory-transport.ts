// Streams in memory. Whoever plays the coordinator gets each stream as it is opened, and says
// on it what it wants. Messages pass through the contract's own encoding, so that both sides
// see what the wire would show them.

import {
  type ConnectRequest,
  type ConnectRequest__Output,
  type ConnectResponse,
  loadContract,
} from '@muster/proto';
import type { Stream, StreamEnd, StreamListener, Transport } from '../link/transport.ts';

/** The coordinator's side of one stream. */
export class MemoryStream implements Stream {
  readonly address: string;
  /** Everything the agent has sent, oldest first. */
  readonly sent: ConnectRequest__Output[] = [];
  /** False: the stream takes no more until `drain`. */
  takesMore = true;
  /** True: what is sent to the agent is lost, as on a half-dead connection. */
  deaf = false;
  /** How the agent ended it, if it did. */
  closed: 'ended' | 'aborted' | undefined;
  readonly #listener: StreamListener;

  constructor(address: string, listener: StreamListener) {
    this.address = address;
    this.#listener = listener;
  }

  /** The agent sends. */
  send(message: ConnectRequest): boolean {
    const type = loadContract().messages['muster.v1.ConnectRequest'];
    this.sent.push(type.deserialize(type.serialize(message)));
    return this.takesMore;
  }

  /** The agent has said everything. The coordinator answers with an end of its own. */
  end(): void {
    this.closed ??= 'ended';
    queueMicrotask(() => this.#listener.ended({ status: 'OK', reason: '', message: '' }));
  }

  /** The agent drops it. */
  abort(): void {
    this.closed ??= 'aborted';
  }

  /** The coordinator sends. Harmless after the end, as late packets are. */
  say(message: ConnectResponse): void {
    if (this.deaf) return;
    const type = loadContract().messages['muster.v1.ConnectResponse'];
    this.#listener.received(type.deserialize(type.serialize(message)));
  }

  /** The coordinator, or the network, ends it. */
  break(end: Partial<StreamEnd> = {}): void {
    this.#listener.ended({ status: 'UNAVAILABLE', reason: '', message: 'broken', ...end });
  }

  /** The stream takes messages again. */
  drain(): void {
    this.takesMore = true;
    this.#listener.drained();
  }
}

/** Opens streams in memory. */
export class MemoryTransport implements Transport {
  /** Every stream that was opened, oldest first. */
  readonly streams: MemoryStream[] = [];

  open(address: string, listener: StreamListener): Stream {
    const stream = new MemoryStream(address, listener);
    this.streams.push(stream);
    return stream;
  }
}
