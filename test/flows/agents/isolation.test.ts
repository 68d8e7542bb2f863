// Handlers with `isolation: 'process'` run in child processes: they can be killed, may exit or crash, and
// have everything else that handlers have.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { MusterError, TaskFailedError } from '@muster/sdk';
import { blocks, crashes, exits, submits, talks, whereabouts } from '../../handlers/isolated.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const wait = { timeout: '90s' } as const;
const patient = { timeoutMs: 60_000 };
const handlers = [whereabouts, exits, blocks, crashes, talks, submits];

// Few at a time: each needs a process of its own, which is slow to start where many want to.
flow('isolation', { agent: { handlers }, concurrency: 3 }, (stage) => {
  it('runs a handler in another process than the agent’s', async () => {
    const task = await stage.client.submit(whereabouts, { bytes: 'ü'.repeat(1_000) });
    const { pid, input } = await task.result(wait);
    assert.notEqual(pid, process.pid);
    assert.deepEqual(input, { bytes: 'ü'.repeat(1_000) });
  });

  it('takes an exit of the process as a failed attempt, and tries again', async () => {
    const task = await stage.client.submit(exits);
    assert.equal(await task.result(wait), 2);
    const { attempts } = await task.get('full');
    assert.equal(attempts[0]?.outcome, 'FAILED');
    assert.equal(attempts[0]?.failure?.name, 'HandlerProcessExited');
    assert.match(attempts[0]?.failure?.message ?? '', /exit code 3/);
    assert.equal(attempts[1]?.outcome, 'SUCCEEDED');
  });

  it('kills a handler that blocks its event loop at its timeout', async () => {
    const task = await stage.client.submit(blocks, undefined, { timeout: '10s' });
    assert.equal(await task.result(wait), 2);
    const [first] = (await task.get('full')).attempts;
    assert.deepEqual([first?.outcome, first?.failure?.kind], ['FAILED', 'TIMEOUT']);
    assert.deepEqual(
      first?.logLines.map(({ message }) => message),
      ['about to block'],
    );
    await eventually(
      () => stage.agent.running,
      (running) => running <= handlers.length,
      patient,
    );
  });

  it('kills a blocked handler that is cancelled', async () => {
    const task = await stage.client.submit(blocks);
    await eventually(
      () => task.get('full'),
      ({ attempts }) => (attempts[0]?.logLines.length ?? 0) > 0,
      patient,
    );
    assert.equal(await task.cancel(), 'REQUESTED');
    await assert.rejects(task.result(wait), { reason: 'TASK_CANCELLED' });
  });

  it('takes an error that nobody catches as a failed attempt', async () => {
    const task = await stage.client.submit(crashes);
    await assert.rejects(task.result(wait), (error: TaskFailedError) => {
      assert.match(error.failure.message, /thrown into the air/);
      return true;
    });
  });

  it('carries logs, progress, checkpoints and failures over the process boundary', async () => {
    const task = await stage.client.submit(talks, 'finish');
    const { from } = (await task.result(wait)) as { from: number };
    assert.notEqual(from, process.pid);
    const stored = await task.get('full');
    assert.equal(stored.progress?.completed, 2);
    const [first, second] = stored.attempts;
    assert.equal(first?.failure?.name, 'RangeError');
    assert.match(first?.failure?.stack ?? '', /isolated\.ts/);
    assert.deepEqual(first?.failure?.details, { n: 1 });
    assert.equal(first?.logLines[0]?.message, 'attempt 1');
    assert.equal(second?.logLines[0]?.message, 'attempt 2');
  });

  it('passes a cancellation on as an abort', async () => {
    const task = await stage.client.submit(talks, 'wait');
    await eventually(
      () => task.get(),
      ({ progress }) => progress !== undefined,
      patient,
    );
    assert.equal(await task.cancel(), 'REQUESTED');
    await assert.rejects(
      task.result(wait),
      (error: MusterError) => error.reason === 'TASK_CANCELLED',
    );
  });

  it('gives the handler a client of its own', async () => {
    const task = await stage.client.submit(submits);
    const child = stage.client.handle<{ input: string }>(await task.result(wait));
    assert.equal((await child.result(wait)).input, 'from a child');
    assert.equal((await child.get()).parentId, task.id);
  });
});
