// Many small calls over one stream (StreamCalls of the contract): each costs a fifth of what a call
// by itself costs on either side, and starts 0.2 ms sooner (measured). The stream is opened by the
// first call and ended a moment after the last, so that an idle client neither holds a process
// alive nor stays with one coordinator for ever.
//
//   none ─▶ open ─▶ over (ended when idle, broken, or left) ─▶ none
//
// When it breaks, its calls fail as if each had been broken off by itself; whoever made them
// knows whether to repeat them.

import { type Client, type ClientDuplexStream, status } from '@grpc/grpc-js';
import {
  loadContract,
  type StreamCallsRequest,
  type StreamCallsResponse__Output,
  type StreamedAnswer__Output,
  type StreamedCall,
  takeJoined,
} from '@muster/proto';
import { MusterError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { errorOfStatus } from './status.ts';

/** Methods whose calls may go over a stream, by path, with the field that carries them. */
export const streamedMethods: ReadonlyMap<string, StreamedMethod> = new Map([
  ['/muster.v1.TaskService/SubmitTasks', 'submitTasks'],
  ['/muster.v1.TaskService/WaitTasks', 'waitTasks'],
]);

/** Field of a request and of its answer. */
export type StreamedMethod = 'submitTasks' | 'waitTasks';

/** Calls over one channel. */
export interface CallStream {
  /** False: the coordinator is too old for it. */
  readonly isServed: () => boolean;
  /** Throws what a call by itself would throw, as a `MusterError` or as the transport's own error. */
  call(method: StreamedMethod, request: unknown, options: StreamedCallOptions): Promise<unknown>;
  /** Breaks it off; calls under way fail. */
  close(): void;
}

/** Options of one call. */
export interface StreamedCallOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** A stream without calls is ended after so long. */
const idleMs = 1_000;
/** Calls of one turn of the event loop travel together, up to so many bytes; the contract allows 4 MiB. */
const messageBytesMax = 1_048_576;

interface Pending {
  resolve(answer: StreamedAnswer__Output): void;
  reject(error: unknown): void;
}

/** Calls over the channel of `client`. */
export function createCallStream(client: Client, connection: Connection): CallStream {
  let open: OpenStream | undefined;
  let served = true;
  let last = 0;
  return {
    isServed: () => served,
    async call(method, request, options) {
      if (!open?.isOpen())
        open = new OpenStream(client, connection, (error) => {
          if (codeOf(error) === status.UNIMPLEMENTED) served = false;
        });
      last += 1;
      const answer = await open.ask({ number: last, [method]: request }, options);
      if (answer.refusal) throw errorOfStatus(answer.refusal);
      return answer[method];
    },
    close: () => open?.cancel(),
  };
}

function codeOf(error: unknown): number | undefined {
  return (error as { readonly code?: number }).code;
}

/** One stream, from its opening to its end. */
class OpenStream {
  readonly #call: ClientDuplexStream<Buffer, StreamCallsResponse__Output>;
  readonly #encode: (message: StreamCallsRequest) => Buffer;
  readonly #pending = new Map<number, Pending>();
  readonly #broke: (error: unknown) => void;
  readonly #waiting: Buffer[] = [];
  #isBlocked = false;
  #isOpen = true;
  #idle: NodeJS.Timeout | undefined;

  constructor(client: Client, connection: Connection, broke: (error: unknown) => void) {
    const { StreamCalls } = loadContract().muster.TaskService.service;
    const { path, requestSerialize, responseDeserialize } = StreamCalls;
    const same = (bytes: Buffer) => bytes;
    this.#encode = requestSerialize;
    this.#broke = broke;
    const metadata = connection.metadata();
    const call = client.makeBidiStreamRequest(path, same, responseDeserialize, metadata);
    this.#call = call;
    call.on('data', (message: StreamCallsResponse__Output) => this.#settle(message));
    call.on('drain', () => {
      this.#isBlocked = false;
      this.#write();
    });
    call.on('error', (error) => this.#over(error));
    call.on('end', () => this.#over(ended()));
  }

  /** True while it takes calls. */
  isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends one call; its number is its own. */
  ask(
    call: StreamedCall & { readonly number: number },
    options: StreamedCallOptions,
  ): Promise<StreamedAnswer__Output> {
    const { number } = call;
    this.#send(call);
    return answerOf(this.#pending, number, options, () => {
      if (this.#isOpen) this.#send({ number, cancel: {} });
      this.#restIfIdle();
    });
  }

  /** Breaks it off; its calls fail. */
  cancel(): void {
    clearTimeout(this.#idle);
    this.#call.cancel();
  }

  #settle({ answers }: StreamCallsResponse__Output): void {
    for (const answer of answers) {
      const pending = this.#pending.get(answer.number);
      this.#pending.delete(answer.number);
      pending?.resolve(answer);
    }
    this.#restIfIdle();
  }

  #over(error: unknown): void {
    this.#isOpen = false;
    clearTimeout(this.#idle);
    this.#broke(error);
    const left = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of left) pending.reject(error);
  }

  #restIfIdle(): void {
    if (this.#pending.size > 0 || !this.#isOpen) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#pending.size > 0) return;
      this.#isOpen = false;
      this.#call.end();
    }, idleMs);
    this.#idle.unref();
  }

  #send(call: StreamedCall): void {
    const bytes = this.#encode({ calls: [call] });
    if (this.#waiting.push(bytes) === 1) queueMicrotask(() => this.#write());
  }

  #write(): void {
    while (!this.#isBlocked && this.#waiting.length > 0 && this.#isOpen)
      this.#isBlocked = !this.#call.write(takeJoined(this.#waiting, messageBytesMax));
  }
}

/** Settles with the answer of this number, or fails when it is given up: `left` is called then. */
function answerOf(
  pending: Map<number, Pending>,
  number: number,
  { signal, timeoutMs }: StreamedCallOptions,
  left: () => void,
): Promise<StreamedAnswer__Output> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: MusterError) => {
      done();
      pending.delete(number);
      left();
      reject(error);
    };
    const abort = () => giveUp(new MusterError('ABORTED', 'The call was ended by its signal.'));
    const timer = setTimeout(() => giveUp(unanswered(timeoutMs)), timeoutMs);
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    pending.set(number, {
      resolve(answer) {
        done();
        resolve(answer);
      },
      reject(error) {
        done();
        reject(error);
      },
    });
  });
}

function unanswered(timeoutMs: number): MusterError {
  const message = `A call was not answered within ${timeoutMs} ms.`;
  return new MusterError('UNREACHABLE', message, { code: status.DEADLINE_EXCEEDED });
}

function ended(): MusterError {
  return new MusterError('UNREACHABLE', 'The coordinator ended the stream of calls.', {
    code: status.UNAVAILABLE,
  });
}
