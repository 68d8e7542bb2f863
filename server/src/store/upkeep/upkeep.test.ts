/** Time's own edges, retention, partitions and the dictionaries. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachEngine } from '../../../../test/harness/engines.ts';
import { leastIdAt, makeId } from '../../rules/ids.ts';
import type { TaskId } from '../../rules/task.ts';
import type { Database } from '../engines/database.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf, type Scene } from '../scene/scene.ts';
import type { Store } from '../store.ts';
import { listPartitions } from './partitions.ts';

const dayMs = 86_400_000;

eachEngine('upkeep', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
  });
  after(() => store.close());

  const stateOf = async (id: TaskId) =>
    (await store.tasks.get(defaultNamespace, id, 'BASIC'))?.state ?? null;

  test('promotes what is due, within its limit, and tells when to come back', async () => {
    const scene = await createScene(store);
    const tasks = [1, 1, 1, 60_000].map((startDelayMs) => scene.newTask({ startDelayMs }));
    await scene.submit(...tasks);
    await sleep(5);
    assert.equal((await store.timers.promote(2)).promoted.length, 2);
    const last = await store.timers.promote(2);
    assert.deepEqual(
      last.promoted.map(({ handlerId }) => handlerId),
      [scene.handlerId],
    );
    assert.ok(last.nextDueInMs !== null && last.nextDueInMs > 50_000 && last.nextDueInMs <= 60_000);
    assert.deepEqual(await Promise.all(tasks.map(({ id }) => stateOf(id))), [
      'READY',
      'READY',
      'READY',
      'DELAYED',
    ]);
    await store.tasks.cancel(defaultNamespace, { ids: tasks.map(({ id }) => id) }, '', 10);
    assert.equal((await store.timers.promote(2)).nextDueInMs, null);
  });

  /** As if an hour had passed for these tasks. */
  const age = (...tasks: readonly { readonly id: TaskId }[]) =>
    database.execute(`UPDATE tasks SET deadline_at = deadline_at - interval '1 hour',
      expires_at = expires_at - interval '1 hour', check_at = check_at - interval '1 hour'
      WHERE id IN (${tasks.map(({ id }) => `'${id}'`).join(',')})`);

  test('ends what is too late, and tells a running one once', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const [run, wait, stale, early] = [
      scene.newTask({ totalTimeoutMs: 600_000 }),
      scene.newTask({ totalTimeoutMs: 600_000 }),
      scene.newTask({ startTtlMs: 600_000 }),
      scene.newTask({ startTtlMs: 600_000, startDelayMs: 600_000 }),
    ];
    await scene.submit(run);
    const [lease] = await scene.claim(session, 1);
    await scene.submit(wait, stale, early);
    await age(run, wait, stale);
    assert.deepEqual(await scene.claim(session, 5), [], 'what is too late is not started');
    const { ended, toCancel } = await store.timers.expire(100);
    assert.deepEqual(new Set(ended.map(({ taskId }) => taskId)), new Set([wait.id, stale.id]));
    assert.deepEqual(toCancel, [{ taskId: run.id, leaseEpoch: 1, sessionId: session.id }]);
    assert.deepEqual(await store.timers.expire(100), { ended: [], toCancel: [] });
    assert.equal((await store.leases.running([session.id]))[0]?.deadlinePassed, true);
    const kindOf = async ({ id }: { readonly id: TaskId }) =>
      (await store.tasks.get(defaultNamespace, id, 'BASIC'))?.failure?.kind;
    assert.deepEqual([await kindOf(wait), await kindOf(stale)], ['DEADLINE', 'EXPIRED']);
    assert.ok(lease);
    await store.leases.record([outcomeOf(lease, 'CANCELLED')]);
    assert.deepEqual([await stateOf(run.id), await kindOf(run)], ['FAILED', 'DEADLINE']);
    assert.equal(await stateOf(early.id), 'DELAYED');
  });

  test('lets a time-to-live count only until the first start', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const [one, two] = [600_000, 600_000].map((startTtlMs) => scene.newTask({ startTtlMs }));
    assert.ok(one && two);
    await scene.submit(one, two);
    const [started, unsent] = await scene.claim(session, 2);
    assert.ok(started && unsent);
    await store.leases.record([outcomeOf(started, 'FAILED', 0)]);
    await age(one, two);
    await store.timers.expire(100);
    assert.deepEqual([await stateOf(one.id), await stateOf(two.id)], ['READY', 'RUNNING']);
    await store.leases.returnUnsent([unsent]);
    await store.timers.expire(100);
    assert.deepEqual([await stateOf(one.id), await stateOf(two.id)], ['READY', 'FAILED']);
  });

  /** A scene in a day of the past, in a partition of its own. */
  const past = async (daysAgo: number) => {
    const scene = await createScene(store);
    const startMs = Math.floor((await store.now()) / dayMs) * dayMs - daysAgo * dayMs;
    const name = `tasks_${new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
    await database.execute(`CREATE TABLE ${name} PARTITION OF tasks
      FOR VALUES FROM ('${leastIdAt(startMs)}') TO ('${leastIdAt(startMs + dayMs)}')`);
    let count = 0;
    const newTask = () => {
      count += 1;
      return scene.newTask({ id: makeId(startMs + 1_000, count, Buffer.alloc(8, 1)) as TaskId });
    };
    return { scene, name, newTask };
  };
  const end = async (scene: Scene, daysAgo: number) => {
    const session = await scene.session();
    const leases = await scene.claim(session, 100);
    await store.leases.record(leases.map((lease) => outcomeOf(lease, 'FAILED')));
    const ids = leases.map(({ taskId }) => `'${taskId}'`).join(',');
    await database.execute(
      `UPDATE tasks SET ended_at = now() - interval '${daysAgo} days' WHERE id IN (${ids})`,
    );
    return leases;
  };
  const names = async () => (await listPartitions(database)).map(({ name }) => name);

  test('drops a partition when all in it is finished and past retention, with what belongs to it', async () => {
    const { scene, name, newTask } = await past(20);
    await scene.submit(newTask(), newTask());
    const [lease] = await end(scene, 1);
    assert.ok(lease);
    assert.deepEqual(await store.retention.dropPartitions(7 * dayMs), []);
    await database.execute(
      `UPDATE tasks SET ended_at = now() - interval '8 days' WHERE id = '${lease.taskId}'`,
    );
    assert.deepEqual(
      await store.retention.dropPartitions(7 * dayMs),
      [],
      'one of them is too young',
    );
    await database.execute(`UPDATE ${name} SET ended_at = now() - interval '8 days'`);
    assert.equal((await store.tasks.attempts(lease.taskId)).length, 1);
    assert.deepEqual(await store.retention.dropPartitions(7 * dayMs), [name]);
    assert.ok(!(await names()).includes(name));
    assert.deepEqual(await store.tasks.attempts(lease.taskId), []);
  });

  test('keeps a partition with one straggler, and deletes what is over beside it in batches', async () => {
    const { scene, name, newTask } = await past(19);
    await scene.submit(...Array.from({ length: 9 }, newTask));
    await end(scene, 10);
    const straggler = newTask();
    await scene.submit(straggler);
    assert.deepEqual(await store.retention.dropPartitions(7 * dayMs), []);
    const deleted: number[] = [];
    for (let sweep = 0; sweep < 4; sweep += 1)
      deleted.push(await store.retention.deleteFinished(7 * dayMs, 4));
    assert.equal(
      deleted.reduce((sum, count) => sum + count, 0),
      9,
    );
    assert.ok(Math.max(...deleted) <= 4);
    assert.equal(await stateOf(straggler.id), 'READY');
    assert.ok((await names()).includes(name));
  });

  test('goes by a namespace’s own retention, and removes a deleted one', async () => {
    const { scene, newTask } = await past(3);
    await scene.submit(newTask());
    const [lease] = await end(scene, 2);
    assert.ok(lease);
    const made = await store.dictionaries.createNamespace('short', '', dayMs);
    assert.ok(made !== 'EXISTS');
    assert.equal(await store.retention.deleteFinished(7 * dayMs, 100), 0);
    await database.execute(
      `UPDATE tasks SET namespace_id = ${made.id} WHERE id = '${lease.taskId}'`,
    );
    assert.equal(await store.retention.deleteFinished(7 * dayMs, 100), 1);
    const task = scene.newTask({ namespaceId: made.id });
    await scene.submit(task);
    assert.equal(await store.dictionaries.deleteNamespace('short'), 'NOT_EMPTY');
    await store.tasks.cancel(made.id, { ids: [task.id] }, '', 1);
    assert.equal(await store.dictionaries.deleteNamespace('short'), 'DELETED');
    assert.equal(await store.dictionaries.deleteNamespace('short'), 'MISSING');
    assert.notEqual(await store.dictionaries.createNamespace('short', '', null), 'EXISTS');
    assert.ok((await store.retention.deleteFinished(7 * dayMs, 100)) >= 1);
    assert.equal(await store.tasks.get(made.id, task.id, 'BASIC'), null);
  });

  test('makes partitions once, from yesterday to three days ahead', async () => {
    assert.equal(await store.retention.ensurePartitions(), 0);
    const today = Math.floor((await store.now()) / dayMs) * dayMs;
    const starts = (await listPartitions(database)).map(({ startMs }) => (startMs - today) / dayMs);
    for (const day of [-1, 0, 1, 2, 3]) assert.ok(starts.includes(day), `day ${day}`);
    await database.execute(`DROP TABLE ${(await names()).at(-1)}`);
    const made = await Promise.all([
      store.retention.ensurePartitions(),
      store.retention.ensurePartitions(),
    ]);
    assert.equal(made[0] + made[1], 1);
  });

  test('deletes expired keys in batches', async () => {
    const scene = await createScene(store);
    const keyed = (ttlMs: number) =>
      scene.newTask({ idempotency: { key: `${Math.random()}`, ttlMs } });
    await scene.submit(keyed(1), keyed(1), keyed(1), keyed(60_000));
    await sleep(5);
    assert.deepEqual(
      [
        await store.retention.deleteExpiredKeys(2),
        await store.retention.deleteExpiredKeys(2),
        await store.retention.deleteExpiredKeys(2),
      ],
      [2, 1, 0],
    );
  });

  test('keeps handlers by name: made once, changed only when something changed', async () => {
    const names = ['late.b', 'late.a', 'late.b'];
    const [b, a, same] = await store.dictionaries.ensureHandlers(defaultNamespace, names);
    assert.deepEqual(
      [b?.name, a?.name, same?.id, a?.registered],
      ['late.b', 'late.a', b?.id, false],
    );
    const options = {
      retry: { maxAttempts: 9 },
      attemptTimeoutMs: 1,
      atMostOnce: true,
      lostAttemptsMax: 1,
      cancelGraceMs: 2,
    };
    const facts = {
      name: 'late.a',
      options,
      inputSchema: '{}',
      outputSchema: '',
      description: 'd\0',
    };
    const [first] = await store.dictionaries.registerHandlers(defaultNamespace, [facts]);
    assert.deepEqual([first?.id, first?.registered, first?.options], [a?.id, true, options]);
    await sleep(5);
    const [second] = await store.dictionaries.registerHandlers(defaultNamespace, [facts]);
    assert.equal(second?.updatedAt, first?.updatedAt);
    assert.equal((await store.dictionaries.handlerSchemas(first?.id as never)).inputSchema, '{}');
    const changed = { ...facts, description: 'other' };
    const [third] = await store.dictionaries.registerHandlers(defaultNamespace, [changed]);
    assert.ok(third && first && third.updatedAt > first.updatedAt);
  });
});
