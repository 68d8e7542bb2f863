// The client against a coordinator of a few lines: what travels in which call, and what is
// tried again. Flows against the real coordinator are in test/flows.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Metadata, Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js';
import {
  loadContract,
  type SubmitTasksRequest__Output,
  type SubmitTasksResponse,
  type WaitTasksRequest__Output,
  type WaitTasksResponse,
  type WatchTasksResponse,
} from '@muster/proto';
import type { Client, ClientOptions } from '../client.ts';
import { type MusterError, TaskFailedError } from '../errors.ts';
import { clientForTask, createClient } from './create-client.ts';

interface Refusal {
  code: number;
  reason: string;
  violations?: { field: string; description: string }[];
  metadata?: Record<string, string>;
  retryDelayMs?: number;
}

/** What the test wants the coordinator to do; a thrown `Refusal` becomes a status. */
interface Behaviour {
  submit?: (
    request: SubmitTasksRequest__Output,
  ) => SubmitTasksResponse | Promise<SubmitTasksResponse>;
  wait?: (
    request: WaitTasksRequest__Output,
    cancelled: AbortSignal,
  ) => WaitTasksResponse | Promise<WaitTasksResponse>;
  /** Answers of the next stream; a `Refusal` ends it. */
  watch?: () => (WatchTasksResponse | Refusal)[];
}

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function refusalStatus(refusal: Refusal) {
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
  const trailer = new Metadata();
  trailer.set(
    'grpc-status-details-bin',
    messages['google.rpc.Status'].serialize({ code, message: reason, details }),
  );
  return { code, details: `refused: ${reason}`, metadata: trailer };
}

async function startFake(behaviour: Behaviour, port = 0): Promise<{ port: number; stop(): void }> {
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
    WatchTasks: (call: ServerWritableStream<unknown, WatchTasksResponse>) => {
      for (const item of behaviour.watch?.() ?? []) {
        if ('code' in item) return void call.emit('error', refusalStatus(item));
        call.write(item as WatchTasksResponse);
      }
      call.end();
    },
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  closers.push(() => server.forceShutdown());
  return { port: bound, stop: () => server.forceShutdown() };
}

function open(port: number, options: ClientOptions = {}): Client {
  const client = createClient({ address: `127.0.0.1:${port}`, ...options });
  closers.push(() => client.close());
  return client;
}

async function startClient(behaviour: Behaviour, options?: ClientOptions): Promise<Client> {
  return open((await startFake(behaviour)).port, options);
}

const accept = ({ tasks }: SubmitTasksRequest__Output): SubmitTasksResponse => ({
  tasks: tasks.map(({ id }) => ({ id, duplicate: false, state: 'TASK_STATE_READY' })),
});

const json = (value: unknown) => ({
  mediaType: 'application/json',
  data: Buffer.from(JSON.stringify(value)),
});

const reasonIs = (reason: string) => (error: MusterError) => error.reason === reason;

