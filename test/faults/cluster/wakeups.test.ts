// Jepsen on NATS 2.12.1: acknowledged messages were lost. Here messages are hints: with every one of them lost,
// doubled or out of order, everything ends as it would have.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../harness/eventually.ts';
import { nats } from '../../harness/nats.ts';
import { stageCluster } from './story.ts';

/** Messages that are meddled with in each of the ways. */
const enough = 150;

describe('wakeups over NATS [postgres]', { skip: nats.skip }, () => {
  it('Jepsen on NATS: when all are dropped, doubled or reordered, outcomes are the same', async (t) => {
    const shape = { coordinators: 2, agents: 2, slots: 8 };
    const looks = ['--safety-poll-interval', '1s'];
    const { cluster, load, expectOnce } = await stageCluster(t, { ...shape, flags: looks });
    const { meddler } = cluster.nats ?? assert.fail('There is no NATS.');
    const work = load({ everyMs: 50 });
    for (const how of ['drop', 'double', 'reorder'] as const) {
      meddler.meddle(how);
      const until = meddler.meddled + enough;
      await eventually(() => meddler.meddled >= until, Boolean, {
        timeoutMs: 20_000,
        what: `messages to ${how}`,
      });
    }
    const { tasks } = await expectOnce([work]);
    console.log(`${tasks.length} tasks, ${meddler.meddled} messages were meddled with`);
  });
});
