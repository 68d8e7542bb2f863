// Another language: a client and an agent in Python, made from the .proto files alone, work with
// a TypeScript agent and a TypeScript client over a real coordinator.

import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { defineHandler, MusterError, NonRetryableError, TaskFailedError } from '@muster/sdk';
import { eventually } from '../harness/eventually.ts';
import { flow } from '../harness/flow.ts';
import type { RunningProcess } from '../harness/processes.ts';
import { startProxy, type TcpProxy } from '../harness/proxy.ts';
import { type Python, reasonToSkipPython, setUpPython } from './python-setup.ts';

const skip = await reasonToSkipPython();
if (skip !== false) console.log(`The Python tests are skipped: ${skip}.`);

const add = defineHandler({
  name: 'ts.add',
  run: ({ a, b }: { a: number; b: number }) => ({ sum: a + b }),
});
const hang = defineHandler({
  name: 'ts.hang',
  run: (_: unknown, { signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason)),
    ),
});
const fail = defineHandler({
  name: 'ts.fail',
  run: () => {
    throw new NonRetryableError('no such customer', { details: { customer: 7 } });
  },
});

/** On both engines, or one skipped test that says why. */
const suite: typeof flow = skip === false ? flow : (title) => it(title, { skip });

const agent = { handlers: [add, hang, fail] };

suite('a client in Python', { agent, concurrency: 2 }, (stage) => {
  let python: Python;
  const run = async (...args: string[]) =>
    (await python.run('client.py', [stage.address, ...args])).value;

  before(async () => {
    python = await setUpPython();
  });

  it('submits a task to a TypeScript agent and waits for its output', async () => {
    const { id } = await run('submit', 'ts.add', '{"a": 2, "b": 3}');
    const task = await run('wait', String(id));
    assert.equal(task.state, 'TASK_STATE_SUCCEEDED');
    assert.deepEqual(task.output, { sum: 5 });
  });

  it('cancels a running task', async () => {
    const { id } = await run('submit', 'ts.hang', 'null');
    await eventually(
      () => run('get', String(id)),
      ({ state }) => state === 'TASK_STATE_RUNNING',
      { what: 'the task to run', timeoutMs: 30_000 },
    );
    assert.deepEqual(await run('cancel', String(id), 'enough'), { requested_ids: [id] });
    const task = await run('wait', String(id));
    assert.equal(task.state, 'TASK_STATE_CANCELLED');
    assert.equal(task.cancel_reason, 'enough');
  });

  it('cancels a task that has not begun', async () => {
    const { id } = await run('submit', 'ts.add', '{}', 'start_delay=600');
    assert.deepEqual(await run('cancel', String(id)), { cancelled_ids: [id] });
    assert.equal((await run('wait', String(id))).state, 'TASK_STATE_CANCELLED');
  });

  it('reads why a task failed', async () => {
    const { id } = await run('submit', 'ts.fail', '{}', 'max_attempts=5');
    const { state, failure, attempt } = await run('wait', String(id));
    const { name, message, non_retryable: nonRetryable } = failure as Record<string, unknown>;
    assert.deepEqual(
      { state, name, message, nonRetryable, attempt },
      {
        state: 'TASK_STATE_FAILED',
        name: 'NonRetryableError',
        message: 'no such customer',
        nonRetryable: true,
        attempt: 1,
      },
    );
  });

  it('is told the reason of a refusal', async () => {
    const unknown = '01890a5d-ac96-774b-bcce-b302099a8057';
    const { code, value } = await python.run('client.py', [stage.address, 'get', unknown]);
    assert.equal(code, 1);
    assert.equal(value.error, 'TASK_NOT_FOUND');
    assert.match(String(value.message), /01890a5d/);
  });
});

const coordinator = { flags: ['--silence-timeout', '2s', '--session-timeout', '4s'] };

