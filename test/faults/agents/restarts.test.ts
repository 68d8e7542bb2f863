// A coordinator that is asked to stop while its agents work: it leaves in order and in time, they go on,
// and the next one on the same data finds them as they are. Nothing is lost, nothing is run twice.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '@muster/sdk';
import { recorded } from '../../handlers/recorded.ts';
import { startAgent, startAgentProcess } from '../../harness/agents.ts';
import { startCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { freePort } from '../../harness/ports.ts';
import { expectHonestHistory, newHistory, readRuns } from '../history.ts';

const count = 40;
const restarts = 3;

describe('a coordinator that is asked to stop', { concurrency: true }, () => {
  eachEngine('and started again', (engine) => {
    it('leaves its agents at work, and the next one goes on with them', async () => {
      const label = 'restarts';
      const labels = { story: label };
      const history = newHistory();
      const database = (await engine.freshDatabase()) ?? engine.freshFolder();
      const grpcAddress = `127.0.0.1:${await freePort()}`;
      let coordinator = await startCoordinator(engine, { database, grpcAddress });
      const client = createClient({ address: grpcAddress, retryTimeout: '60s' });
      const own = await startAgent(grpcAddress, { handlers: [recorded], slots: count });
      const other = await startAgentProcess(grpcAddress, 'recorded.ts', { slots: count });
      const ids: string[] = [];
      for (let n = 0; n < restarts; n += 1) {
        const inputs = Array.from({ length: count }, (_, m) => ({ history, runMs: 50 + m * 150 }));
        const group = await client.submitMany(recorded, inputs, { labels });
        ids.push(...group.ids);
        await eventually(() => readRuns(history).length > n * count + count / 2);
        const began = performance.now();
        await coordinator.stop();
        const tookMs = Math.round(performance.now() - began);
        assert.ok(tookMs < 8000, `it took ${tookMs} ms to stop`);
        coordinator = await startCoordinator(engine, { database, grpcAddress });
      }
      await client.group(ids).results({ timeout: '60s' });
      const { runs, tasks } = await expectHonestHistory(client, { label, history, ids });
      assert.equal(runs.length, ids.length);
      for (const { id, attempt, lostAttempts } of tasks)
        assert.deepEqual([attempt, lostAttempts], [1, 0], id);
      await own.stop();
      await other.stop();
      await client.close();
      await coordinator.stop();
    });
  });
});
