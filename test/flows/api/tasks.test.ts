// Tasks that do not run: submitted, read, listed, waited for, watched, cancelled, retried.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { StatusObject } from '@grpc/grpc-js';
import type { WatchTasksRequest, WatchTasksResponse__Output } from '@muster/proto';
import { eventually } from '../../harness/eventually.ts';
import { uuidV7 } from '../../harness/task-ids.ts';
import { type Refused, readRefusal, refusal } from './raw-client.ts';
import { type ApiStage, apiSuite } from './suite.ts';

/** Everything that a watch has said so far. */
function watch(stage: ApiStage, request: WatchTasksRequest) {
  const answers: WatchTasksResponse__Output[] = [];
  const stream = stage.clients.taskClient.WatchTasks(request);
  let ended = false;
  stream.on('data', (answer: WatchTasksResponse__Output) => answers.push(answer));
  stream.on('end', () => {
    ended = true;
  });
  const refused = new Promise<Refused>((resolve) => {
    stream.on('error', (error: StatusObject & Error) => {
      if (error.metadata.get('grpc-status-details-bin').length > 0) resolve(readRefusal(error));
    });
  });
  return {
    refused,
    statesOf: (id: string) =>
      answers.flatMap(({ tasks }) =>
        tasks.filter((task) => task.id === id).map(({ state }) => state),
      ),
    missing: () => answers.flatMap(({ missingIds }) => missingIds),
    ended: () => ended,
    cancel: () => stream.cancel(),
  };
}

async function submitOne(stage: ApiStage, spec: object): Promise<string> {
  const { tasks } = await stage.clients.tasks('SubmitTasks', {
    tasks: [{ handler: 'flow.task', ...spec }],
  });
  return tasks[0]?.id ?? '';
}

