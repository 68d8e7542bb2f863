// A handler runs without a server as it would on an agent.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { MusterError } from '../errors.ts';
import { defineHandler } from '../handler.ts';
import { runHandler } from './run-handler.ts';

const reasonIs = (reason: string) => (error: MusterError) => error.reason === reason;

const positive: StandardSchemaV1<number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof value === 'number' && value > 0
        ? { value }
        : { issues: [{ message: 'not positive' }] },
  },
};

describe('runHandler', () => {
  it('returns the output with what the handler logged, reported and saved', async () => {
    const count = defineHandler({
      name: 'count',
      run(input: { upTo: number }, { log, progress, checkpoint, lastCheckpoint }) {
        const from = lastCheckpoint<number>() ?? 0;
        for (let n = from + 1; n <= input.upTo; n += 1) {
          checkpoint(n);
          progress(n, input.upTo);
        }
        log.info(`counted from ${from}`);
        return lastCheckpoint<number>();
      },
    });
    const run = await runHandler(count, { upTo: 3 }, { lastCheckpoint: 1 });
    assert.equal(run.output, 3);
    assert.deepEqual(run.logLines, [{ level: 'INFO', message: 'counted from 1' }]);
    assert.deepEqual(run.checkpoints, [2, 3]);
    assert.deepEqual(run.progress.at(-1), { completed: 3, total: 3, message: '' });
  });

  it('checks input and output as an agent does', async () => {
    const invert = defineHandler({
      name: 'invert',
      input: positive,
      output: positive,
      run: (n) => 1 - n,
    });
    await assert.rejects(runHandler(invert, 0), reasonIs('INPUT_INVALID'));
    await assert.rejects(runHandler(invert, 2), reasonIs('OUTPUT_INVALID'));
    assert.equal((await runHandler(invert, 0.25)).output, 0.75);
    const keys = defineHandler({ name: 'keys', run: (input: object) => Object.keys(input) });
    assert.deepEqual((await runHandler(keys, { a: undefined, b: 1 })).output, ['b']);
    await assert.rejects(runHandler(keys, new Map()), reasonIs('PAYLOAD_NOT_JSON'));
    const when = defineHandler({ name: 'when', run: () => ({ at: new Date() }) });
    await assert.rejects(runHandler(when, undefined), reasonIs('PAYLOAD_NOT_JSON'));
  });

  it('pretends that a schedule asked for the task', async () => {
    const when = defineHandler({
      name: 'when',
      run: (_input: undefined, { nominalTime, idempotencyKey }) => [
        nominalTime?.getTime() ?? null,
        idempotencyKey ?? null,
      ],
    });
    const scheduled = { nominalTime: new Date(5), idempotencyKey: 'report/5' };
    assert.deepEqual((await runHandler(when, undefined, scheduled)).output, [5, 'report/5']);
    assert.deepEqual((await runHandler(when, undefined)).output, [null, null]);
  });

  it('throws what the handler throws', async () => {
    const fail = defineHandler({
      name: 'fail',
      run() {
        throw new RangeError('far');
      },
    });
    await assert.rejects(runHandler(fail, undefined), RangeError);
  });

  it('aborts the signal on timeout and cancellation', async () => {
    const reasons: string[] = [];
    const sleep = defineHandler({
      name: 'sleep',
      timeout: '20ms',
      async run(_input: undefined, { signal }) {
        signal.addEventListener('abort', () => reasons.push(signal.reason.reason));
        await delay(5_000, undefined, { signal });
      },
    });
    await assert.rejects(runHandler(sleep, undefined), reasonIs('ATTEMPT_TIMEOUT'));
    const signal = AbortSignal.timeout(5);
    await assert.rejects(runHandler(sleep, undefined, { signal }), reasonIs('TASK_CANCELLED'));
    assert.deepEqual(reasons, ['ATTEMPT_TIMEOUT', 'TASK_CANCELLED']);
  });

  it('says what to do when a handler needs a client', async () => {
    const spread = defineHandler({
      name: 'spread',
      run: (_input: undefined, { client }) => client.submit('other'),
    });
    await assert.rejects(runHandler(spread, undefined), /pass a client to runHandler/);
  });
});
