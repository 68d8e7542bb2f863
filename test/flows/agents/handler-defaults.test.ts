// A handler's own options are the defaults of its tasks; a task overrides them field by field, and they are
// looked up when the task is assigned, not when it is submitted.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  defineHandler,
  type HandlerContext,
  type SubmitOptions,
  type TaskFailedError,
} from '@muster/sdk';
import { atGate, passGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const always = (context: HandlerContext) => {
  const error = new Error(`attempt ${context.attempt} of ${context.maxAttempts}`);
  throw Object.assign(error, { name: 'AlwaysError' });
};

const patient = defineHandler({
  name: 'patient',
  retry: { maxAttempts: 4, initialDelay: '0s', nonRetryableErrors: ['Fatal'] },
  run: (_input: undefined, context) => always(context),
});

const slow = defineHandler({
  name: 'slow',
  retry: { maxAttempts: 4, initialDelay: '5m', jitter: 0 },
  run: (_input: undefined, context) => always(context),
});

const picky = defineHandler({
  name: 'picky',
  retry: { initialDelay: '0s', nonRetryableErrors: ['AlwaysError'] },
  run: (_input: undefined, context) => always(context),
});

const brief = defineHandler({
  name: 'brief',
  timeout: '300ms',
  retry: { maxAttempts: 1 },
  run: (_input: undefined, context) => passGate(context),
});

const careful = defineHandler({
  name: 'careful',
  atMostOnce: true,
  retry: { maxAttempts: 4, initialDelay: '0s' },
  run: (_input: undefined, context) => always(context),
});

const late = defineHandler({
  name: 'late.comer',
  retry: { maxAttempts: 2, initialDelay: '0s' },
  run: (_input: undefined, context) => always(context),
});

const changing = (maxAttempts: number) =>
  defineHandler({
    name: 'changing',
    retry: { maxAttempts, initialDelay: '0s' },
    run: (_input: undefined, context) => always(context),
  });

const wait = { timeout: '20s' } as const;

const failsAfter = (attempts: number) => (error: TaskFailedError) => {
  assert.equal(error.attempts, attempts, error.failure.message);
  return true;
};

flow(
  'handler defaults',
  { agent: { handlers: [patient, slow, picky, brief, careful] } },
  (stage) => {
    const submit = (name: string, input?: unknown, options?: SubmitOptions) =>
      stage.client.submit(name, input, options);

    it('retries by the policy of the handler', async () => {
      const task = await submit('patient');
      await assert.rejects(task.result(wait), (error: TaskFailedError) => {
        assert.equal(error.failure.message, 'attempt 4 of 4');
        return failsAfter(4)(error);
      });
    });

    it('lets a task override one field of the policy and keep the others', async () => {
      const task = await submit('slow', undefined, { retry: { maxAttempts: 2 } });
      const delayed = await eventually(
        () => task.get('full'),
        ({ state }) => state === 'DELAYED',
      );
      assert.equal(delayed.failure?.message, 'attempt 1 of 2');
      const waitMs = Number(delayed.dueTime) - Number(delayed.attempts[0]?.endTime);
      assert.equal(waitMs, 5 * 60_000);
      await task.cancel();
    });

    it('takes the names of final errors from the handler, or from the task instead', async () => {
      const byHandler = await submit('picky');
      await assert.rejects(byHandler.result(wait), failsAfter(1));
      const byTask = await submit('picky', undefined, { retry: { nonRetryableErrors: ['Other'] } });
      await assert.rejects(byTask.result(wait), failsAfter(3));
    });

    it('stops attempts at the timeout of the handler, or of the task instead', async () => {
      const short = await submit('brief');
      await assert.rejects(short.result(wait), (error: TaskFailedError) => {
        assert.equal(error.failure.kind, 'TIMEOUT');
        return true;
      });
      const long = await submit('brief', undefined, { timeout: '1h' });
      const { deadline } = await atGate(long.id);
      assert.ok(Number(deadline) - Date.now() > 3_000_000);
      await long.cancel();
    });

    it('runs once what the handler declares at-most-once, unless the task says otherwise', async () => {
      const once = await submit('careful');
      await assert.rejects(once.result(wait), failsAfter(1));
      const often = await submit('careful', undefined, { atMostOnce: false });
      await assert.rejects(often.result(wait), failsAfter(4));
    });

    it('applies the options of a handler that was registered after the submit', async () => {
      const task = await submit('late.comer');
      assert.equal((await task.get()).state, 'READY');
      assert.deepEqual(task.unserved, { nearestHandler: undefined, known: false });
      await stage.addAgent({ handlers: [late] });
      await assert.rejects(task.result(wait), failsAfter(2));
    });

    it('applies the newest options that were registered', async () => {
      const old = await stage.addAgent({ handlers: [changing(1)] });
      const first = await submit('changing');
      await assert.rejects(first.result(wait), failsAfter(1));
      await old.drain();
      await stage.addAgent({ handlers: [changing(3)] });
      const second = await submit('changing');
      await assert.rejects(second.result(wait), failsAfter(3));
    });

    it('lists handlers with their options', async () => {
      const { handlers } = stage.client.services;
      const { handler } = await eventually(() => handlers.getHandler({ name: 'patient' }));
      assert.equal(handler?.options?.retry?.maxAttempts, 4);
      assert.deepEqual(handler?.options?.retry?.nonRetryableErrors, ['Fatal']);
    });
  },
);
