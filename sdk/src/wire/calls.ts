// Calls to whichever coordinator answers: one channel per address, opened when first needed;
// a call that cannot be served now is tried again, elsewhere if there is an elsewhere, with
// growing waits, until the retry time is over. Only calls that may be repeated come here.

import type { Client, CallOptions as GrpcCallOptions, ServiceError } from '@grpc/grpc-js';
import { MusterError } from '../errors.ts';
import { type CallStream, createCallStream, streamedMethods } from './call-stream.ts';
import { type Connection, openChannel } from './connection.ts';
import type { CallOptions } from './services.ts';
import { errorOfCall, isWorthRetrying } from './status.ts';

/** Time and chance, so that tests can own them. */
export interface Time {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 to below 1. */
  random(): number;
}

/** Real time and chance. Its timers do not keep the process alive longer than the calls do. */
export const realTime: Time = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    }),
  random: Math.random,
};

/** What a call needs to know of its method; the generated definitions have it. */
export interface MethodShape<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Sends calls. */
export interface Caller {
  /** One request, one response, tried again for up to `retryTimeoutMs` (default: the caller's). */
  unary<Request, Response>(
    method: MethodShape<Request, Response>,
    request: Request,
    options?: CallOptions,
  ): Promise<Response>;
  /** One request, many responses; only ever tried once. */
  stream<Request, Response>(
    method: MethodShape<Request, Response>,
    request: Request,
    options?: CallOptions,
  ): AsyncIterable<Response>;
  /** Closes the channels; calls under way fail. */
  close(): void;
}

const tryTimeoutMsDefault = 20_000;
const firstWaitMs = 50;
const longestWaitMs = 2_000;

/** Wait before try `tries` + 1, in milliseconds: doubling, half of it by chance, and at least what the coordinator asked for. */
export function retryWaitMs(tries: number, random: number, askedMs: number | undefined): number {
  const backoff = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
  return Math.max(askedMs ?? 0, 0) + backoff * (0.5 + random / 2);
}

/** Makes a caller. */
export function createCaller(
  connection: Connection,
  defaults: { readonly retryTimeoutMs: number; readonly time: Time },
): Caller {
  const { time } = defaults;
  const channels = createChannels(connection, time.random());
  return Object.freeze<Caller>({
    async unary(method, request, options = {}) {
      const { signal, retryTimeoutMs = defaults.retryTimeoutMs } = options;
      const endMs = time.now() + retryTimeoutMs;
      for (let tries = 1; ; tries += 1) {
        const channel = channels.current();
        try {
          return await callOnce(channel, connection, method, request, options);
        } catch (thrown) {
          const error = errorOfCall(thrown);
          if (signal?.aborted) throw aborted(signal);
          if (channels.closed()) throw clientClosed(error);
          if (!isWorthRetrying(error)) throw explained(error, connection, tries);
          channels.leave(channel);
          const waitMs = retryWaitMs(tries, time.random(), error.retryDelayMs);
          if (time.now() + waitMs > endMs) throw explained(error, connection, tries);
          await time.sleep(waitMs, signal);
        }
      }
    },
    stream: (method, request, options = {}) =>
      readStream(channels, connection, method, request, options.signal),
    close: () => channels.close(),
  });
}

/** A channel to one address, and the stream of small calls over it. */
interface Channel {
  readonly client: Client;
  readonly calls: CallStream;
}

/** The channels of a caller: the one in use, and the next when it does not answer. */
interface Channels {
  current(): Channel;
  /** The channel did not answer: use the next, unless somebody has already moved on. */
  leave(channel: Channel): void;
  closed(): boolean;
  close(): void;
}