describe('submit', () => {
  it('sends a lone task at once, and gathers those that come while a call is under way', async () => {
    const sizes: number[] = [];
    let release = () => {};
    const client = await startClient({
      async submit(request) {
        sizes.push(request.tasks.length);
        if (sizes.length === 1) await new Promise<void>((resolve) => (release = resolve));
        return accept(request);
      },
    });
    const first = client.submit('a', 0);
    while (sizes.length === 0) await delay(1);
    const later = Array.from({ length: 1_500 }, (_, n) => client.submit('a', n));
    await delay(20);
    release();
    const handles = await Promise.all([first, ...later]);
    assert.deepEqual(sizes, [1, 1_000, 500]);
    assert.equal(new Set(handles.map(({ id }) => id)).size, 1_501);
  });

  it('fails the tasks that are refused, and stores the others of the same call', async () => {
    const calls: string[][] = [];
    const client = await startClient({
      submit(request) {
        const names = request.tasks.map(({ handler }) => handler);
        calls.push(names);
        const violations = names.flatMap((name, index) =>
          name === 'bad' ? [{ field: `tasks[${index}].handler`, description: 'is bad' }] : [],
        );
        if (violations.length > 0) {
          throw { code: status.INVALID_ARGUMENT, reason: 'INVALID_REQUEST', violations };
        }
        return accept(request);
      },
    });
    const names = ['ok.a', 'bad', 'ok.b', 'bad', 'ok.c'];
    const settled = await Promise.allSettled(names.map((name) => client.submit(name)));
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    const refused = settled[1] as PromiseRejectedResult;
    assert.equal(refused.reason.reason, 'INVALID_REQUEST');
    assert.deepEqual(refused.reason.violations, [{ field: 'handler', description: 'is bad' }]);
    assert.deepEqual(calls, [names, ['ok.a', 'ok.b', 'ok.c']]);
  });

  it('finds an offender that nobody names by halving', async () => {
    const client = await startClient({
      submit(request) {
        if (request.tasks.some(({ handler }) => handler === 'bad')) {
          throw { code: status.INVALID_ARGUMENT, reason: 'ID_OUT_OF_RANGE' };
        }
        return accept(request);
      },
    });
    const names = ['a', 'b', 'c', 'bad', 'd', 'e'];
    const settled = await Promise.allSettled(names.map((name) => client.submit(name)));
    assert.deepEqual(
      settled.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
      [3],
    );
  });

  it('tries again with the same id when a coordinator is away, and says nothing of a duplicate', async () => {
    const ids: string[] = [];
    const client = await startClient({
      submit(request) {
        ids.push(request.tasks[0]?.id ?? '');
        if (ids.length < 3) {
          throw { code: status.UNAVAILABLE, reason: 'DATABASE_UNAVAILABLE', retryDelayMs: 5 };
        }
        return { tasks: [{ id: ids[0] ?? '', duplicate: true }] };
      },
    });
    const task = await client.submit('a');
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    assert.equal(task.duplicate, false);
  });

  it('gives up when the retry time is over, with the last reason', async () => {
    const client = await startClient(
      {
        submit() {
          throw { code: status.RESOURCE_EXHAUSTED, reason: 'OVERLOADED', retryDelayMs: 10 };
        },
      },
      { retryTimeout: '200ms' },
    );
    await assert.rejects(client.submit('a'), reasonIs('OVERLOADED'));
  });

  it('goes to another address when one does not answer', async () => {
    const { port } = await startFake({ submit: accept });
    for (let round = 0; round < 4; round += 1) {
      const client = createClient({ address: ['127.0.0.1:1', `127.0.0.1:${port}`] });
      closers.push(() => client.close());
      await client.submit('a');
    }
  });

  it('names the parent and the root for what a handler submits', async () => {
    const requests: SubmitTasksRequest__Output[] = [];
    const client = await startClient({
      submit(request) {
        requests.push(request);
        return accept(request);
      },
    });
    const taskId = '01890000-0000-7000-8000-000000000001';
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const child = clientForTask(client, { taskId, rootId: undefined, traceparent });
    await child.submit('a', { n: 1 }, { delay: '1.5s', priority: 3, retry: { maxAttempts: 2 } });
    await child.close();
    await client.submit('a');
    const [spec] = requests[0]?.tasks ?? [];
    assert.equal(spec?.parentId, taskId);
    assert.equal(spec?.rootId, taskId);
    assert.equal(spec?.traceparent, traceparent);
    assert.deepEqual({ ...spec?.startDelay }, { seconds: 1, nanos: 5e8 });
    assert.equal(spec?.priority, 3);
    assert.equal(spec?.retry?.maxAttempts, 2);
    assert.equal(requests[1]?.tasks[0]?.parentId, '');
  });

  it('refuses what it is given wrongly, before anything is sent', async () => {
    const client = open(1);
    await assert.rejects(client.submit('Not A Name'), reasonIs('OPTION_INVALID'));
    await assert.rejects(client.submit('a', new Date()), reasonIs('PAYLOAD_NOT_JSON'));
    await assert.rejects(client.submit('a', 'x'.repeat(1_048_600)), reasonIs('PAYLOAD_TOO_LARGE'));
    const misspelt = { dealy: '5s' } as unknown as { delay: '5s' };
    await assert.rejects(
      client.submit('a', 1, misspelt),
      /no option "dealy"\. Did you mean "delay"/,
    );
    assert.throws(() => createClient({ adress: 'x' } as object), /Did you mean "address"/);
  });
});

