// What the session needs of a network: streams of messages to an address. Production speaks
// gRPC; tests and simulations hand over messages in memory.

import type { ConnectRequest, ConnectResponse__Output } from '@muster/proto';

/** Why a stream ended. */
export interface StreamEnd {
  /** Name of the gRPC status, for example `UNAVAILABLE`; `OK` after an orderly end. */
  readonly status: string;
  /** Reason of the `google.rpc.ErrorInfo`, for example `SESSION_ENDED`. Empty: none was sent. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
}

/** What a stream tells its owner. After `ended`, or after `abort`, nothing more is told. */
export interface StreamListener {
  /** A message has arrived. */
  received(message: ConnectResponse__Output): void;
  /** The stream takes messages again, after a `send` that returned false. */
  drained(): void;
  /** The stream is over, whoever ended it. */
  ended(end: StreamEnd): void;
}

/** One open stream. */
export interface Stream {
  /** Sends in order. False: send no more until `drained` (what was sent is kept). */
  send(message: ConnectRequest): boolean;
  /** Sends nothing more, after what was sent has left. */
  end(): void;
  /** Drops the stream at once. */
  abort(): void;
}

/** Opens streams. Opening never throws: a dead address shows as `ended`. */
export interface Transport {
  open(address: string, listener: StreamListener): Stream;
}
