// What goes into a task reaches its handler, and what comes of it is recorded: outputs, failures, and
// the history of who did what.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler, MusterError, TaskFailedError } from '@muster/sdk';
import { z } from 'zod';
import { flow } from '../../harness/flow.ts';
import { uuidV7 } from '../../harness/task-ids.ts';

const echo = defineHandler({ name: 'echo', run: (input: unknown) => input });

const fail = defineHandler({
  name: 'fail',
  run(input: { details?: unknown }) {
    throw Object.assign(new RangeError('too far'), { nonRetryable: true, details: input.details });
  },
});

const parse = defineHandler({
  name: 'shapes.area',
  input: z.object({ width: z.string().transform(Number), height: z.number().default(2) }),
  output: z.object({ area: z.number().positive() }),
  run: ({ width, height }) => ({ area: width * height }),
});

const describeTask = defineHandler({
  name: 'describe.task',
  run: (_input: undefined, context) => ({
    taskId: context.taskId,
    handler: context.handler,
    attempt: context.attempt,
    maxAttempts: context.maxAttempts,
    leaseEpoch: context.leaseEpoch,
    labels: { ...context.labels },
    deadlineMs: context.deadline ? context.deadline.getTime() - Date.now() : 0,
    rootId: context.rootId ?? null,
    parentId: context.parentId ?? null,
  }),
});

const spread = defineHandler({
  name: 'spread',
  async run(_input: undefined, { client }) {
    const child = await client.submit(describeTask);
    return child.id;
  },
});

const wait = { timeout: '20s' } as const;