describe('result', () => {
  const finished = (id: string, output: unknown) =>
    ({
      id,
      handler: 'a',
      state: 'TASK_STATE_SUCCEEDED',
      attempt: 1,
      output: json(output),
    }) as const;
  const newId = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

  it('awaits many tasks with few calls of at most 1,000 ids', async () => {
    const sizes: number[] = [];
    const client = await startClient({
      wait({ ids }) {
        sizes.push(ids.length);
        return { tasks: ids.map((id) => finished(id, id)) };
      },
    });
    const ids = Array.from({ length: 2_300 }, (_, n) => newId(n));
    assert.deepEqual(await client.group(ids).results(), ids);
    assert.deepEqual(sizes, [1_000, 1_000, 300]);
  });

  it('goes on waiting through a coordinator that stops, and another that takes its place', async () => {
    let asked = 0;
    const never = () => new Promise<WaitTasksResponse>(() => (asked += 1));
    const first = await startFake({ wait: never });
    const client = open(first.port, { retryTimeout: '0s' });
    const result = client.handle(newId(1)).result();
    while (asked === 0) await delay(5);
    first.stop();
    await delay(200);
    await startFake(
      { wait: ({ ids }) => ({ tasks: ids.map((id) => finished(id, 7)) }) },
      first.port,
    );
    assert.equal(await result, 7);
  });

  it('keeps the number of polls small, and loses no wait when they are joined', async () => {
    let open = 0;
    let most = 0;
    const done = new Set<string>();
    const client = await startClient({
      async wait({ ids }, cancelled) {
        open += 1;
        most = Math.max(most, open);
        while (!cancelled.aborted && !ids.some((id) => done.has(id))) await delay(5);
        open -= 1;
        const pendingIds = ids.filter((id) => !done.has(id));
        return {
          tasks: ids.filter((id) => done.has(id)).map((id) => finished(id, id)),
          pendingIds,
        };
      },
    });
    const ids = Array.from({ length: 40 }, (_, n) => newId(n));
    const results: Promise<unknown>[] = [];
    for (const id of ids) {
      results.push(client.handle(id).result());
      await delay(10);
    }
    for (const id of ids) done.add(id);
    assert.deepEqual(await Promise.all(results), ids);
    // At most 8, one that has just begun, and those whose end the fake has not noticed yet.
    assert.ok(most <= 18, `${most} polls were open at a time`);
  });

  it('tells failures, cancellations and missing tasks apart', async () => {
    const client = await startClient({
      wait: ({ ids }) => ({
        tasks: ids.slice(0, 2).map((id, index) => ({
          id,
          handler: 'a',
          attempt: 3,
          state: index === 0 ? 'TASK_STATE_FAILED' : 'TASK_STATE_CANCELLED',
          cancelReason: index === 0 ? '' : 'not wanted',
          failure:
            index === 0
              ? { kind: 'FAILURE_KIND_ERROR', name: 'E', message: 'broken', details: json([1]) }
              : null,
        })),
        missingIds: ids.slice(2),
      }),
    });
    const group = client.group([newId(1), newId(2), newId(3)]);
    const errors: Record<number, MusterError> = {};
    for await (const result of group.settled()) {
      if (result.state !== 'SUCCEEDED') errors[result.index] = result.error;
    }
    assert.ok(errors[0] instanceof TaskFailedError);
    assert.equal(errors[0].attempts, 3);
    assert.deepEqual(errors[0].failure.details, [1]);
    assert.equal(errors[1]?.reason, 'TASK_CANCELLED');
    assert.match(errors[1]?.message ?? '', /not wanted/);
    assert.equal(errors[2]?.reason, 'TASK_NOT_FOUND');
    await assert.rejects(async () => client.group([newId(1)]).results(), reasonIs('TASK_FAILED'));
  });

  it('ends a wait by its timeout, its signal, or the end of the client', async () => {
    const client = await startClient({ wait: () => new Promise(() => {}) });
    const handle = client.handle(newId(1));
    await assert.rejects(handle.result({ timeout: '20ms' }), reasonIs('WAIT_TIMEOUT'));
    await assert.rejects(handle.result({ signal: AbortSignal.timeout(20) }), reasonIs('ABORTED'));
    const group = client.group([newId(1), newId(2)]);
    await assert.rejects(async () => group.results({ timeout: '20ms' }), reasonIs('WAIT_TIMEOUT'));
    const waiting = assert.rejects(handle.result(), reasonIs('CLIENT_CLOSED'));
    await client.close();
    await waiting;
    await assert.rejects(client.submit('a'), reasonIs('CLIENT_CLOSED'));
  });
});

describe('watch', () => {
  it('begins again after a broken stream, and reports nothing twice', async () => {
    const id = '01890000-0000-7000-8000-000000000001';
    const task = (state: 'READY' | 'RUNNING' | 'SUCCEEDED', leaseEpoch: number) => ({
      tasks: [{ id, handler: 'a', state: `TASK_STATE_${state}` as const, leaseEpoch }],
    });
    const streams = [
      [task('READY', 0), task('RUNNING', 1), { code: status.UNAVAILABLE, reason: 'STOPPING' }],
      [task('RUNNING', 1), task('RUNNING', 2), task('SUCCEEDED', 2)],
    ];
    const client = await startClient({ watch: () => streams.shift() ?? [] });
    const states: string[] = [];
    for await (const seen of client.watch([id])) states.push(`${seen.state} ${seen.leaseEpoch}`);
    assert.deepEqual(states, ['READY 0', 'RUNNING 1', 'RUNNING 2', 'SUCCEEDED 2']);
  });
});
