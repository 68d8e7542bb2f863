// Everything wrong that a caller can say gets a typed answer that names it, and stores nothing.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadContract, type SubmitTasksRequest, type TaskSpec } from '@muster/proto';
import { uuidV7 } from '../../harness/task-ids.ts';
import { callWithBytes, type Refused, refusal } from './raw-client.ts';
import { apiSuite } from './suite.ts';

const invalidArgument = 3;
const submitPath = '/muster.v1.TaskService/SubmitTasks';
const { messages } = loadContract();

/** A field of wire type 2 with less than 128 bytes. */
function wrapped(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(number * 8 + 2, bytes.length), bytes]);
}

apiSuite('bad input', [], (stage) => {
  const submit = (request: SubmitTasksRequest) => stage.clients.tasks('SubmitTasks', request);
  const refusedSpec = (spec: TaskSpec) =>
    refusal(submit({ tasks: [{ handler: 'bad.input', ...spec }] }));
  const assertViolation = (refused: Refused, field: string, description: RegExp) => {
    assert.deepEqual([refused.code, refused.reason], [invalidArgument, 'INVALID_REQUEST']);
    assert.equal(refused.violations[0]?.field, field);
    assert.match(refused.violations[0]?.description ?? '', description);
  };

  it('keeps tasks of an unknown handler, and names the nearest that is known', async () => {
    const { tasks, unservedHandlers } = await submit({ tasks: [{ handler: 'nobody.serves' }] });
    assert.equal(tasks[0]?.state, 'TASK_STATE_READY');
    assert.deepEqual(
      { ...unservedHandlers[0] },
      { handler: 'nobody.serves', nearestHandler: '', known: false },
    );
  });

  it('refuses an unknown handler where one is required', async () => {
    const refused = await refusal(
      submit({ tasks: [{ handler: 'nobody.knows' }], requireHandler: true }),
    );
    assert.deepEqual([refused.code, refused.reason], [5, 'HANDLER_NOT_FOUND']);
    assert.equal(refused.metadata.handler, 'nobody.knows');
  });

  it('refuses a payload over the limit', async () => {
    const data = Buffer.alloc(1024 * 1024 + 1);
    const refused = await refusedSpec({ input: { mediaType: 'application/octet-stream', data } });
    assertViolation(refused, 'tasks[0].input.data', /1048577 bytes; at most 1048576/);
    const whole = await submit({
      tasks: [{ handler: 'bad.input', input: { mediaType: 'a/b', data: data.subarray(1) } }],
    });
    assert.equal(whole.tasks.length, 1);
  });

  it('refuses a call over 4 MiB', async () => {
    const input = { mediaType: 'a/b', data: Buffer.alloc(1024 * 1024) };
    const refused = await refusal(
      submit({ tasks: Array(5).fill({ handler: 'bad.input', input }) }),
    );
    assert.deepEqual([refused.code, refused.reason], [invalidArgument, 'INVALID_REQUEST']);
    assert.match(refused.message, /at most 4 MiB/);
  });

  it('refuses a malformed id', async () => {
    for (const id of ['x', '0', uuidV7().replace(/^(.{14})7/, '$14'), `${uuidV7()}0`])
      assertViolation(await refusedSpec({ id }), 'tasks[0].id', /is no UUIDv7/);
  });

  it('refuses an id that is far off, with the time of the database', async () => {
    for (const away of [-25, 25]) {
      const refused = await refusedSpec({ id: uuidV7(Date.now() + away * 3_600_000) });
      assert.deepEqual([refused.code, refused.reason], [invalidArgument, 'ID_OUT_OF_RANGE']);
      assert.equal(refused.violations[0]?.field, 'tasks[0].id');
      const serverTime = Date.parse(refused.metadata.server_time ?? '');
      assert.ok(Math.abs(serverTime - Date.now()) < 60_000);
    }
    for (const away of [-23, 23]) {
      const id = uuidV7(Date.now() + away * 3_600_000);
      const { tasks } = await submit({ tasks: [{ id, handler: 'bad.input' }] });
      assert.equal(tasks[0]?.id, id);
    }
  });

  it('refuses a negative delay', async () => {
    const refused = await refusedSpec({ startDelay: { seconds: -5 } });
    assertViolation(refused, 'tasks[0].start_delay', /must not be negative, and is -5000 ms/);
  });

  it('refuses unknown fields, by their path', async () => {
    const task = Buffer.concat([
      messages['muster.v1.TaskSpec'].serialize({ handler: 'a' }),
      Buffer.of(0xf8, 6, 1),
    ]);
    const bytes = Buffer.concat([wrapped(2, task), Buffer.of(0x98, 6, 1)]);
    const refused = await refusal(callWithBytes(stage.clients.taskClient, submitPath, bytes));
    assertViolation(refused, 'tasks[0].111', /no field of this message/);
    assert.equal(refused.violations[1]?.field, '99');
  });

  it('refuses unknown enum values', async () => {
    const listPath = '/muster.v1.TaskService/ListTasks';
    const view = await refusal(
      callWithBytes(stage.clients.taskClient, listPath, Buffer.of(0x28, 77)),
    );
    assertViolation(view, 'view', /unknown enum number 77/);
    const states = await refusal(
      callWithBytes(stage.clients.taskClient, listPath, wrapped(2, wrapped(2, Buffer.of(3, 50)))),
    );
    assertViolation(states, 'filter.states[0]', /unknown enum number 50/);
  });

  it('refuses bytes that are no message', async () => {
    for (const bytes of [[0xff], [0x0a, 0x7f], [0x0b, 0x0b], Array(200).fill(0xff)]) {
      const refused = await refusal(
        callWithBytes(stage.clients.taskClient, submitPath, Buffer.from(bytes)),
      );
      assert.deepEqual([refused.code, refused.reason], [invalidArgument, 'INVALID_REQUEST']);
    }
  });

  it('refuses the page token of another query, and one that is made up', async () => {
    const { tasks } = stage.clients;
    await submit({ tasks: [{ handler: 'bad.pages' }, { handler: 'bad.pages' }] });
    const filter = { handler: 'bad.pages' };
    const { nextPageToken } = await tasks('ListTasks', { filter, pageSize: 1 });
    assert.notEqual(nextPageToken, '');
    for (const request of [
      { pageToken: nextPageToken },
      { pageToken: nextPageToken, filter: { handler: 'bad.input' } },
      { pageToken: nextPageToken, filter, view: 'TASK_VIEW_PAYLOADS' as const },
      { pageToken: 'made-up', filter },
    ]) {
      const refused = await refusal(tasks('ListTasks', request));
      assert.deepEqual([refused.code, refused.reason], [invalidArgument, 'PAGE_TOKEN_INVALID']);
    }
    await tasks('ListTasks', { filter, pageSize: 2, pageToken: nextPageToken });
  });

  it('refuses labels of bad syntax', async () => {
    assertViolation(await refusedSpec({ labels: { 'a b': 'c' } }), 'tasks[0].labels["a b"]', /key/);
    assertViolation(await refusedSpec({ labels: { Ab: 'c' } }), 'tasks[0].labels["Ab"]', /key/);
    const refused = await refusal(
      stage.clients.tasks('ListTasks', { filter: { labels: { '-': 'c' } } }),
    );
    assertViolation(refused, 'filter.labels["-"]', /key/);
  });

  it('refuses 10,001 tasks in one call, and takes 10,000', async () => {
    const many = (count: number) => ({ tasks: Array(count).fill({ handler: 'bad.many' }) });
    assertViolation(await refusal(submit(many(10_001))), 'tasks', /has 10001 tasks; 1 to 10000/);
    assertViolation(await refusal(submit(many(0))), 'tasks', /has 0 tasks/);
    assert.equal((await submit(many(10_000))).tasks.length, 10_000);
  });

  it('stores nothing of a call with one bad task', async () => {
    const good = { handler: 'bad.one' };
    const tasks = [good, good, { ...good, priority: 1000 }, good];
    assertViolation(await refusal(submit({ tasks })), 'tasks[2].priority', /is 1000/);
    const { tasks: stored } = await stage.clients.tasks('ListTasks', { filter: good });
    assert.deepEqual(stored, []);
  });

  it('names the first 20 of many violations, by index, with their count', async () => {
    const tasks = Array.from({ length: 5000 }, (_, index) => ({
      handler: 'bad.many',
      priority: index % 2 === 1 ? 1000 : 0,
    }));
    const refused = await refusal(submit({ tasks }));
    assert.equal(refused.metadata.violation_count, '2500');
    assert.deepEqual(
      refused.violations.map(({ field }) => field),
      Array.from({ length: 20 }, (_, index) => `tasks[${2 * index + 1}].priority`),
    );
  });

  it('refuses NUL and lone surrogates in text', async () => {
    const cases: readonly (readonly [TaskSpec, string])[] = [
      [{ handler: 'a\0b' }, 'tasks[0].handler'],
      [{ idempotencyKey: 'a\0' }, 'tasks[0].idempotency_key'],
      [{ labels: { a: '\0' } }, 'tasks[0].labels["a"].value'],
      [{ idempotencyKey: '\ud800' }, 'tasks[0].idempotency_key'],
      [{ input: { mediaType: 'a/\udc00' } }, 'tasks[0].input.media_type'],
    ];
    for (const [spec, field] of cases)
      assertViolation(await refusedSpec(spec), field, /NUL|not valid UTF-8/);
    const refused = await refusal(
      stage.clients.tasks('CancelTasks', { ids: [uuidV7()], reason: 'a\0b' }),
    );
    assertViolation(refused, 'reason', /NUL/);
  });

  it('refuses the id of a stored task with other content, and knows the same content again', async () => {
    const task = { id: uuidV7(), handler: 'bad.reuse', labels: { a: '1', b: '2' } };
    await submit({ tasks: [task] });
    const again = await submit({ tasks: [{ ...task, labels: { b: '2', a: '1' } }] });
    assert.deepEqual([again.tasks[0]?.id, again.tasks[0]?.duplicate], [task.id, true]);
    const refused = await refusal(
      submit({ tasks: [{ handler: 'bad.reuse' }, { ...task, priority: 5 }] }),
    );
    assert.deepEqual(
      [refused.code, refused.reason, refused.metadata.id],
      [6, 'TASK_ID_REUSED', task.id],
    );
    const { tasks: stored } = await stage.clients.tasks('ListTasks', {
      filter: { handler: 'bad.reuse' },
    });
    assert.equal(stored.length, 1);
  });

  it('refuses an unknown namespace with the nearest name', async () => {
    const refused = await refusal(submit({ namespace: 'defualt', tasks: [{ handler: 'a' }] }));
    assert.deepEqual([refused.code, refused.reason], [5, 'NAMESPACE_NOT_FOUND']);
    assert.equal(refused.metadata.nearest_namespace, 'default');
  });

  it('refuses to change everything by an empty filter, or by ids and a filter', async () => {
    const { tasks } = stage.clients;
    const ids = [uuidV7()];
    for (const name of ['CancelTasks', 'RetryTasks'] as const) {
      assertViolation(await refusal(tasks(name, { filter: {} })), 'filter', /has no condition/);
      assertViolation(
        await refusal(tasks(name, { ids, filter: { handler: 'a' } })),
        'filter',
        /together/,
      );
      assertViolation(await refusal(tasks(name, {})), 'ids', /is empty/);
    }
  });

  it('refuses wait timeouts, pages and views out of range', async () => {
    const { tasks } = stage.clients;
    const ids = [uuidV7()];
    const long = await refusal(tasks('WaitTasks', { ids, waitTimeout: { seconds: 61 } }));
    assertViolation(long, 'wait_timeout', /at most 1 min/);
    assertViolation(
      await refusal(tasks('WaitTasks', { ids, view: 'TASK_VIEW_FULL' })),
      'view',
      /FULL/,
    );
    assertViolation(await refusal(tasks('ListTasks', { pageSize: 1001 })), 'page_size', /1001/);
    assertViolation(await refusal(tasks('ListTasks', { pageSize: -1 })), 'page_size', /-1/);
    assertViolation(await refusal(tasks('GetTask', { id: '' })), 'id', /is no UUID/);
  });

  it('is not stirred by any of this', async () => {
    assert.deepEqual(stage.coordinator.errors, []);
  });
});
