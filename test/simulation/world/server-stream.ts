// The coordinator's side of a stream as grpc-js would hand it over: events, pausing, and an end with a status.

import { EventEmitter } from 'node:events';
import { status as grpcStatus, Metadata } from '@grpc/grpc-js';
import type { StreamEnd } from '@muster/agent/internal';
import type { ConnectRequest__Output, ConnectResponse } from '@muster/proto';
import { errorOfCall } from '@muster/sdk/internal';

/** What the coordinator does to its side. */
export interface ServerEnd {
  /** A message to the agent; false: no more until `drained`. */
  write(message: ConnectResponse): boolean;
  /** The call is over with this status. */
  end(end: StreamEnd): void;
}

const noMetadata = new Metadata();

/** One stream, for the coordinator. */
export class ServerStream extends EventEmitter {
  readonly metadata = noMetadata;
  cancelled = false;
  destroyed = false;
  readonly #peer: string;
  readonly #end: ServerEnd;
  #isPaused = false;
  #isOver = false;
  #unread: (() => void)[] = [];

  constructor(peer: string, end: ServerEnd) {
    super();
    this.#peer = peer;
    this.#end = end;
    this.on('error', (status) => this.#close(toEnd(status)));
  }

  getPeer(): string {
    return this.#peer;
  }

  write(message: ConnectResponse): boolean {
    return this.#isOver ? false : this.#end.write(message);
  }

  end(): void {
    this.#close({ status: 'OK', reason: '', message: 'the coordinator ended it' });
  }

  /** Nobody serves it at this moment. */
  refuse(): void {
    this.#close({ status: 'UNAVAILABLE', reason: 'STOPPING', message: 'starts or stops' });
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (const read of this.#unread.splice(0)) this.#read(read);
  }

  /** A message of the agent has arrived. */
  received(message: ConnectRequest__Output): void {
    this.#read(() => this.emit('data', message));
  }

  /** The agent has said everything. */
  ended(): void {
    this.#read(() => this.emit('end'));
  }

  /** The agent has dropped it, or the connection is gone. */
  dropped(): void {
    if (this.destroyed) return;
    this.#isOver = true;
    this.cancelled = true;
    this.destroyed = true;
    this.#unread = [];
    this.emit('cancelled');
    this.emit('close');
  }

  #read(action: () => void): void {
    if (this.destroyed) return;
    if (this.#isPaused) this.#unread.push(action);
    else action();
  }

  #close(end: StreamEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#end.end(end);
    queueMicrotask(() => {
      if (this.destroyed) return;
      this.destroyed = true;
      this.emit('close');
    });
  }
}

/** The status of a call as the agent would read it. */
function toEnd(status: { code: number; details: string; metadata: Metadata }): StreamEnd {
  const { reason, message } = errorOfCall(Object.assign(new Error(status.details), status));
  return { status: grpcStatus[status.code] ?? '', reason, message };
}
