/** Turns as they are written: once, wholly or not at all, by however many replicas; and the ends of tasks that matter to them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import type { Fire, OverlapPolicy, ScheduleId } from '../../rules/schedule/schedule.ts';
import type { TaskId } from '../../rules/task.ts';
import { type Database, statement } from '../engines/database.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf, type Scene } from '../scene/scene.ts';
import type { Store } from '../store.ts';
import { decideAt, type SceneSchedule, storeDue } from './schedules-scene.ts';

const one = { rule: 'BUFFER', runningMax: 1, bufferMax: 5 } satisfies OverlapPolicy;
const due = 1_700_000_000_000;
/** Asks once, at a moment that is past. */
const once = (name: string, changes: Partial<SceneSchedule> = {}): SceneSchedule => ({
  ...{ name, timing: { moments: [due] }, nextAt: due, misfire: { rule: 'ALL' } },
  ...changes,
});

eachEngine('turns of schedules', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      ...{ database: engine.databaseUrl ?? 'memory', migrate: true },
    }));
  });
  after(() => store.close());

  let counts = 0;
  const count = async (table: string, where: string) => {
    counts += 1;
    const sql = statement(
      `count_${counts}`,
      `SELECT count(*)::int4 AS n FROM ${table} WHERE ${where}`,
    );
    return (await database.run<{ n: number }>(sql))[0]?.n;
  };
  const take = () => store.schedules.takeTurns(500, 1_000, decideAt(null));
  const firesOf = async (scheduleId: ScheduleId): Promise<readonly Fire[]> =>
    (await store.schedules.fires({ scheduleId, decisions: [], before: null, limit: 100 })).fires;
  const only = (ids: ReadonlyMap<string, ScheduleId>): ScheduleId => {
    const [id] = ids.values();
    assert.ok(id);
    return id;
  };
  /** Runs what is READY to its end. */
  const finish = async (scene: Scene, result: 'SUCCEEDED' | 'FAILED') => {
    const leases = await scene.claim(await scene.session(), 100);
    await store.leases.record(leases.map((lease) => outcomeOf(lease, result)));
    return leases.map(({ taskId }) => taskId);
  };

  test('of 2,000 schedules give each time one task, by two replicas at once', async () => {
    const { handlerId } = await createScene(store);
    const names = Array.from({ length: 2_000 }, (_, at) => `spike/${at}`);
    // Of each two are due: a time that is late and one a moment later.
    const timing = { moments: [due, due + 1] };
    await storeDue(
      store,
      handlerId,
      names.map((name) => once(name, { timing })),
    );
    const other =
      engine.databaseUrl === undefined
        ? null
        : (await openStoreAndDatabase({ database: engine.databaseUrl })).store;
    const made: TaskId[] = [];
    const shares = await Promise.all(
      [store, other ?? store].map(async ({ schedules }) => {
        let turns = 0;
        for (let empty = 0; empty < 2; ) {
          const report = await schedules.takeTurns(100, 150, decideAt(null));
          turns += report.turns.length;
          made.push(...report.tasks.map(({ taskId }) => taskId));
          if (report.turns.length === 0) empty += 1;
        }
        return turns;
      }),
    );
    await other?.close();
    assert.equal(
      shares.reduce((sum, turns) => sum + turns, 0),
      2_000,
    );
    assert.equal(new Set(made).size, 4_000);
    const mine = `handler_id = ${handlerId}`;
    assert.equal(await count('tasks', mine), 4_000);
    const records = `decision = 2 AND schedule_id IN (SELECT id FROM schedules WHERE ${mine})`;
    assert.equal(await count('fires', `${records} AND task_id IN (SELECT id FROM tasks)`), 4_000);
    assert.equal(
      await count('schedules', `${mine} AND state = 3 AND look_at IS NULL AND fires = 2`),
      2_000,
    );
  });

  test('stop after so many tasks, and go on with the next', async () => {
    const { handlerId } = await createScene(store);
    await storeDue(
      store,
      handlerId,
      ['limit/a', 'limit/b', 'limit/c'].map((name) => once(name)),
    );
    const taken = [];
    for (let turn = 0; turn < 3; turn += 1)
      taken.push((await store.schedules.takeTurns(10, 2, decideAt(null))).turns.length);
    assert.deepEqual(taken, [2, 1, 0]);
  });

  test('write nothing at all if one of them cannot be decided', async () => {
    const { handlerId } = await createScene(store);
    const ids = await storeDue(store, handlerId, [once('throws/a'), once('throws/b')]);
    const decide = decideAt(null);
    await assert.rejects(
      store.schedules.takeTurns(10, 10, (each) => {
        if (each.schedule.name === 'throws/b') throw new TypeError('a defect');
        return decide(each);
      }),
      TypeError,
    );
    assert.equal(await count('tasks', `handler_id = ${handlerId}`), 0);
    for (const id of ids.values()) assert.deepEqual(await firesOf(id), []);
    assert.equal((await take()).tasks.length, 2);
  });

  test('make no second task of a time that has a record', async () => {
    const { handlerId } = await createScene(store);
    const id = only(await storeDue(store, handlerId, [once('recorded')]));
    await database.execute(`INSERT INTO fires (schedule_id, nominal_at, due_at, decided_at, decision, stage)
      SELECT '${id}', t, t, now(), 1, 0 FROM (SELECT to_timestamp(${due / 1_000}) AS t) t`);
    const report = await take();
    assert.deepEqual([report.turns.length, report.tasks, report.turns[0]?.fires], [1, [], []]);
    assert.equal(await count('tasks', `handler_id = ${handlerId}`), 0);
    assert.equal((await firesOf(id)).length, 1);
  });

  test('hear of ends: those that are news, once', async () => {
    const scene = await createScene(store);
    const timing = { moments: [due, due + 1] };
    const id = only(
      await storeDue(store, scene.handlerId, [once('ends', { timing, overlap: one })]),
    );
    const { tasks, watched } = await take();
    const [first] = tasks;
    assert.ok(first);
    assert.deepEqual(watched, [first.taskId]);
    assert.equal((await store.schedules.peek()).watching, true);
    assert.equal(await store.schedules.noteEnds([first.taskId]), 0, 'it has not ended');
    const running = await store.schedules.findEnds(null, 10);
    assert.deepEqual([running.ended, running.unfinished], [[], [first.taskId]]);
    assert.deepEqual(await finish(scene, 'SUCCEEDED'), [first.taskId]);
    assert.deepEqual((await store.schedules.findEnds(null, 10)).ended, [first.taskId]);
    assert.deepEqual(await store.schedules.findEnds(null, 1), {
      ...{ ended: [first.taskId], unfinished: [], last: first.taskId },
    });
    assert.deepEqual((await store.schedules.findEnds(first.taskId, 1)).last, null);
    assert.equal(await store.schedules.noteEnds([first.taskId, scene.newId()]), 1);
    assert.equal(await store.schedules.noteEnds([first.taskId]), 0, 'it is no news any more');
    assert.ok(((await store.schedules.peek()).lookInMs ?? 1) <= 0, 'it is its turn');
    assert.equal((await take()).tasks.length, 1, 'what waited has its task now');
    const decisions = (await firesOf(id)).map(({ decision, taskState }) => [decision, taskState]);
    assert.deepEqual(decisions, [
      ['FIRED', 'READY'],
      ['CAUGHT_UP', 'SUCCEEDED'],
    ]);
    await finish(scene, 'SUCCEEDED');
    await store.schedules.delete(defaultNamespace, 'ends');
    assert.equal((await store.schedules.peek()).watching, false);
  });

  test('take a task that is gone for one that has ended', async () => {
    const scene = await createScene(store);
    const timing = { moments: [due, due + 1] };
    await storeDue(store, scene.handlerId, [once('gone', { timing, overlap: one })]);
    const { watched } = await take();
    await database.execute(`DELETE FROM tasks WHERE handler_id = ${scene.handlerId}`);
    assert.deepEqual((await store.schedules.findEnds(null, 10)).ended, watched);
    assert.equal(await store.schedules.noteEnds(watched), 1);
    assert.equal((await take()).tasks.length, 1);
    await store.schedules.delete(defaultNamespace, 'gone');
  });

  test('count failures of schedules whose tasks may overlap', async () => {
    const scene = await createScene(store);
    const timing = { moments: [due, due + 1, due + 2] };
    await storeDue(store, scene.handlerId, [once('failures', { timing, failuresMax: 3 })]);
    const { watched } = await take();
    assert.equal(watched.length, 3);
    await finish(scene, 'FAILED');
    assert.equal(await store.schedules.noteEnds(watched), 1, 'one schedule');
    await take();
    const schedule = await store.schedules.get(defaultNamespace, 'failures');
    assert.deepEqual([schedule?.state, schedule?.failures], ['PAUSED', 3]);
  });

  test('leave records that go with retention, but for those that are not done with', async () => {
    const scene = await createScene(store);
    const timing = { moments: [due, due + 1] };
    const open = only(
      await storeDue(store, scene.handlerId, [once('kept', { timing, overlap: one })]),
    );
    const done = only(await storeDue(store, scene.handlerId, [once('done')]));
    await take();
    assert.equal(await store.schedules.deleteFires(3_600_000, 10), 0, 'they are too young');
    const old = `UPDATE fires SET decided_at = decided_at - interval '8 days' WHERE schedule_id`;
    await database.execute(`${old} IN ('${open}', '${done}')`);
    assert.equal(await store.schedules.deleteFires(7 * 86_400_000, 10), 1);
    assert.deepEqual([(await firesOf(done)).length, (await firesOf(open)).length], [0, 2]);
    await store.schedules.delete(defaultNamespace, 'kept');
    assert.equal(await store.schedules.deleteFires(7 * 86_400_000, 1), 1, 'no more than asked for');
    assert.equal(await store.schedules.deleteFires(7 * 86_400_000, 10), 1);
  });

  test('keep a namespace from being deleted, as long as there is a schedule', async () => {
    const row = await store.dictionaries.createNamespace('held', '', null);
    const { id } = row === 'EXISTS' ? assert.fail(row) : row;
    const { handlerId } = await createScene(store);
    await storeDue(store, handlerId, [once('held')]);
    await database.execute(`UPDATE schedules SET namespace_id = ${id} WHERE name = 'held'`);
    assert.equal(await store.dictionaries.deleteNamespace('held'), 'NOT_EMPTY');
    await store.schedules.delete(id, 'held');
    assert.equal(await store.dictionaries.deleteNamespace('held'), 'DELETED');
  });
});
