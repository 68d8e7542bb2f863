/** A record says when it was decided: not before the ends that the decision was made for. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sharedPostgres } from '../../../../test/harness/engines.ts';
import { eventually } from '../../../../test/harness/eventually.ts';
import { createDatabaseAt, dropDatabaseAt } from '../../../../test/harness/postgres.ts';
import { scheduleWith } from '../../rules/schedule/scene.ts';
import { beginAt } from '../../rules/schedule/turn.ts';
import { type Database, statement } from '../engines/database.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace } from '../scene/scene.ts';
import type { DueSchedule, Store } from '../store.ts';

const name = 'waits';
const lockSql = statement('test_lock', 'SELECT id FROM schedules FOR UPDATE');
const lockedSql = statement(
  'test_locked',
  `SELECT count(*)::int4 AS count FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'`,
);
const readSql = statement('test_read', 'SELECT decided_at FROM fires');
const endSql = statement('test_end', 'SELECT ended_at FROM tasks');

describe('the time of a decision [postgres]', () => {
  let url: string;
  let store: Store;
  let database: Database;
  before(async () => {
    url = await createDatabaseAt(await sharedPostgres());
    ({ store, database } = await openStoreAndDatabase({ database: url }));
  });
  after(async () => {
    await store.close();
    await dropDatabaseAt(url);
  });

  it('is not before the end of a task that ended while the turn waited for its row', async () => {
    const scene = await createScene(store);
    const task = scene.newTask();
    await scene.submit(task);
    await store.schedules.apply(
      defaultNamespace,
      [{ ...scheduleWith({}), name, handlerId: scene.handlerId }],
      {
        begin: (schedule, now) => ({ ...beginAt(schedule, now, false), pauseNote: '' }),
        change: () => assert.fail('It is new.'),
        approve: () => {},
      },
      { validateOnly: false, mayExist: false },
    );
    const turn = await database.transaction(async (connection) => {
      await connection.run(lockSql);
      const taken = store.schedules.takeTurnOf(defaultNamespace, name, null, decide);
      await eventually(
        () => database.run<{ count: number }>(lockedSql),
        ([row]) => row?.count === 1,
      );
      await store.tasks.cancel(defaultNamespace, { ids: [task.id] }, 'It ends.', 1);
      return { taken };
    });
    const report = await turn.taken;
    const [ended] = await database.run<{ ended_at: number }>(endSql);
    const [fire] = await database.run<{ decided_at: number }>(readSql);
    assert.ok(ended && fire && fire.decided_at >= ended.ended_at, 'it was decided before');
    assert.equal(report?.turns[0]?.fires[0]?.decidedAt, fire.decided_at, 'what is answered');
  });
});

/** One time fires, without a task. */
function decide({ schedule, now }: DueSchedule) {
  const nominalAt = Math.floor(now / 60_000) * 60_000;
  return {
    turn: {
      standing: { ...schedule, lookAt: null },
      ...{ ended: [], cancel: [] },
      fires: [
        {
          ...{ nominalAt, dueAt: nominalAt, decision: 'SKIPPED_OVERLAP' as const, fresh: true },
          ...{ backfill: false, lastNominalAt: null, skipped: 0 },
        },
      ],
    },
    tasks: new Map(),
  };
}
