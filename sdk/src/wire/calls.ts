// Calls to whichever coordinator answers: one channel per address, opened when first needed;
// a call that cannot be served now is tried again, elsewhere if there is an elsewhere, with
// growing waits, until the retry time is over. Only calls that may be repeated come here.

import type { Client, CallOptions as GrpcCallOptions, ServiceError } from '@grpc/grpc-js';
import { MusterError } from '../errors.ts';
import { streamedMethods } from './call-stream.ts';
import { type Channel, type Channels, clientClosed, createChannels } from './channels.ts';
import type { Connection } from './connection.ts';
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
/** So often one call goes where it is shown without a wait, whatever coordinators say of each other. */
const shownMax = 3;
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
  const channels = createChannels(connection, time.random);
  return Object.freeze<Caller>({
    async unary(method, request, options = {}) {
      const { signal, retryTimeoutMs = defaults.retryTimeoutMs } = options;
      const endMs = time.now() + retryTimeoutMs;
      let shown = 0;
      for (let tries = 1; ; tries += 1) {
        const channel = channels.current();
        try {
          return await callOnce(channel, connection, method, request, options);
        } catch (thrown) {
          const error = errorOfCall(thrown);
          if (signal?.aborted) throw aborted(signal);
          if (channels.closed()) throw clientClosed(error);
          if (!isWorthRetrying(error)) throw explained(error, connection, tries);
          const isShown = channels.leave(channel, error);
          if (isShown && shown < shownMax && time.now() < endMs) {
            shown += 1;
            continue;
          }
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
    if (isWorthRetrying(error)) channels.leave(channel, error);
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

/** What the transport says, for people: where it tried, how often, and what to look at. */
function explained(error: MusterError, connection: Connection, tries: number): MusterError {
  if (error.reason !== 'UNREACHABLE') return error;
  const where = connection.addresses.join(', ');
  const often = tries === 1 ? '' : ` after ${tries} tries`;
  const message = `No coordinator answers at ${where}${often}: ${error.message}. Is one running there? (Option address, variable MUSTER_ADDRESS.)`;
  const { metadata, code, cause } = error;
  return new MusterError('UNREACHABLE', message, { metadata, code, cause });
}
