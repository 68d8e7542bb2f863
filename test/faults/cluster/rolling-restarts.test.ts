// A deploy: every coordinator and every agent is stopped in order and started again, one after the other, while work
// goes on. Nobody notices.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nats } from '../../harness/nats.ts';
import { stageCluster } from './story.ts';

describe('a deploy [postgres]', { skip: nats.skip }, () => {
  it('inngest#4505, #3822, hatchet#3308: fails no task, runs none twice, and no client sees an error', async (t) => {
    const shape = { coordinators: 2, agents: 3, slots: 8, drainGrace: '10s' } as const;
    const { cluster, load, expectOnce } = await stageCluster(t, shape);
    const work = load({ everyMs: 60 });
    for (const place of [...cluster.coordinators, ...cluster.agents]) {
      const before = work.told.size;
      await place.terminate();
      await place.start();
      assert.ok(work.told.size > before, 'work went on');
    }
    const { tasks } = await expectOnce([work]);
    console.log(`${tasks.length} tasks over ${shape.coordinators + shape.agents} restarts`);
  });
});
