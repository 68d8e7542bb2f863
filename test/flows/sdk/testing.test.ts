// What `@muster/sdk/testing` offers to a user's own tests: a coordinator in memory, and a handler run
// without any; both lead to the same results.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Agent, createAgent } from '@muster/agent';
import { defineHandler, type MusterError } from '@muster/sdk';
import { runHandler, startTestCoordinator, type TestCoordinator } from '@muster/sdk/testing';

const sum = defineHandler({
  name: 'sum',
  run(input: number[], { log, progress }) {
    log.info(`${input.length} numbers`);
    progress(input.length, input.length);
    return input.reduce((total, each) => total + each, 0);
  },
});

const strict = defineHandler({ name: 'strict', run: () => ({ at: new Date(0) }) });

const relay = defineHandler({
  name: 'relay',
  async run(input: number[], { client }) {
    const task = await client.submit(sum, input);
    return task.result({ timeout: '20s' });
  },
});

describe('the testing tools of the SDK [pglite]', () => {
  let coordinator: TestCoordinator;
  let agent: Agent;
  before(async () => {
    coordinator = await startTestCoordinator();
    agent = createAgent({
      address: coordinator.address,
      handlers: [sum, strict, relay],
      logger: false,
    });
    await agent.start();
  });
  after(async () => {
    await agent.stop();
    await coordinator.stop();
    await coordinator.stop();
  });

  it('run a handler without a server as an agent runs it with one', async () => {
    const alone = await runHandler(sum, [1, 2, 3]);
    const task = await coordinator.client.submit(sum, [1, 2, 3]);
    assert.equal(await task.result({ timeout: '20s' }), alone.output);
    const { attempts, progress } = await task.get('full');
    assert.deepEqual(
      attempts[0]?.logLines.map(({ level, message }) => ({ level, message })),
      alone.logLines,
    );
    assert.equal(progress?.completed, alone.progress.at(-1)?.completed);
  });

  it('refuse the same outputs', async () => {
    await assert.rejects(runHandler(strict, undefined), { reason: 'PAYLOAD_NOT_JSON' });
    const task = await coordinator.client.submit(strict);
    await assert.rejects(task.result({ timeout: '20s' }), /PAYLOAD_NOT_JSON/);
  });

  it('let a handler alone use the client of a test coordinator', async () => {
    const { output } = await runHandler(relay, [4, 5], { client: coordinator.client });
    assert.equal(output, 9);
  });

  it('answer over HTTP that the coordinator is ready', async () => {
    for (const path of ['healthz', 'readyz']) {
      const response = await fetch(`http://${coordinator.httpAddress}/${path}`);
      assert.equal(response.status, 200, await response.text());
    }
  });

  it('say what is wrong with a flag', async () => {
    const start = startTestCoordinator({ flags: ['--sessoin-timeout', '2s'] });
    await assert.rejects(start, (error: MusterError) => {
      assert.equal(error.reason, 'TEST_COORDINATOR_FAILED');
      assert.match(error.message, /session-timeout/);
      return true;
    });
  });
});
