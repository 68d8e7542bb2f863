// What travels in which SubmitTasks call, and what is tried again.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { SubmitTasksRequest__Output } from '@muster/proto';
import { clientForTask, createClient } from './create-client.ts';
import { accept, atEnd, openClient, reasonIs, startClient, startFake } from './fake-coordinator.ts';

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
      atEnd(() => client.close());
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
    const client = openClient(1);
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