flow('outcomes', { agent: { handlers: [echo, fail, parse, describeTask, spread] } }, (stage) => {
  const values: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['text of many scripts', 'Größe 日本語 🎻 \u0000 \ud83c\udfbb'],
    ['nested values', { a: [1, { b: [] }, null, 'x'], c: { d: -1.5e300 } }],
    ['bytes', Buffer.from([0, 255, 1, 254])],
    ['nearly a mebibyte', 'x'.repeat(1_048_000)],
  ];
  for (const [name, value] of values) {
    it(`hands ${name} to the handler and its output back`, async () => {
      const task = await stage.client.submit(echo, value);
      assert.deepEqual(await task.result(wait), value);
      const stored = await task.get('payloads');
      assert.equal(stored.state, 'SUCCEEDED');
      assert.deepEqual(stored.input, value);
      assert.deepEqual(stored.output, value);
    });
  }

  it('leaves payloads out unless they are asked for', async () => {
    const task = await stage.client.submit(echo, 'secret');
    await task.result(wait);
    const { input, output } = await task.get();
    assert.deepEqual([input, output], [undefined, undefined]);
  });

  it('records who ran an attempt and when', async () => {
    const task = await stage.client.submit(echo, 1);
    await task.result(wait);
    const stored = await task.get('full');
    assert.equal(stored.agentId, stage.agent.id);
    assert.equal(stored.sessionId, stage.agent.sessionId);
    assert.equal(stored.attempts.length, 1);
    const [attempt] = stored.attempts;
    assert.ok(attempt?.leaseTime && attempt.endTime && stored.createTime && stored.endTime);
    assert.deepEqual(
      { ...attempt, leaseTime: 0, endTime: 0 },
      {
        number: 1,
        leaseEpoch: 1,
        agentId: stage.agent.id,
        sessionId: stage.agent.sessionId,
        outcome: 'SUCCEEDED',
        leaseTime: 0,
        endTime: 0,
        failure: undefined,
        logLines: [],
      },
    );
    assert.ok(stored.createTime <= attempt.leaseTime);
    assert.ok(attempt.leaseTime <= attempt.endTime);
    assert.deepEqual(attempt.endTime, stored.endTime);
  });

  it('tells how a task failed: name, message, stack and details', async () => {
    const details = { code: 7, fields: ['a'] };
    const task = await stage.client.submit(fail, { details });
    const error = await task.result(wait).then(
      () => assert.fail('it should have failed'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof TaskFailedError && error instanceof MusterError);
    assert.equal(error.reason, 'TASK_FAILED');
    assert.equal(error.taskId, task.id);
    assert.equal(error.handler, 'fail');
    assert.equal(error.attempts, 1);
    assert.equal(error.failure.kind, 'ERROR');
    assert.equal(error.failure.name, 'RangeError');
    assert.equal(error.failure.message, 'too far');
    assert.match(error.failure.stack, /RangeError: too far[\s\S]*outcomes\.test\.ts/);
    assert.deepEqual(error.failure.details, details);
    assert.equal(error.failure.nonRetryable, true);
    const stored = await task.get('full');
    assert.equal(stored.state, 'FAILED');
    assert.deepEqual(stored.failure, error.failure);
    assert.deepEqual(stored.attempts[0]?.failure, error.failure);
    assert.equal(stored.attempts[0]?.outcome, 'FAILED');
  });

  it('takes an id that the caller chose, and stores it once', async () => {
    const id = uuidV7();
    const first = await stage.client.submit(echo, { n: 1 }, { id });
    assert.deepEqual([first.id, first.duplicate], [id, false]);
    assert.deepEqual(await first.result(wait), { n: 1 });
    const again = await stage.client.submit(echo, { n: 1 }, { id });
    assert.deepEqual([again.id, again.duplicate], [id, true]);
    await assert.rejects(stage.client.submit(echo, { n: 2 }, { id }), {
      reason: 'TASK_ID_REUSED',
      metadata: { id },
    });
  });

  it('checks inputs and outputs by the schemas of the handler', async () => {
    const good = await stage.client.submit(parse, { width: '3' });
    assert.deepEqual(await good.result(wait), { area: 6 });
    await assert.rejects(stage.client.submit(parse, { width: 3 } as never), {
      reason: 'INPUT_INVALID',
    });
    const unchecked = await stage.client.submit('shapes.area', { width: 3 });
    await assert.rejects(unchecked.result(wait), (error: TaskFailedError) => {
      assert.equal(error.failure.name, 'INPUT_INVALID');
      assert.match(error.failure.message, /width/);
      assert.equal(error.attempts, 1);
      return true;
    });
    const badOutput = await stage.client.submit(parse, { width: '-3' });
    await assert.rejects(badOutput.result(wait), (error: TaskFailedError) => {
      assert.equal(error.failure.name, 'OUTPUT_INVALID');
      assert.equal(error.attempts, 1);
      return true;
    });
  });

  it('tells the handler who it is and how long it has', async () => {
    const labels = { team: 'blue', 'a/b.c': 'ü' };
    const task = await stage.client.submit(describeTask, undefined, {
      labels,
      retry: { maxAttempts: 7 },
      timeout: '60s',
    });
    const { deadlineMs, ...facts } = await task.result(wait);
    assert.ok(deadlineMs > 30_000 && deadlineMs <= 60_000, `${deadlineMs}`);
    assert.deepEqual(facts, {
      ...{ taskId: task.id, handler: 'describe.task', attempt: 1, maxAttempts: 7, leaseEpoch: 1 },
      ...{ labels, rootId: null, parentId: null },
    });
  });

  it('names the parent and the root of what a handler submits', async () => {
    const parent = await stage.client.submit(spread);
    const child = stage.client.handle<{ parentId: string; rootId: string }>(
      await parent.result(wait),
    );
    const seen = await child.result(wait);
    assert.deepEqual([seen.parentId, seen.rootId], [parent.id, parent.id]);
    const stored = await child.get();
    assert.deepEqual([stored.parentId, stored.rootId], [parent.id, parent.id]);
  });

  it('runs 500 tasks, each once', async () => {
    const inputs = Array.from({ length: 500 }, (_, n) => n);
    const group = await stage.client.submitMany(echo, inputs, { labels: { many: 'yes' } });
    assert.deepEqual(await group.results({ timeout: '60s' }), inputs);
    for await (const task of stage.client.list({ labels: { many: 'yes' }, pageSize: 500 })) {
      assert.deepEqual([task.state, task.attempt, task.leaseEpoch], ['SUCCEEDED', 1, 1]);
    }
  });
});
