// Only for tests: a coordinator of a few lines that does what a test wants, so that a test can
// see what travels in which call. Flows against the real coordinator are in test/flows.

import { afterEach } from 'node:test';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import {
  loadContract,
  type ScheduleServiceDefinition,
  type StreamCallsRequest__Output,
  type StreamCallsResponse,
  type StreamedAnswer,
  type StreamedCall__Output,
  type SubmitTasksRequest__Output,
  type SubmitTasksResponse,
  type WaitTasksRequest__Output,
  type WaitTasksResponse,
  type WatchTasksResponse,
} from '@muster/proto';
import type { Client, ClientOptions } from '../client.ts';
import type { MusterError } from '../errors.ts';
import { createClient } from './create-client.ts';

/** A refusal, as it is thrown by a behaviour. */
export interface Refusal {
  code: number;
  reason: string;
  violations?: { field: string; description: string }[];
  metadata?: Record<string, string>;
  retryDelayMs?: number;
}

/** What a service answers, by method. */
type Answers<Definition> = {
  [Name in keyof Definition]?: Definition[Name] extends {
    requestDeserialize: (bytes: Buffer) => infer Request;
    responseSerialize: (response: infer Response) => Buffer;
  }
    ? (request: Request) => Response | Promise<Response>
    : never;
};

/** What the test wants the coordinator to do; a thrown `Refusal` becomes a status. */
export interface Behaviour {
  submit?: (
    request: SubmitTasksRequest__Output,
  ) => SubmitTasksResponse | Promise<SubmitTasksResponse>;
  wait?: (
    request: WaitTasksRequest__Output,
    cancelled: AbortSignal,
  ) => WaitTasksResponse | Promise<WaitTasksResponse>;
  /** What ScheduleService answers, by method. */
  schedules?: Answers<ScheduleServiceDefinition>;
  /** Answers of the next stream; a `Refusal` ends it. */
  watch?: () => (WatchTasksResponse | Refusal)[];
  /** A message of a stream of calls has come, with so many of them. Null: the coordinator is too old for such streams. */
  streamed?: ((calls: number) => void) | null;
}

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function refusalMessage(refusal: Refusal) {
  const { messages } = loadContract();
  const any = (name: string, value: Buffer) => ({ type_url: `type.googleapis.com/${name}`, value });
  const { code, reason, metadata = {}, violations = [], retryDelayMs = 0 } = refusal;
  const details = [
    any(
      'google.rpc.ErrorInfo',
      messages['google.rpc.ErrorInfo'].serialize({ reason, domain: 'muster', metadata }),
    ),
    any(
      'google.rpc.BadRequest',
      messages['google.rpc.BadRequest'].serialize({ fieldViolations: violations }),
    ),
    any(
      'google.rpc.RetryInfo',
      messages['google.rpc.RetryInfo'].serialize({ retryDelay: { nanos: retryDelayMs * 1e6 } }),
    ),
  ];
  return { code, message: `refused: ${reason}`, details };
}

function refusalStatus(refusal: Refusal) {
  const { messages } = loadContract();
  const message = refusalMessage(refusal);
  const trailer = new Metadata();
  trailer.set('grpc-status-details-bin', messages['google.rpc.Status'].serialize(message));
  return { code: message.code, details: message.message, metadata: trailer };
}

/** Calls over a stream, each answered as it would be by itself. */
function serveCalls({ submit, wait, streamed }: Behaviour) {
  const unserved = { code: status.UNIMPLEMENTED, reason: 'INTERNAL' };
  return (stream: ServerDuplexStream<StreamCallsRequest__Output, StreamCallsResponse>) => {
    if (streamed === null) return void stream.emit('error', refusalStatus(unserved));
    const cancelled = new Map<number, AbortController>();
    const run = async (call: StreamedCall__Output): Promise<void> => {
      const { number, submitTasks, waitTasks } = call;
      const own = new AbortController();
      cancelled.set(number, own);
      try {
        if (submitTasks && !submit) throw unserved;
        if (waitTasks && !wait) throw unserved;
        const answer = submitTasks
          ? { submitTasks: await submit?.(submitTasks) }
          : { waitTasks: waitTasks && (await wait?.(waitTasks, own.signal)) };
        stream.write({ answers: [{ number, ...answer } as StreamedAnswer] });
      } catch (refusal) {
        stream.write({ answers: [{ number, refusal: refusalMessage(refusal as Refusal) }] });
      }
    };
    stream.on('data', ({ calls }: StreamCallsRequest__Output) => {
      streamed?.(calls.length);
      for (const call of calls)
        if (call.cancel) cancelled.get(call.number)?.abort();
        else void run(call);
    });
    stream.on('cancelled', () => {
      for (const each of cancelled.values()) each.abort();
    });
    stream.on('end', () => stream.end());
  };
}

/** Starts a coordinator that behaves so, on `port` or a free one; it stops with the test. */
export async function startFake(
  behaviour: Behaviour,
  port = 0,
): Promise<{ port: number; stop(): void }> {
  const server = new Server();
  const answer =
    <Request, Response>(
      method?: (request: Request, cancelled: AbortSignal) => Response | Promise<Response>,
    ) =>
    async (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      const cancelled = new AbortController();
      call.on('cancelled', () => cancelled.abort());
      try {
        if (!method) throw { code: status.UNIMPLEMENTED, reason: 'INTERNAL' };
        callback(null, await method(call.request, cancelled.signal));
      } catch (refusal) {
        callback(refusalStatus(refusal as Refusal));
      }
    };
  server.addService(loadContract().muster.TaskService.service, {
    SubmitTasks: answer(behaviour.submit),
    WaitTasks: answer(behaviour.wait),
    StreamCalls: serveCalls(behaviour),
    WatchTasks: (call: ServerWritableStream<unknown, WatchTasksResponse>) => {
      for (const item of behaviour.watch?.() ?? []) {
        if ('code' in item) return void call.emit('error', refusalStatus(item));
        call.write(item as WatchTasksResponse);
      }
      call.end();
    },
  });
  const schedules = loadContract().muster.ScheduleService.service;
  const asked = Object.keys(schedules).map((name) => [name, answer(behaviour.schedules?.[name])]);
  server.addService(schedules, Object.fromEntries(asked));
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  closers.push(() => server.forceShutdown());
  return { port: bound, stop: () => server.forceShutdown() };
}

/** A client of the coordinator on `port`; it closes with the test. */
export function openClient(port: number, options: ClientOptions = {}): Client {
  const client = createClient({ address: `127.0.0.1:${port}`, ...options });
  closers.push(() => client.close());
  return client;
}

/** A client of a coordinator that behaves so. */
export async function startClient(behaviour: Behaviour, options?: ClientOptions): Promise<Client> {
  return openClient((await startFake(behaviour)).port, options);
}

/** Stores everything. */
export const accept = ({ tasks }: SubmitTasksRequest__Output): SubmitTasksResponse => ({
  tasks: tasks.map(({ id }) => ({ id, duplicate: false, state: 'TASK_STATE_READY' })),
});

/** A JSON payload. */
export const json = (value: unknown) => ({
  mediaType: 'application/json',
  data: Buffer.from(JSON.stringify(value)),
});

/** All that an async list holds. */
export async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Tells whether an error has this reason. */
export const reasonIs = (reason: string) => (error: MusterError) => error.reason === reason;

/** Runs when the test ends, last first. */
export function atEnd(close: () => unknown): void {
  closers.push(close);
}
