import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createPayloadCoder } from '@muster/sdk/internal';
import type { Assigned } from '../attempt/lease.ts';
import { ChildPool } from './child-process.ts';
import type { Execution, Running } from './executor.ts';

const file = new URL('./fixtures/handlers.ts', import.meta.url).href;
const coder = createPayloadCoder();

/** Runs a handler of the fixture; what it says is gathered. */
async function run(pool: ChildPool, handler: string, input: unknown = {}) {
  const said: unknown[] = [];
  const controller = new AbortController();
  const assigned = { handler, attempt: 2, ref: { taskId: 't1', leaseEpoch: 1 } } as Assigned;
  const execution: Execution = {
    assigned,
    input: await coder.encode(input, 'Input'),
    checkpoint: undefined,
    deadline: undefined,
    payloadBytesMax: 1000,
    logLinesMax: 3,
    signal: () => controller.signal,
    sink: {
      progress: (...progress) => said.push(progress),
      checkpoint: ({ data }) => said.push(Buffer.from(data).toString()),
      log: (level, message) => said.push(`${level} ${message}`),
      linesDropped: (count) => said.push(`dropped ${count}`),
    },
  };
  const running: Running = pool.executor(file).execute(execution);
  return { running, said, ended: running.ended };
}

async function value(settled: Running['ended']): Promise<unknown> {
  const end = await settled;
  if ('failure' in end) throw new Error(`${end.failure.name}: ${end.failure.message}`);
  return coder.decode(end.output, 'Output');
}

async function failure(settled: Running['ended']) {
  const end = await settled;
  assert.ok('failure' in end, 'the handler should have failed');
  return end.failure;
}

describe('child process', () => {
  const pool = new ChildPool(undefined);
  after(() => pool.close());

  test('runs a handler in another process, and the next one in the same', async () => {
    const first = await value((await run(pool, 'child.pid')).ended);
    assert.notEqual(first, process.pid);
    assert.equal(await value((await run(pool, 'child.pid')).ended), first);
    const [one, two] = await Promise.all([run(pool, 'child.pid'), run(pool, 'child.pid')]);
    assert.notEqual(await value(one.ended), await value(two.ended));
    assert.equal(pool.size, 2);
  });

  test('progress, checkpoints and log lines cross over, bounded', async () => {
    const { said, ended } = await run(pool, 'child.speaks', { steps: 1000 });
    assert.deepEqual(await value(ended), { saved: { at: 1000 }, bytes: 2 });
    const progress = said.filter((each) => Array.isArray(each));
    assert.deepEqual(progress[0], [1, 1000, 'on']);
    assert.deepEqual(progress.at(-1), [1000, 1000, 'on']);
    assert.ok(progress.length < 10, `${progress.length} reports`);
    assert.ok(said.includes('{"at":1000}'));
    const lines = said.filter((each) => typeof each === 'string' && each.includes('line'));
    assert.deepEqual(
      lines,
      [1, 2, 3].map((n) => `LOG_LEVEL_WARN line ${n}`),
    );
    assert.equal(said.at(-1), 'dropped 7');
  });

  test('a stop aborts the signal in the child', async () => {
    const { running, ended } = await run(pool, 'child.waits');
    running.stop('cancelled');
    assert.equal((await failure(ended)).name, 'TASK_CANCELLED');
  });

  test('a handler that blocks its event loop is killed, and fails alone', async () => {
    const { running, ended } = await run(pool, 'child.blocks');
    const other = await run(pool, 'child.pid');
    assert.ok(await value(other.ended));
    running.stop('timeout');
    running.kill();
    const { name, message, nonRetryable } = await failure(ended);
    assert.equal(name, 'HandlerProcessExited');
    assert.match(message, /was killed by SIGKILL/);
    assert.equal(nonRetryable, false);
    assert.ok(await value((await run(pool, 'child.pid')).ended));
  });

  test('a handler that calls process.exit fails with the code', async () => {
    const { message } = await failure((await run(pool, 'child.exits')).ended);
    assert.match(message, /ended with exit code 3/);
  });

  test('an error that nobody awaited fails the attempt by its name', async () => {
    const { name, message } = await failure((await run(pool, 'child.crashes')).ended);
    assert.equal(name, 'RangeError');
    assert.equal(message, 'out of nowhere');
    assert.ok(await value((await run(pool, 'child.pid')).ended));
  });

  test('a failure keeps its details and its finality', async () => {
    const { nonRetryable, details } = await failure((await run(pool, 'child.refuses')).ended);
    assert.equal(nonRetryable, true);
    assert.equal(Buffer.from(details?.data ?? '').toString(), '{"why":"because"}');
  });

  test('a handler that the file does not export is a failure which names those it does', async () => {
    const { message } = await failure((await run(pool, 'child.missing')).ended);
    assert.match(message, /exports no handler "child.missing".*child.pid/);
  });

  test('close ends the children', async () => {
    await pool.close();
    assert.equal(pool.size, 0);
  });
});
