/**
 * Between grpc-js and the methods of the api role.
 *
 * A call goes through the same steps whatever it asks: who calls, is the message what the contract says, then the
 * method; and whatever goes wrong becomes a typed status. The bytes are decoded here and not by grpc-js, so that
 * strangers cost no decoding and mistakes get a typed answer.
 */
import type {
  Metadata,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { Logger } from 'pino';
import { refusalOf } from '../refusals.ts';
import type { Routes } from '../role.ts';
import type { Authentication, Principal } from '../wire/authentication.ts';
import { CallRefused, statusOf } from '../wire/status.ts';
import { callStreamHandler, type StreamedMethods } from './call-stream.ts';
import { readKnownRequest } from './read-request.ts';

/** Who calls, and whether they still listen. */
export type Caller = {
  readonly principal: Principal;
  /** Aborted when the caller has gone, its deadline has passed, or the coordinator stops. */
  readonly signal: AbortSignal;
  /** `traceparent` of the call; '' for none. */
  readonly traceparent: string;
};

/** The methods of a service: one answer, or a stream of answers. The one that carries calls of others is not among them. */
export type Methods<Definition> = {
  readonly [Name in keyof Definition as string extends Name
    ? never
    : Name extends 'StreamCalls'
      ? never
      : Name]: Definition[Name] extends MethodDefinition<
    infer _Request,
    infer Response,
    infer Read,
    infer _Read
  >
    ? (request: Read, caller: Caller) => Promise<Response> | AsyncIterable<Response>
    : never;
};

/** What the edge needs. */
export type EdgeContext = {
  readonly authentication: Authentication;
  readonly logger: Logger;
  /** Aborted when the coordinator stops. */
  readonly stopping: AbortSignal;
};

/** By the name of a unary method: throws if its calls are to be refused before they cost the reading of their bytes. */
export type Admission = Readonly<Record<string, () => void>>;

/** A method of whichever kind, as the edge sees it. */
export type AnyMethod = (
  request: unknown,
  caller: Caller,
) => Promise<unknown> | AsyncIterable<unknown>;
/** What the contract says of a method. */
export type AnyDefinition = MethodDefinition<object, object>;

/** What only some services have. */
export type ServeOptions = {
  readonly admission?: Admission;
  /** What the method that carries calls of others may carry. */
  readonly streamed?: StreamedMethods;
};

/** Adds a service to the server. */
export function serveMethods<Definition extends object>(
  routes: Routes,
  definition: Definition,
  methods: Methods<NoInfer<Definition>>,
  context: EdgeContext,
  { admission = {}, streamed }: ServeOptions = {},
): void {
  const calls = createOpenCalls(context.stopping);
  const table: Record<string, unknown> = {};
  const handlers: UntypedServiceImplementation = {};
  for (const [name, entry] of Object.entries(definition as Record<string, AnyDefinition>)) {
    if (entry.requestStream && streamed !== undefined) {
      table[name] = withBytes(entry);
      handlers[name] = callStreamHandler(entry, streamed, context, calls);
      continue;
    }
    const method = (methods as Record<string, AnyMethod>)[name];
    if (method === undefined)
      throw new Error(`Method ${entry.path} of the contract is not served.`);
    table[name] = { ...entry, requestDeserialize: (bytes: Buffer) => bytes };
    handlers[name] = entry.responseStream
      ? streamHandler(entry, method, context, calls)
      : unaryHandler(entry, method, { ...context, admit: admission[name] }, calls);
  }
  routes.addService(table as ServiceDefinition, handlers);
}

/** The method as grpc-js serves it when bytes are decoded and encoded by its handler. */
function withBytes(entry: AnyDefinition) {
  const same = (bytes: Buffer) => bytes;
  return { ...entry, requestDeserialize: same, responseSerialize: same };
}

/** Calls that are open, each with what ends its waiting: the caller has gone, or the coordinator stops. */
function createOpenCalls(stopping: AbortSignal) {
  // Not AbortSignal.any: a signal that lives long must not collect one dependant per call.
  const open = new Set<AbortController>();
  stopping.addEventListener('abort', () => {
    for (const each of open) each.abort();
  });
  return {
    begin(call: { on(event: 'cancelled' | 'error', listener: () => void): unknown }) {
      const leaving = new AbortController();
      if (stopping.aborted) leaving.abort();
      open.add(leaving);
      call.on('cancelled', () => leaving.abort());
      return leaving;
    },
    end: (leaving: AbortController) => void open.delete(leaving),
  };
}

/** The open calls of a service. */
export type OpenCalls = ReturnType<typeof createOpenCalls>;

function unaryHandler(
  entry: AnyDefinition,
  method: AnyMethod,
  context: EdgeContext & { readonly admit: (() => void) | undefined },
  calls: OpenCalls,
) {
  return async (call: ServerUnaryCall<Buffer, unknown>, callback: sendUnaryData<unknown>) => {
    const leaving = calls.begin(call);
    try {
      const caller = callerOf(call.metadata, leaving.signal, context);
      context.admit?.();
      callback(null, await method(readKnownRequest(entry, call.request), caller));
    } catch (error) {
      // To a caller who has gone nothing is told, and what its leaving broke off is no defect.
      const refusal = call.cancelled ? gone : refusalOf(error, context.logger, entry.path);
      callback(statusOf(refusal));
    } finally {
      calls.end(leaving);
    }
  };
}

const gone = new CallRefused('STOPPING', 'The caller has gone.');

function streamHandler(
  entry: AnyDefinition,
  method: AnyMethod,
  context: EdgeContext,
  calls: OpenCalls,
) {
  return async (call: ServerWritableStream<Buffer, unknown>) => {
    const leaving = calls.begin(call);
    try {
      const caller = callerOf(call.metadata, leaving.signal, context);
      const answers = method(
        readKnownRequest(entry, call.request),
        caller,
      ) as AsyncIterable<unknown>;
      for await (const answer of answers) {
        if (call.cancelled) break;
        if (!call.write(answer)) await drained(call, leaving.signal);
      }
      call.end();
    } catch (error) {
      if (call.cancelled) call.end();
      else call.emit('error', statusOf(refusalOf(error, context.logger, entry.path)));
    } finally {
      calls.end(leaving);
    }
  };
}

function callerOf(metadata: Metadata, signal: AbortSignal, context: EdgeContext): Caller {
  return {
    principal: context.authentication.authenticate(metadata),
    signal,
    traceparent: String(metadata.get('traceparent')[0] ?? ''),
  };
}

/** A slow reader is waited for; one that has gone is not. */
function drained(call: ServerWritableStream<Buffer, unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
