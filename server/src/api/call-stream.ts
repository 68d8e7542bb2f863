/**
 * StreamCalls: calls of other methods over one stream, each answered by itself, in the order in which they are ready.
 *
 * A call by itself costs grpc-js some 0.25 ms on either side, most of it for headers, trailers and states of its stream; a
 * message of an open stream costs a fifth of that (measured). What is true of a call by itself is true here: who calls is
 * asked each time, so that a withdrawn token ends with its next call, and one wrong call is refused alone.
 *
 *   open ─▶ ending (the client has said its last, or the coordinator stops) ─▶ over, when nothing is under way
 *
 * While the client takes no answers none of its calls are read, so that what waits is bounded by what is under way.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type StreamCallsRequest__Output,
  type StreamedAnswer,
  type StreamedCall__Output,
  type SubmitTasksRequest__Output,
  type SubmitTasksResponse,
  takeJoined,
  type WaitTasksRequest__Output,
  type WaitTasksResponse,
} from '@muster/proto';
import { refusalOf } from '../refusals.ts';
import { CallRefused, refuseFields, statusMessageOf, statusOf } from '../wire/status.ts';
import type { AnyDefinition, Caller, EdgeContext, OpenCalls } from './edge.ts';
import { readRequest } from './read-request.ts';

/** The methods whose calls a stream may carry. */
export type StreamedMethods = {
  /** Throws if submits are to be refused now. */
  readonly admitSubmit: () => void;
  readonly submitTasks: (
    request: SubmitTasksRequest__Output,
    caller: Caller,
  ) => Promise<SubmitTasksResponse>;
  readonly waitTasks: (
    request: WaitTasksRequest__Output,
    caller: Caller,
  ) => Promise<WaitTasksResponse>;
};

/** A stream of calls as grpc-js hands it over: bytes both ways. */
export type CallStream = ServerDuplexStream<Buffer, Buffer>;

/** Calls under way in one stream; the contract says so. */
const underWayMax = 500;
const overloadedRetryMs = 200;
const stoppingRetryMs = 100;

/** What serves the method. */
export function callStreamHandler(
  entry: AnyDefinition,
  methods: StreamedMethods,
  context: EdgeContext,
  calls: OpenCalls,
) {
  return (stream: CallStream): void => {
    const leaving = calls.begin(stream);
    const served = serveStream(entry, methods, context, stream);
    const refuse = (error: unknown) => {
      served.end();
      stream.emit('error', statusOf(refusalOf(error, context.logger, entry.path)));
    };
    leaving.signal.addEventListener('abort', () => served.end());
    if (leaving.signal.aborted) served.end();
    stream.on('data', (bytes: Buffer) => {
      try {
        served.take(bytes);
      } catch (error) {
        refuse(error);
      }
    });
    stream.on('end', () => served.endWhenDone());
    for (const over of ['close', 'cancelled']) stream.on(over, () => calls.end(leaving));
    try {
      context.authentication.authenticate(stream.metadata);
    } catch (error) {
      refuse(error);
    }
  };
}

