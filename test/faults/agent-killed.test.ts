// An agent process dies by SIGKILL with 50 running tasks. All of them start again on a second agent
// within 10 s, end there, and each has one recorded outcome; their history shows one LOST attempt.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { recorded } from '../handlers/recorded.ts';
import { startAgentProcess } from '../harness/agents.ts';
import { eventually } from '../harness/eventually.ts';
import { flow } from '../harness/flow.ts';
import { clockMs, expectHonestHistory, newHistory, readRuns } from './history.ts';

const count = 50;
const label = 'agent-killed';

flow('an agent that is killed', { roles: 'together' }, (stage) => {
  it(`loses ${count} running tasks to another within 10 s, and each ends once`, async (t) => {
    const history = newHistory();
    const gate = `${history}.gate`;
    const options = { slots: count };
    const first = await startAgentProcess(stage.address, 'recorded.ts', options);
    t.after(() => first.process.end());
    const inputs = Array.from({ length: count }, () => ({ history, gate }));
    const group = await stage.client.submitMany(recorded, inputs, { labels: { story: label } });
    await eventually(() => readRuns(history).length === count);
    const second = await startAgentProcess(stage.address, 'recorded.ts', options);
    t.after(() => second.process.end());

    const killedAt = clockMs();
    await first.process.end('SIGKILL');
    const again = await eventually(
      () => readRuns(history).filter(({ pid }) => pid === second.process.pid),
      (runs) => runs.length === count,
      { timeoutMs: 20_000, what: 'all tasks to start again' },
    );
    const lastMs = Math.max(...again.map(({ beganAt }) => beganAt)) - killedAt;
    console.log(`${stage.engine.name}: all started again after ${Math.round(lastMs)} ms`);
    assert.ok(lastMs < 10_000, `the last task started again after ${Math.round(lastMs)} ms`);

    writeFileSync(gate, '');
    await group.results({ timeout: '20s' });
    const { runs } = await expectHonestHistory(stage.client, { label, history, ids: group.ids });
    assert.equal(runs.length, 2 * count);
    for (const handle of group.handles) {
      const { attempts } = await handle.get('full');
      assert.deepEqual(
        attempts.map(({ number, outcome, agentId }) => [number, outcome, agentId]),
        [
          [1, 'LOST', first.id],
          [2, 'SUCCEEDED', second.id],
        ],
      );
    }
    await second.stop();
  });
});