apiSuite('tasks over gRPC', [], (stage) => {
  it('are read as they were submitted', async () => {
    const id = uuidV7();
    const input = { mediaType: 'text/plain', data: Buffer.from([0, 1, 255]) };
    await submitOne(stage, {
      id,
      handler: 'flow.read',
      input,
      priority: -7,
      labels: { tenant: 'ü', a: '' },
      startDelay: { seconds: 3600 },
      totalTimeout: { seconds: 7200 },
      startTtl: { seconds: 60 },
      retry: {
        maxAttempts: 5,
        initialDelay: { nanos: 5_000_000 },
        nonRetryableErrors: ['TypeError'],
      },
      attemptTimeout: { seconds: 30 },
      atMostOnce: false,
      idempotencyKey: 'key',
      parentId: '01890000-0000-7000-8000-00000000000a',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    const { task } = await stage.clients.tasks('GetTask', { id, view: 'TASK_VIEW_FULL' });
    assert.ok(task);
    assert.equal(task.state, 'TASK_STATE_DELAYED');
    assert.deepEqual([task.namespace, task.handler, task.priority], ['default', 'flow.read', -7]);
    assert.deepEqual(
      [task.input?.mediaType, [...(task.input?.data ?? [])]],
      ['text/plain', [0, 1, 255]],
    );
    assert.deepEqual({ ...task.labels }, { tenant: 'ü', a: '' });
    assert.deepEqual([task.attempt, task.leaseEpoch, task.attempts], [1, 0, []]);
    assert.equal((task.dueTime?.seconds ?? 0) - (task.createTime?.seconds ?? 0), 3600);
    assert.equal((task.deadlineTime?.seconds ?? 0) - (task.createTime?.seconds ?? 0), 7200);
    assert.equal((task.expireTime?.seconds ?? 0) - (task.dueTime?.seconds ?? 0), 60);
    assert.deepEqual(
      [task.retry?.maxAttempts, task.retry?.initialDelay?.nanos, task.retry?.multiplier],
      [5, 5_000_000, undefined],
    );
    assert.deepEqual([...(task.retry?.nonRetryableErrors ?? [])], ['TypeError']);
    assert.deepEqual([task.attemptTimeout?.seconds, task.atMostOnce], [30, false]);
    assert.deepEqual(
      [task.idempotencyKey, task.rootId],
      ['key', '01890000-0000-7000-8000-00000000000a'],
    );
    assert.equal(task.traceparent, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
    const { task: basic } = await stage.clients.tasks('GetTask', { id: id.toUpperCase() });
    assert.deepEqual([basic?.id, basic?.input], [id, null]);
  });

  it('belong to the trace of their call if they bring none', async () => {
    const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
    const { tasks } = await stage.clients.tasks(
      'SubmitTasks',
      { tasks: [{ handler: 'flow.trace' }] },
      { traceparent },
    );
    const { task } = await stage.clients.tasks('GetTask', { id: tasks[0]?.id ?? '' });
    assert.equal(task?.traceparent, traceparent);
  });

  it('are told missing where there are none', async () => {
    const id = uuidV7();
    const refused = await refusal(stage.clients.tasks('GetTask', { id }));
    assert.deepEqual(
      [refused.code, refused.reason, refused.metadata.id],
      [5, 'TASK_NOT_FOUND', id],
    );
    const waited = await stage.clients.tasks('WaitTasks', { ids: [id] });
    assert.deepEqual([waited.missingIds, waited.pendingIds, waited.tasks], [[id], [], []]);
    const cancelled = await stage.clients.tasks('CancelTasks', { ids: [id] });
    assert.deepEqual(cancelled.missingIds, [id]);
    const retried = await stage.clients.tasks('RetryTasks', { ids: [id] });
    assert.deepEqual(retried.missingIds, [id]);
  });

  it('are listed newest first, in pages that stay stable while new ones arrive', async () => {
    const spec = { handler: 'flow.list', labels: { kind: 'x' } };
    const { tasks } = await stage.clients.tasks('SubmitTasks', { tasks: Array(25).fill(spec) });
    const listed: string[] = [];
    let pageToken = '';
    do {
      const page = await stage.clients.tasks('ListTasks', {
        filter: { handler: 'flow.list', labels: { kind: 'x' }, states: ['TASK_STATE_READY'] },
        pageSize: 10,
        pageToken,
      });
      listed.push(...page.tasks.map(({ id }) => id));
      pageToken = page.nextPageToken;
      await stage.clients.tasks('SubmitTasks', { tasks: [spec] });
    } while (pageToken !== '');
    assert.deepEqual(listed, tasks.map(({ id }) => id).reverse());
    const nothing = await stage.clients.tasks('ListTasks', { filter: { handler: 'flow.nobody' } });
    assert.deepEqual([nothing.tasks, nothing.nextPageToken], [[], '']);
  });

  it('are listed in pages of bounded bytes, large labels included', async () => {
    const labels = Object.fromEntries(
      Array.from({ length: 16 }, (_, n) => [`k${n}`.padEnd(63, 'x'), 'y'.repeat(128)]),
    );
    await stage.clients.tasks('SubmitTasks', {
      tasks: Array(1000).fill({ handler: 'flow.labels', labels }),
    });
    const filter = { handler: 'flow.labels' };
    let seen = 0;
    let pageToken = '';
    do {
      const page = await stage.clients.tasks('ListTasks', { filter, pageSize: 1000, pageToken });
      assert.ok(page.tasks.length < 1000);
      seen += page.tasks.length;
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.equal(seen, 1000);
  });

  it('are listed in pages of bounded bytes, payloads included', async () => {
    const input = { mediaType: 'a/b', data: Buffer.alloc(900_000) };
    for (let call = 0; call < 2; call += 1)
      await stage.clients.tasks('SubmitTasks', {
        tasks: Array(3).fill({ handler: 'flow.large', input }),
      });
    const view = 'TASK_VIEW_PAYLOADS' as const;
    const filter = { handler: 'flow.large' };
    const { tasks, nextPageToken } = await stage.clients.tasks('ListTasks', { filter, view });
    assert.ok(tasks.length >= 1 && tasks.length <= 3, `${tasks.length} tasks`);
    assert.notEqual(nextPageToken, '');
    const { tasks: basic } = await stage.clients.tasks('ListTasks', { filter });
    assert.equal(basic.length, 6);
  });

  it('fall due and are promoted', async () => {
    const spec = { handler: 'flow.due', startDelay: { nanos: 300_000_000 } };
    const { tasks } = await stage.clients.tasks('SubmitTasks', { tasks: [spec] });
    const [{ id, state } = { id: '', state: '' }] = tasks;
    assert.equal(state, 'TASK_STATE_DELAYED');
    const watched = watch(stage, { ids: [id] });
    await eventually(() => watched.statesOf(id).includes('TASK_STATE_READY'), Boolean, {
      what: 'the task to be due',
      timeoutMs: 3000,
    });
    watched.cancel();
  });

  it('are cancelled, by ids and by filter, and their waiters hear of it at once', async () => {
    const ready = await submitOne(stage, { handler: 'flow.cancel', labels: { batch: '1' } });
    const delayed = await submitOne(stage, { handler: 'flow.cancel', startDelay: { seconds: 60 } });
    const waiting = stage.clients.tasks('WaitTasks', { ids: [delayed, ready] });
    const any = stage.clients.tasks('WaitTasks', { ids: [delayed, ready], mode: 'WAIT_MODE_ANY' });
    const watched = watch(stage, { ids: [ready, delayed, uuidV7()] });
    await eventually(() => watched.missing().length === 1, Boolean, {
      what: 'the watch has begun',
    });
    const begun = performance.now();
    const one = await stage.clients.tasks('CancelTasks', { ids: [ready], reason: 'because' });
    assert.deepEqual(one.cancelledIds, [ready]);
    const first = await any;
    assert.deepEqual([first.tasks.map(({ id }) => id), first.pendingIds], [[ready], [delayed]]);
    const filter = { handler: 'flow.cancel', states: ['TASK_STATE_DELAYED' as const] };
    const rest = await stage.clients.tasks('CancelTasks', { filter });
    assert.deepEqual([rest.cancelledIds, rest.more], [[delayed], false]);
    const { tasks, pendingIds } = await waiting;
    assert.ok(performance.now() - begun < 2000, 'They heard of it by the safety poll only.');
    assert.deepEqual(
      tasks.map(({ id }) => id),
      [delayed, ready],
    );
    assert.deepEqual(
      [tasks[1]?.state, tasks[1]?.cancelReason, pendingIds],
      ['TASK_STATE_CANCELLED', 'because', []],
    );
    await eventually(watched.ended, Boolean, { what: 'the watch has ended' });
    assert.deepEqual(watched.statesOf(ready).at(-1), 'TASK_STATE_CANCELLED');
    const again = await stage.clients.tasks('CancelTasks', { ids: [ready] });
    assert.deepEqual(again.finishedIds, [ready]);
  });

  it('are waited for no longer than asked', async () => {
    const id = await submitOne(stage, { startDelay: { seconds: 60 } });
    const begun = performance.now();
    const waited = await stage.clients.tasks('WaitTasks', {
      ids: [id, id],
      waitTimeout: { nanos: 200_000_000 },
    });
    assert.deepEqual([waited.pendingIds, waited.tasks], [[id], []]);
    assert.ok(performance.now() - begun < 3000);
    const none = await stage.clients.tasks('WaitTasks', { ids: [id], waitTimeout: { seconds: 0 } });
    assert.deepEqual(none.pendingIds, [id]);
  });

  it('are retried once, as new tasks', async () => {
    const unfinished = await submitOne(stage, { handler: 'flow.retry', labels: { a: 'b' } });
    const id = await submitOne(stage, { handler: 'flow.retry', labels: { a: 'b' }, priority: 3 });
    await stage.clients.tasks('CancelTasks', { ids: [id] });
    const first = await stage.clients.tasks('RetryTasks', { ids: [id, unfinished] });
    assert.deepEqual(first.unfinishedIds, [unfinished]);
    const [retried] = first.retriedTasks;
    assert.deepEqual([retried?.id, retried?.duplicate], [id, false]);
    const { task } = await stage.clients.tasks('GetTask', { id: retried?.retryId ?? '' });
    assert.deepEqual(
      [task?.retryOf, task?.state, task?.priority, task?.labels.a],
      [id, 'TASK_STATE_READY', 3, 'b'],
    );
    const again = await stage.clients.tasks('RetryTasks', { ids: [id] });
    assert.deepEqual({ ...again.retriedTasks[0] }, { ...retried, duplicate: true });
    const none = await stage.clients.tasks('RetryTasks', { filter: { handler: 'flow.retry' } });
    assert.deepEqual([none.retriedTasks, none.more], [[], false]);
  });

  it('with a taken idempotency key are the task that holds it', async () => {
    const spec = { handler: 'flow.key', idempotencyKey: 'once' };
    const { tasks } = await stage.clients.tasks('SubmitTasks', { tasks: [spec, spec] });
    assert.deepEqual(
      tasks.map(({ duplicate }) => duplicate),
      [false, true],
    );
    const again = await stage.clients.tasks('SubmitTasks', { tasks: [{ ...spec, priority: 5 }] });
    assert.deepEqual([again.tasks[0]?.id, again.tasks[0]?.duplicate], [tasks[0]?.id, true]);
  });

  it('may come by the hundred calls at once', async () => {
    const calls = await Promise.all(
      Array.from({ length: 200 }, () =>
        stage.clients.tasks('SubmitTasks', { tasks: Array(10).fill({ handler: 'flow.many' }) }),
      ),
    );
    const ids = new Set(calls.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
    assert.equal(ids.size, 2000);
  });
});

apiSuite('waits beyond their bound', ['--waits-max', '2', '--waited-tasks-max', '10'], (stage) => {
  it('are refused with a hint, and a wait that was given up makes room', async () => {
    const id = await submitOne(stage, { startDelay: { seconds: 60 } });
    const open = [watch(stage, { ids: [id] }), watch(stage, { ids: [id] })];
    await eventually(() => open.every((each) => each.statesOf(id).length > 0), Boolean, {
      what: 'both are open',
    });
    const refused = await refusal(stage.clients.tasks('WaitTasks', { ids: [id] }));
    assert.deepEqual([refused.code, refused.reason], [8, 'OVERLOADED']);
    assert.ok((refused.retryDelayMs ?? 0) > 0);
    open[0]?.cancel();
    await eventually(
      async () => {
        const waited = await stage.clients
          .tasks('WaitTasks', { ids: [id], waitTimeout: { seconds: 0 } })
          .catch(() => null);
        return waited !== null;
      },
      Boolean,
      { what: 'there is room' },
    );
    const many = Array.from({ length: 11 }, () => uuidV7());
    assert.equal(
      (await refusal(stage.clients.tasks('WaitTasks', { ids: many }))).reason,
      'OVERLOADED',
    );
    const third = watch(stage, { ids: many });
    const { code, reason } = await third.refused;
    assert.deepEqual([code, reason], [8, 'OVERLOADED']);
    open[1]?.cancel();
  });
});
