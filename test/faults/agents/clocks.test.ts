// PowerJob#218: liveness that compares two machines' clocks. Here nobody does: an agent whose clock is an
// hour off, either way, lives, works, and keeps timeouts and deadlines.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TaskFailedError } from '@muster/sdk';
import type { tell, twice, wait } from '../../handlers/clocks.ts';
import { flow } from '../../harness/flow.ts';
import { type RunningProcess, startNode } from '../../harness/processes.ts';

const hourMs = 3_600_000;
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

async function startShiftedAgent(
  address: string,
  agentId: string,
  shiftMs: number,
): Promise<RunningProcess> {
  const settings = JSON.stringify({ address, agentId, slots: 10, drainGrace: '1s' });
  const agent = await startNode(
    pathOf('../../harness/agent-main.ts'),
    [pathOf('../../handlers/clocks.ts'), settings],
    {
      name: agentId,
      env: {
        NODE_OPTIONS: `--import ${pathOf('shifted-clock.ts')}`,
        MUSTER_TEST_CLOCK_SHIFT_MS: String(shiftMs),
      },
    },
  );
  await agent.line(/^serving/);
  return agent;
}

flow('an agent whose clock is an hour off', { concurrency: 1, roles: 'together' }, (stage) => {
  for (const [name, shiftMs] of [
    ['ahead', hourMs],
    ['behind', -hourMs],
  ] as const)
    it(`PowerJob#218: works with a clock that is an hour ${name}`, async () => {
      const agentId = `clock-${name}`;
      const agent = await startShiftedAgent(stage.address, agentId, shiftMs);
      const { client } = stage;
      const told = await (await client.submit<typeof tell>('clocks.tell')).result({
        timeout: '10s',
      });
      assert.ok(Math.abs(told - Date.now() - shiftMs) < 60_000, 'its clock really is off');
      const retried = await client.submit<typeof twice>('clocks.twice');
      const submit = (options: object) =>
        client.submit<typeof wait>('clocks.wait', undefined, options);
      const [deadline, timeout, distant] = await Promise.all([
        submit({ totalTimeout: '1s' }),
        submit({ timeout: '1s', retry: { maxAttempts: 1 } }),
        submit({ totalTimeout: '30m' }),
      ]);
      assert.equal(await retried.result({ timeout: '10s' }), 'twice');
      for (const [task, kind] of [
        [deadline, 'DEADLINE'],
        [timeout, 'TIMEOUT'],
      ] as const)
        await assert.rejects(task.result({ timeout: '10s' }), (error: TaskFailedError) => {
          assert.equal(error.failure.kind, kind);
          return true;
        });
      // Longer than any session timeout: it is still the same session, and nothing was cut short.
      await sleep(7500);
      const { agent: row } = await client.services.fleet.getAgent({ id: agentId });
      assert.deepEqual([row?.state, row?.attachment], ['SESSION_STATE_ATTACHED', 1]);
      assert.equal((await distant.get()).state, 'RUNNING');
      await distant.cancel();
      await agent.end('SIGTERM');
    });
});
