// Handlers that throw anything, return nonsense, never end, block their event loop or end their process:
// each makes a failed, lost or repeated attempt with a reason, never a lost task and never an endless loop.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  type Client,
  createClient,
  type Duration,
  type Task,
  type TaskFailedError,
} from '@muster/sdk';
import {
  blocksAlways,
  blocksOnce,
  exits,
  fine,
  neverReturns,
  returnsValue,
  throwsValue,
} from '../../handlers/bad.ts';
import { startAgentProcess } from '../../harness/agents.ts';
import { flow, type Stage } from '../../harness/flow.ts';

const wait = { timeout: '90s' } as const;

/** A namespace of its own with agent processes that may end in any way, so that nobody else's tasks suffer. */
async function ward(
  stage: Stage,
  name: string,
  agents: { count?: number; silenceTimeout?: Duration } = {},
): Promise<Client> {
  await stage.client.services.namespaces.createNamespace({ namespace: { name } });
  const client = createClient({ address: stage.address, namespace: name });
  stage.onEnd(() => client.close());
  const { count = 1, ...options } = agents;
  for (let number = 1; number <= count; number += 1) {
    const agentId = `${name}-${number}`;
    const settings = { ...options, agentId, slots: 20, namespace: name };
    const agent = await startAgentProcess(stage.address, 'bad.ts', settings);
    stage.onEnd(() => agent.process.end());
  }
  return client;
}

const outcomesOf = ({ attempts }: Task) => attempts.map(({ outcome }) => outcome);

flow('bad handlers', {}, (stage) => {
  it('takes whatever is thrown as a failure that says what it was', async () => {
    const client = await ward(stage, 'throws');
    const expected = {
      text: ['NonError', /threw the string "just text"/, undefined],
      null: ['NonError', /threw null/, undefined],
      undefined: ['NonError', /threw undefined/, undefined],
      object: ['NonError', /threw \{"code":7\}/, { code: 7 }],
      number: ['NonError', /threw 42/, undefined],
      proxy: ['NonError', /cannot be described/, undefined],
    } as const;
    for (const [input, [name, message, details]] of Object.entries(expected)) {
      const task = await client.submit(throwsValue, input as keyof typeof expected);
      await assert.rejects(task.result(wait), ({ failure }: TaskFailedError) => {
        assert.deepEqual([failure.kind, failure.name], ['ERROR', name]);
        assert.match(failure.message, message);
        if (name === 'NonError') assert.equal(failure.nonRetryable, false);
        assert.deepEqual(failure.details, details);
        return true;
      });
    }
    assert.equal(await (await client.submit(fine, 1)).result(wait), 1);
  });

  it('fails at once what returns a value that cannot be encoded', async () => {
    const client = await ward(stage, 'returns');
    const expected = {
      bigint: 'PAYLOAD_NOT_JSON',
      cycle: 'PAYLOAD_NOT_JSON',
      date: 'PAYLOAD_NOT_JSON',
      map: 'PAYLOAD_NOT_JSON',
      function: 'PAYLOAD_NOT_JSON',
      huge: 'PAYLOAD_TOO_LARGE',
    } as const;
    for (const [input, name] of Object.entries(expected)) {
      const task = await client.submit(returnsValue, input as keyof typeof expected);
      await assert.rejects(task.result(wait), ({ failure, attempts }: TaskFailedError) => {
        assert.deepEqual([failure.name, failure.kind, attempts], [name, 'ERROR', 1]);
        return true;
      });
    }
    assert.equal(await (await client.submit(fine, 2)).result(wait), 2);
  });

  it('ends the attempts of a handler that never returns, and the task after the last', async () => {
    const client = await ward(stage, 'never');
    const task = await client.submit(neverReturns);
    await assert.rejects(task.result(wait), ({ failure, attempts }: TaskFailedError) => {
      assert.deepEqual([failure.kind, attempts], ['TIMEOUT', 2]);
      return true;
    });
    assert.deepEqual(outcomesOf(await task.get('full')), ['FAILED', 'FAILED']);
    assert.equal(await (await client.submit(fine, 3)).result(wait), 3);
  });

  it('survives a handler that blocks its event loop for 5 s, and tells its outcome', async () => {
    const client = await ward(stage, 'blocks-5s');
    const task = await client.submit(blocksOnce, 5_000);
    const attempt = await task.result(wait);
    const stored = await task.get('full');
    // On a crowded machine the agent may be back too late; then the attempt is lost, and says so.
    assert.deepEqual(outcomesOf(stored), attempt === 1 ? ['SUCCEEDED'] : ['LOST', 'SUCCEEDED']);
    assert.equal(stored.lostAttempts, attempt - 1);
  });

  it('does not even lose the connection where the agent asked for a longer silence', async () => {
    const client = await ward(stage, 'blocks-patiently', { silenceTimeout: '15s' });
    const task = await client.submit(blocksOnce, 5_000);
    assert.equal(await task.result(wait), 1);
    const { attempts, leaseEpoch } = await task.get('full');
    assert.deepEqual([attempts.length, leaseEpoch], [1, 1]);
  });

  it('loses an attempt that blocks its event loop for 20 s, and runs the next', async () => {
    const client = await ward(stage, 'blocks-20s');
    const task = await client.submit(blocksOnce, 20_000);
    assert.equal(await task.result(wait), 2);
    const stored = await task.get('full');
    assert.deepEqual(outcomesOf(stored), ['LOST', 'SUCCEEDED']);
    assert.equal(stored.lostAttempts, 1);
    const [lost, next] = stored.attempts;
    assert.equal(lost?.failure?.kind, 'LOST');
    assert.notEqual(lost?.sessionId, next?.sessionId);
  });

  it('gives up a task whose every attempt loses its agent by blocking', async () => {
    const client = await ward(stage, 'blocks-always');
    const task = await client.submit(blocksAlways, 12_000);
    await assert.rejects(task.result(wait), ({ failure }: TaskFailedError) => {
      assert.equal(failure.kind, 'LOST');
      return true;
    });
    const stored = await task.get('full');
    assert.deepEqual(outcomesOf(stored), ['LOST', 'LOST']);
    assert.equal(stored.lostAttempts, 2);
  });

  it('runs a task elsewhere whose handler ended the process of its agent', async () => {
    const client = await ward(stage, 'exits-once', { count: 2 });
    const task = await client.submit(exits, 'once');
    assert.equal(await task.result(wait), 2);
    const stored = await task.get('full');
    assert.deepEqual(outcomesOf(stored), ['LOST', 'SUCCEEDED']);
    assert.notEqual(stored.attempts[0]?.agentId, stored.attempts[1]?.agentId);
  });

  it('does not run an at-most-once task again whose agent was lost', async () => {
    const client = await ward(stage, 'exits-at-most-once', { count: 2 });
    const task = await client.submit(exits, 'once', { atMostOnce: true });
    await assert.rejects(task.result(wait), ({ failure, attempts }: TaskFailedError) => {
      assert.deepEqual([failure.kind, attempts], ['LOST', 1]);
      return true;
    });
    assert.deepEqual(outcomesOf(await task.get('full')), ['LOST']);
  });

  it('gives up a task that ends every agent that it is given', async () => {
    const client = await ward(stage, 'exits-always', { count: 3 });
    const task = await client.submit(exits, 'always');
    await assert.rejects(task.result(wait), ({ failure }: TaskFailedError) => {
      assert.equal(failure.kind, 'LOST');
      return true;
    });
    assert.deepEqual(outcomesOf(await task.get('full')), ['LOST', 'LOST']);
    assert.equal(await (await client.submit(fine, 4)).result(wait), 4);
  });
});