/** The calls of one stream. */
function serveStream(
  entry: AnyDefinition,
  methods: StreamedMethods,
  { authentication, logger }: EdgeContext,
  stream: CallStream,
) {
  const traceparent = String(stream.metadata.get('traceparent')[0] ?? '');
  const answers = createAnswers(stream);
  const underWay = new Map<number, AbortController>();
  let ending = false;
  let stopped = false;

  const answer = (each: StreamedAnswer) =>
    answers.push(entry.responseSerialize({ answers: [each] }));

  const refuse = (number: number, error: unknown) =>
    answer({ number, refusal: statusMessageOf(refusalOf(error, logger, entry.path)) });

  function endIfDone(): void {
    if (ending && underWay.size === 0) answers.end();
  }

  async function run(call: StreamedCall__Output): Promise<void> {
    const { number } = call;
    const own = new AbortController();
    underWay.set(number, own);
    try {
      const principal = authentication.authenticate(stream.metadata);
      const answered = await ask(methods, call, { principal, signal: own.signal, traceparent });
      if (underWay.get(number) === own) answer({ number, ...answered });
    } catch (error) {
      if (underWay.get(number) === own) refuse(number, error);
    }
    if (underWay.get(number) === own) underWay.delete(number);
    endIfDone();
  }

  function cancel(number: number): void {
    underWay.get(number)?.abort();
    underWay.delete(number);
    endIfDone();
  }

  function begin(call: StreamedCall__Output): void {
    const { number } = call;
    if (number < 1 || underWay.has(number))
      throw new CallRefused(
        'INVALID_REQUEST',
        `A call has the number ${number}; numbers begin at 1, and that of a call still under way is not used again.`,
      );
    if (stopped) refuse(number, stopping());
    else if (underWay.size >= underWayMax) refuse(number, tooMany());
    else void run(call);
  }

  return {
    /** The calls of one message. Throws `CallRefused` for what breaks the stream. */
    take(bytes: Buffer): void {
      for (const call of readCalls(entry, bytes, refuse))
        if (call.request === 'cancel') cancel(call.number);
        else begin(call);
    },
    endWhenDone(): void {
      ending = true;
      endIfDone();
    },
    /** Whoever only waits is told to wait elsewhere, as is whoever asks now; what is being stored is answered first. */
    end(): void {
      stopped = true;
      for (const each of underWay.values()) each.abort();
      this.endWhenDone();
    },
  };
}

function stopping(): CallRefused {
  return new CallRefused('STOPPING', 'This coordinator stops. Ask again, at another one.', {
    retryDelayMs: stoppingRetryMs,
  });
}

function tooMany(): CallRefused {
  return new CallRefused(
    'OVERLOADED',
    `${underWayMax} calls are under way in this stream. Await some of them, or open another stream.`,
    { retryDelayMs: overloadedRetryMs },
  );
}

async function ask(
  methods: StreamedMethods,
  call: StreamedCall__Output,
  caller: Caller,
): Promise<Omit<StreamedAnswer, 'number'>> {
  if (call.submitTasks) {
    methods.admitSubmit();
    return { submitTasks: await methods.submitTasks(call.submitTasks, caller) };
  }
  if (call.waitTasks) return { waitTasks: await methods.waitTasks(call.waitTasks, caller) };
  throw refuseFields([{ field: 'request', description: 'must be set' }]);
}

/** The calls of a message that are what the contract says; the others are refused, each alone where that can be told. */
function readCalls(
  entry: AnyDefinition,
  bytes: Buffer,
  refuse: (number: number, error: CallRefused) => void,
): readonly StreamedCall__Output[] {
  const { message, violations, count } = readRequest(entry, bytes);
  const { calls } = message as StreamCallsRequest__Output;
  if (count === 0) return calls;
  const own = violations.map(({ field, description }) => {
    const [, place = '', path = field] = /^calls\[(\d+)\]\.(?:\w+\.)?(.*)$/.exec(field) ?? [];
    return { place, field: path, description };
  });
  if (count > own.length || own.some(({ place }) => place === ''))
    throw refuseFields(violations, count);
  const byPlace = Map.groupBy(own, ({ place }) => Number(place));
  for (const [place, found] of byPlace) refuse(calls[place]?.number ?? 0, refuseFields(found));
  return calls.filter((_, place) => !byPlace.has(place));
}

/** Answers of one turn of the event loop travel together, up to so many bytes. */
const messageBytesMax = 1024 * 1024;

/** The writing side of a stream: packs what is ready, and reads no calls while the client takes no answers. */
function createAnswers(stream: CallStream) {
  const waiting: Buffer[] = [];
  let scheduled = false;
  let blocked = false;
  let ended = false;

  function write(): void {
    scheduled = false;
    while (!blocked && waiting.length > 0 && !stream.cancelled) {
      if (!stream.write(takeJoined(waiting, messageBytesMax))) {
        blocked = true;
        stream.pause();
      }
    }
    if (ended && waiting.length === 0) stream.end();
  }

  function wake(): void {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(write);
  }

  stream.on('drain', () => {
    blocked = false;
    stream.resume();
    write();
  });

  return {
    push(answer: Buffer): void {
      waiting.push(answer);
      wake();
    },
    end(): void {
      ended = true;
      wake();
    },
  };
}