// One after the other: some break the agent's connection, and the last one drains it.
suite('an agent in Python', { roles: 'together', coordinator, concurrency: 1 }, (stage) => {
  let proxy: TcpProxy;
  let agent: RunningProcess;

  before(async () => {
    const python = await setUpPython();
    proxy = await startProxy({ targetPort: Number(stage.address.split(':').at(-1)) });
    agent = await python.start('serve.py', [proxy.address, 'snake']);
    stage.onEnd(() => proxy.close());
    stage.onEnd(() => agent.end());
    await attached('snake');
  });

  const attached = (name: string) =>
    eventually(
      () => stage.client.services.fleet.listAgents({ namespace: 'default' }),
      ({ agents }) => agents.some(({ id, state }) => id === name && state.endsWith('ATTACHED')),
      { what: `the agent ${name} to attach`, timeoutMs: 30_000 },
    );
  const submit = (handler: string, input: unknown, options = {}) =>
    stage.client.submit(handler, input, options);
  const began = (id: string, attempt = 1) =>
    agent.line(new RegExp(`"task": "${id}", "attempt": ${attempt}\\b`));

  it('runs tasks that TypeScript submits', async () => {
    const task = await submit('py.add', { a: 20, b: 22 });
    assert.deepEqual(await task.result({ timeout: '30s' }), { sum: 42 });
    assert.equal((await task.get()).agentId, 'snake');
  });

  it('runs many, more than it has slots', async () => {
    const inputs = Array.from({ length: 100 }, (_, a) => ({ a, b: 1 }));
    const group = await stage.client.submitMany('py.add', inputs);
    assert.deepEqual(
      await group.results({ timeout: '60s' }),
      inputs.map(({ a }) => ({ sum: a + 1 })),
    );
  });

  it('has failed attempts tried again, with the checkpoint of the one before', async () => {
    const retry = { maxAttempts: 5, initialDelay: '20ms' };
    const task = await submit('py.flaky', { failures: 2 }, { retry });
    assert.deepEqual(await task.result({ timeout: '30s' }), {
      attempt: 3,
      checkpoint: { seen: 2 },
    });
    const { attempts } = await task.get('full');
    assert.deepEqual(
      attempts.map(({ number, outcome, failure }) => [number, outcome, failure?.name]),
      [
        [1, 'FAILED', 'ConnectionError'],
        [2, 'FAILED', 'ConnectionError'],
        [3, 'SUCCEEDED', undefined],
      ],
    );
    assert.deepEqual(
      attempts.flatMap(({ logLines }) => logLines.map(({ level, message }) => [level, message])),
      [
        ['WARN', 'attempt 1 fails'],
        ['WARN', 'attempt 2 fails'],
      ],
    );
  });

  it('fails for good where trying again is pointless', async () => {
    const task = await submit('py.hopeless', null, { retry: { maxAttempts: 5 } });
    await assert.rejects(task.result({ timeout: '30s' }), (error) => {
      assert.ok(error instanceof TaskFailedError);
      assert.equal(error.attempts, 1);
      assert.equal(error.failure.name, 'NonRetryable');
      assert.match(error.failure.stack, /serve\.py/);
      return true;
    });
  });

  it('stops a handler that is cancelled, and shows its progress before', async () => {
    const task = await submit('py.sleep', { seconds: 600 });
    await began(task.id);
    const { progress } = await eventually(
      () => task.get(),
      (seen) => (seen.progress?.completed ?? 0) > 0,
    );
    assert.equal(progress?.total, 12_000);
    assert.equal(await task.cancel('changed my mind'), 'REQUESTED');
    await assert.rejects(task.result({ timeout: '30s' }), isMusterError('TASK_CANCELLED'));
  });

  it('records a cancel although the handler goes on', async () => {
    const task = await submit('py.stubborn', { seconds: 2 });
    await began(task.id);
    await task.cancel();
    await assert.rejects(task.result({ timeout: '30s' }), isMusterError('TASK_CANCELLED'));
  });

  it('stops an attempt at its timeout', async () => {
    const options = { timeout: '300ms', retry: { maxAttempts: 1 } };
    const task = await submit('py.sleep', { seconds: 600 }, options);
    await assert.rejects(task.result({ timeout: '30s' }), (error) => {
      assert.ok(error instanceof TaskFailedError);
      assert.equal(error.failure.kind, 'TIMEOUT');
      return true;
    });
  });

  it('goes on over a broken connection, and delivers what ended meanwhile', async () => {
    const long = await submit('py.sleep', { seconds: 4 });
    const short = await submit('py.sleep', { seconds: 0.5 });
    await Promise.all([began(long.id), began(short.id)]);
    proxy.refuse();
    proxy.cut();
    await agent.line(/stream ended/);
    await agent.line(new RegExp(`"ended": "py.sleep", "task": "${short.id}"`));
    proxy.heal();
    assert.deepEqual(await short.result({ timeout: '30s' }), { slept: 0.5 });
    assert.deepEqual(await long.result({ timeout: '30s' }), { slept: 4 });
    for (const { attempt, leaseEpoch } of [await long.get(), await short.get()])
      assert.deepEqual({ attempt, leaseEpoch }, { attempt: 1, leaseEpoch: 1 });
  });

  it('acts on no old news after a stall', async () => {
    agent.signal('SIGSTOP');
    const task = await submit('py.add', { a: 1, b: 2 });
    const state = 'SESSION_STATE_LOST';
    await eventually(
      () => stage.client.services.fleet.listAgents({ namespace: 'default', state }),
      ({ agents }) => agents.length === 1,
      { what: 'the silent agent to be lost', timeoutMs: 30_000 },
    );
    agent.signal('SIGCONT');
    assert.deepEqual(await task.result({ timeout: '30s' }), { sum: 3 });
    assert.equal(agent.lines.filter((line) => line.includes(task.id)).length, 1);
  });

  it('hands back what runs when it is drained, and leaves', async () => {
    const task = await submit('py.sleep', { seconds: 600 });
    await began(task.id);
    const drained = stage.client.services.fleet.drainAgent({
      namespace: 'default',
      id: 'snake',
      drainGrace: { seconds: 0, nanos: 200_000_000 },
    });
    assert.equal((await drained).sessionIds.length, 1);
    assert.deepEqual(await agent.exit, { code: 0, signal: null });
    const { state, failure, attempts } = await eventually(
      () => task.get('full'),
      (seen) => seen.state !== 'RUNNING',
    );
    assert.deepEqual({ state, failure }, { state: 'READY', failure: undefined });
    assert.equal(attempts[0]?.outcome, 'INTERRUPTED');
  });
});

function isMusterError(reason: string): (error: unknown) => boolean {
  return (error) => error instanceof MusterError && error.reason === reason;
}