function createChannels(connection: Connection, chance: number): Channels {
  const { addresses } = connection;
  const open = new Map<string, Channel>();
  // Clients begin at different addresses, so that coordinators share the load.
  let turn = Math.floor(chance * addresses.length);
  let isClosed = false;
  const current = (): Channel => {
    if (isClosed) throw clientClosed();
    const address = addresses[turn % addresses.length] ?? '';
    const known = open.get(address);
    if (known !== undefined) return known;
    const client = openChannel(connection, address);
    const channel = { client, calls: createCallStream(client, connection) };
    open.set(address, channel);
    return channel;
  };
  return {
    current,
    leave(channel) {
      if (!isClosed && channel === current()) turn += 1;
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

/** One try, over the stream of calls where there is one. */
function callOnce<Request, Response>(
  { client, calls }: Channel,
  connection: Connection,
  method: MethodShape<Request, Response>,
  request: Request,
  options: CallOptions,
): Promise<Response> {
  const streamed = streamedMethods.get(method.path);
  if (streamed === undefined || !calls.isServed())
    return callAlone(client, connection, method, request, options);
  const { signal, tryTimeoutMs = tryTimeoutMsDefault } = options;
  if (signal?.aborted) return Promise.reject(aborted(signal));
  const answer = calls.call(streamed, request, { signal, timeoutMs: tryTimeoutMs });
  return (answer as Promise<Response>).catch((error: unknown) => {
    // A coordinator of an earlier version has answered nothing yet.
    if (calls.isServed()) throw error;
    return callAlone(client, connection, method, request, options);
  });
}

function callAlone<Request, Response>(
  channel: Client,
  connection: Connection,
  method: MethodShape<Request, Response>,
  request: Request,
  { signal, tryTimeoutMs = tryTimeoutMsDefault }: CallOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const cancel = () => call.cancel();
    const options: GrpcCallOptions = { deadline: Date.now() + tryTimeoutMs };
    const done = (error: ServiceError | null, response?: Response) => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(error);
      else resolve(response as Response);
    };
    const { path, requestSerialize, responseDeserialize } = method;
    const metadata = connection.metadata();
    const call = channel.makeUnaryRequest(
      ...([path, requestSerialize, responseDeserialize] as const),
      ...([request, metadata, options, done] as const),
    );
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

async function* readStream<Request, Response>(
  channels: Channels,
  connection: Connection,
  method: MethodShape<Request, Response>,
  request: Request,
  signal: AbortSignal | undefined,
): AsyncGenerator<Response> {
  if (signal?.aborted) throw aborted(signal);
  const channel = channels.current();
  const { path, requestSerialize, responseDeserialize } = method;
  const metadata = connection.metadata();
  const call = channel.client.makeServerStreamRequest(
    ...([path, requestSerialize, responseDeserialize, request, metadata] as const),
  );
  // The stream reports its end as an error even after nobody reads it any more.
  call.on('error', () => {});
  const cancel = () => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const response of call) yield response as Response;
  } catch (thrown) {
    if (signal?.aborted) throw aborted(signal);
    const error = errorOfCall(thrown);
    if (isWorthRetrying(error)) channels.leave(channel);
    throw explained(error, connection, 1);
  } finally {
    signal?.removeEventListener('abort', cancel);
    call.cancel();
  }
}

/** The error of a caller whose own signal was aborted. */
export function aborted(signal: AbortSignal): MusterError {
  const { reason } = signal;
  if (reason instanceof MusterError) return reason;
  return new MusterError('ABORTED', 'The wait was ended by its signal.', { cause: reason });
}

/** The error of a call through a client that is closed. */
export function clientClosed(cause?: unknown): MusterError {
  return new MusterError('CLIENT_CLOSED', 'The client is closed.', cause ? { cause } : {});
}

/** What the transport says, for people: where it tried, how often, and what to look at. */
function explained(error: MusterError, connection: Connection, tries: number): MusterError {
  if (error.reason !== 'UNREACHABLE') return error;
  const where = connection.addresses.join(', ');
  const often = tries === 1 ? '' : ` after ${tries} tries`;
  const message = `No coordinator answers at ${where}${often}: ${error.message}. Is one running there? (Option address, variable MUSTER_ADDRESS.)`;
  const { metadata, code, cause } = error;
  return new MusterError('UNREACHABLE', message, { metadata, code, cause });
}
