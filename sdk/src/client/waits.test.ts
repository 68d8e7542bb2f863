// How results are awaited and tasks are watched: few calls, and no outcome missed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { WaitTasksResponse } from '@muster/proto';
import { type MusterError, TaskFailedError } from '../errors.ts';
import { json, openClient, reasonIs, startClient, startFake } from './fake-coordinator.ts';

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
    const client = openClient(first.port, { retryTimeout: '0s' });
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
