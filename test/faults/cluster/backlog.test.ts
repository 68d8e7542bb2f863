// camunda#59631: fresh work overtook the backlog, which never shrank. Here a backlog has grown while no agent was
// there, and fresh work goes on coming when agents come: the age of the oldest waiting task falls from then on.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../../harness/eventually.ts';
import { stageCluster } from './story.ts';

const backlogAgeMs = 4_000;
const everyMs = 500;
/** Fresh work may overtake by about a second (docs/guarantees.md). */
const riseMaxMs = 1_000;

describe('a backlog before fresh work [postgres]', () => {
  it('camunda#59631: goes first, so that the age of the oldest falls steadily', async (t) => {
    const shape = { coordinators: 2, agents: 3, slots: 30, withoutNats: true };
    const { cluster, load, expectOnce } = await stageCluster(t, { ...shape, agentsLater: true });
    const database = new pg.Client({ connectionString: cluster.databaseUrl });
    database.on('error', () => {}); // The server may stop first.
    await database.connect();
    t.after(() => database.end());
    /** Of what is READY, in milliseconds; 0: nothing is. */
    const oldestAge = async (): Promise<number> => {
      const { rows } = await database.query<{ age: number }>(
        `SELECT coalesce(extract(epoch FROM now() - min(due_at)) * 1000, 0)::float8 AS age
         FROM muster.tasks WHERE state = 3`,
      );
      return rows[0]?.age ?? 0;
    };
    const work = load({ everyMs: 60 });
    await eventually(oldestAge, (age) => age >= backlogAgeMs, { what: 'a backlog' });
    await Promise.all(cluster.agents.map((place) => place.start()));
    const ages = [await oldestAge()];
    await eventually(
      async () => {
        ages.push(await oldestAge());
        return ages.at(-1) ?? 0;
      },
      (age) => age < riseMaxMs,
      { timeoutMs: 30_000, intervalMs: everyMs, what: 'the backlog to be gone' },
    );
    await sleep(1_000); // Fresh work alone: nothing grows old again.
    ages.push(await oldestAge());
    const told = ages.map((age) => Math.round(age)).join(', ');
    console.log(`age of the oldest, every ${everyMs} ms: ${told}`);
    for (const [at, age] of ages.entries()) {
      const least = Math.min(...ages.slice(0, at + 1));
      assert.ok(age - least <= riseMaxMs, `it rose again: ${told}`);
    }
    await expectOnce([work]);
  });
});
