/** Lanes: what limits let pass, keys in turn, and every way by which a task comes into a lane or out of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import { eventually } from '../../../../test/harness/eventually.ts';
import { noLimits } from '../../rules/lanes/limits.ts';
import type { HandlerId, Lease, TaskId } from '../../rules/task.ts';
import { type Database, statement } from '../engines/database.ts';
import { openStoreAndDatabase } from '../open.ts';
import { defaultNamespace, outcomeOf } from '../scene/scene.ts';
import type { LaneClaim, Store } from '../store.ts';
import { createLanesScene, settleAll, statesOf } from './lanes-scene.ts';

const waitsSql = statement(
  'test_waits',
  `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits`,
);

const ids = (leases: readonly Lease[]) => leases.map(({ taskId }) => taskId);

eachEngine('lanes', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
  });
  after(() => store.close());

  test('hand over as many as their handler may run, and the next when one has ended', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ concurrency: 2 });
    const session = await scene.session();
    const tasks = await scene.submitKeys('', '', '', '');
    assert.deepEqual(await statesOf(store, tasks), Array(4).fill('WAITING'));
    assert.equal((await scene.claim(session, 10)).length, 0, 'by no other claim');
    const first = await scene.claimLanes(session, 10);
    assert.deepEqual(ids(first.leases), tasks.slice(0, 2));
    assert.deepEqual([first.more, (await scene.claimLanes(session, 10)).leases.length], [false, 0]);
    const [one] = first.leases;
    assert.ok(one?.laneId);
    await scene.succeed(one);
    const second = await scene.claimLanes(session, 10, { freed: [one.laneId] });
    assert.deepEqual(ids(second.leases), [tasks[2]]);
  });

  test('hand over as many of each key as may run, whatever waits of others', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ keyConcurrency: 1 });
    const session = await scene.session();
    const tasks = await scene.submitKeys('a', 'a', 'a', 'b', 'b', '');
    const { leases, more, nextInMs } = await scene.claimLanes(session, 10);
    assert.deepEqual(new Set(ids(leases)), new Set([tasks[0], tasks[3], tasks[5]]));
    assert.equal(more, false);
    assert.ok(nextInMs !== null && nextInMs <= 5_000, 'full lanes are looked at again');
    const ofB = leases.find(({ taskId }) => taskId === tasks[3]);
    assert.ok(ofB?.laneId);
    await scene.succeed(ofB);
    assert.equal((await scene.claimLanes(session, 10)).leases.length, 0, 'nobody was told');
    const { leases: next } = await scene.claimLanes(session, 10, { freed: [ofB.laneId] });
    assert.deepEqual(ids(next), [tasks[4]]);
  });

  test('share limits with lanes of other handlers', async () => {
    const scene = await createLanesScene(store);
    const name = `shared.${scene.newId().slice(-6)}`;
    const limit = { name, description: '', concurrency: 3, rate: null };
    await store.lanes.setLimit(defaultNamespace, limit);
    const other = await scene.handler();
    await scene.limit({ names: [name] });
    await scene.limit({ names: [name] }, other);
    const session = await scene.session();
    await scene.submitKeys('', '', '', '');
    await scene.submit(...[0, 0, 0].map(() => scene.newTask({ handlerId: other })));
    const own = await scene.claimLanes(session, 2);
    const theirs = await scene.claimLanes(session, 10, { handlerId: other });
    assert.deepEqual([own.leases.length, theirs.leases.length], [2, 1]);
    assert.equal((await store.lanes.limit(defaultNamespace, name))?.running, 3);
    await store.lanes.setLimit(defaultNamespace, { ...limit, concurrency: 1 });
    await scene.succeed(...own.leases);
    assert.equal((await scene.claimLanes(session, 10)).leases.length, 0, 'lowered: none of them');
    await scene.succeed(...theirs.leases);
    assert.equal((await scene.claimLanes(session, 10)).leases.length, 1);
    assert.deepEqual(await store.lanes.deleteLimit(defaultNamespace, 'unknown'), 'MISSING');
    const used = await store.lanes.deleteLimit(defaultNamespace, name);
    assert.ok(typeof used === 'object' && used.usedBy.length === 2);
    const set = await store.lanes.setHandlerLimits(other, { ...noLimits, names: ['no.such'] });
    assert.deepEqual(set, { missing: ['no.such'] });
  });

  test('hand over what a bucket holds, and say when it holds more', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ rate: { count: 1, windowMs: 3_600_000, burst: 3 } });
    const session = await scene.session();
    await scene.submitKeys('', 'a', 'b', 'c', 'd');
    const { leases, nextInMs } = await scene.claimLanes(session, 10);
    assert.equal(leases.length, 3);
    assert.ok(nextInMs !== null && nextInMs > 3_500_000 && nextInMs <= 3_600_000);
    await scene.succeed(...leases);
    const again = await scene.claimLanes(session, 10);
    assert.deepEqual([again.leases.length, again.more], [0, false]);
    assert.ok(again.nextInMs !== null && again.nextInMs > 3_500_000);
  });

  test('remember the bucket of a key while nothing of it waits', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ keyRate: { count: 1, windowMs: 3_600_000, burst: 1 } });
    const session = await scene.session();
    await scene.submitKeys('a', 'b');
    assert.equal((await scene.claimLanes(session, 10)).leases.length, 2);
    await scene.submitKeys('a', 'c');
    const { leases, nextInMs } = await scene.claimLanes(session, 10);
    assert.equal(leases.length, 1, 'the one of c');
    assert.ok(nextInMs !== null && nextInMs > 3_500_000);
  });

  test('are forgotten once nothing waits in them and their bucket is full again', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ keyRate: { count: 1_000_000, windowMs: 1_000, burst: 1 } });
    const session = await scene.session();
    await scene.submitKeys('a', 'b', 'c');
    assert.equal((await scene.claimLanes(session, 10)).leases.length, 3);
    let forgotten = 0;
    while (forgotten < 3) forgotten += await store.retention.deleteIdleLanes(2);
    assert.equal(await store.retention.deleteIdleLanes(2), 0);
    await scene.submitKeys('a');
    assert.equal((await scene.claimLanes(session, 10)).leases.length, 1);
  });

  test('take turns by weight, whatever waits in each', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ fair: true });
    const session = await scene.session();
    const many = (name: string, weight: number, count: number) =>
      Array.from({ length: count }, () => scene.newTask({ key: { name, weight } }));
    const [big, small, heavy] = [many('big', 1, 50), many('small', 1, 5), many('heavy', 2, 10)];
    await scene.submit(...big, ...small, ...heavy);
    const { leases } = await scene.claimLanes(session, 20);
    const count = (tasks: readonly { id: TaskId }[]) =>
      leases.filter(({ taskId }) => tasks.some(({ id }) => id === taskId)).length;
    assert.deepEqual([count(big), count(small), count(heavy)], [5, 5, 10]);
    const late = many('late', 1, 3);
    await scene.submit(...late);
    const next = (await scene.claimLanes(session, 6)).leases;
    assert.equal(next.filter(({ taskId }) => late.some(({ id }) => id === taskId)).length, 3);
  });

  test('order their tasks by priority', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ concurrency: 10 });
    const session = await scene.session();
    const tasks = [0, -5, 7].map((priority) => scene.newTask({ priority }));
    await scene.submit(...tasks);
    const { leases } = await scene.claimLanes(session, 3);
    assert.deepEqual(
      ids(leases),
      [2, 0, 1].map((at) => tasks[at]?.id),
    );
  });

  test('let low priorities grow with the time that they have waited, if they may', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ priorityAgeingMs: 60_000 });
    const session = await scene.session();
    const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
    const tasks = [
      ...[scene.newTask({ priority: 5 }), scene.newTask({ priority: 1 })],
      ...[scene.newTask({ priority: -3 }), scene.newTask({ priority: -3 })],
    ];
    await scene.submit(...tasks);
    const [high, , grown, low] = tasks.map(({ id }) => id);
    assert.ok(high && grown && low);
    await database.execute(
      `UPDATE tasks SET due_at = '${new Date(minutesAgo(6)).toISOString()}' WHERE id = '${grown}'`,
    );
    const all = ids((await scene.claimLanes(session, 10)).leases);
    assert.deepEqual(all, [high, grown, tasks[1]?.id, low]);
  });

  test('get back what failed, was declined or interrupted, at once or when it is due', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ keyConcurrency: 1 });
    const session = await scene.session();
    const tasks = await scene.submitKeys('failed', 'interrupted', 'declined', 'later');
    const { leases } = await scene.claimLanes(session, 10);
    const byTask = new Map(leases.map((lease) => [lease.taskId, lease]));
    const [failed, interrupted, declined, later] = tasks.map((id) => byTask.get(id));
    assert.ok(failed && interrupted && declined && later);
    await store.leases.record([
      outcomeOf(failed, 'FAILED', 0),
      outcomeOf(interrupted, 'INTERRUPTED'),
    ]);
    await store.leases.record([outcomeOf(later, 'FAILED', 1)]);
    await store.leases.giveBack(session.id, session.attachment, [declined]);
    assert.deepEqual(await statesOf(store, tasks), ['WAITING', 'WAITING', 'WAITING', 'DELAYED']);
    assert.deepEqual(
      new Set(ids((await scene.claimLanes(session, 10)).leases)),
      new Set(tasks.slice(0, 3)),
    );
    while ((await store.timers.promote(10)).promoted.length === 0);
    assert.deepEqual(ids((await scene.claimLanes(session, 10)).leases), [later.taskId]);
  });

  test('get back what a lost session ran', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ concurrency: 1 });
    const [lost, other] = [await scene.session(), await scene.session()];
    const [task] = await scene.submitKeys('', '');
    const [lease] = (await scene.claimLanes(lost, 5)).leases;
    assert.equal(lease?.taskId, task);
    await store.sessions.close(lost.id, lost.attachment);
    assert.deepEqual(ids((await scene.claimLanes(other, 5)).leases), [task]);
  });

  test('hand over nothing of what is paused, to anybody, until it is resumed', async () => {
    const scene = await createLanesScene(store);
    const session = await scene.session();
    const offer = { sessionId: session.id, attachment: session.attachment };
    await store.lanes.pauseHandler(scene.handlerId, true, 'why');
    const eager = scene.newTask({ offer });
    await scene.submit(eager);
    assert.deepEqual(await statesOf(store, [eager.id]), ['READY']);
    assert.equal((await scene.claim(session, 5)).length, 0);
    assert.deepEqual((await store.leases.peek([scene.handlerId])).ready, new Set());
    await scene.limit({ concurrency: 5 });
    assert.deepEqual(await statesOf(store, [eager.id]), ['WAITING']);
    assert.equal((await scene.claimLanes(session, 5)).leases.length, 0);
    assert.equal((await store.lanes.handlerStanding(scene.handlerId))?.pauseNote, 'why');
    await store.lanes.pauseHandler(scene.handlerId, false, '');
    assert.equal((await scene.claimLanes(session, 5)).leases.length, 1);
  });

  test('of a paused namespace stay as they are, those of new handlers too', async () => {
    const scene = await createLanesScene(store);
    const session = await scene.session();
    await store.lanes.pauseNamespace(defaultNamespace, true, 'all');
    const late = await scene.handler();
    await scene.submit(scene.newTask(), scene.newTask({ handlerId: late }));
    assert.equal((await scene.claim(session, 5)).length, 0);
    assert.equal((await scene.claim(session, 5, late)).length, 0);
    await store.lanes.pauseNamespace(defaultNamespace, false, '');
    assert.equal((await scene.claim(session, 5)).length, 1);
    assert.equal((await scene.claim(session, 5, late)).length, 1);
  });

  test('count what ran and waited before there were limits, and give it back when they go', async () => {
    const scene = await createLanesScene(store);
    const session = await scene.session();
    const tasks = await scene.submitKeys('a', 'a', '', '');
    const [running] = await scene.claim(session, 1);
    assert.ok(running);
    await store.lanes.setHandlerLimits(scene.handlerId, { ...noLimits, concurrency: 2 });
    assert.equal((await scene.claim(session, 5)).length, 0, 'no more the old way');
    assert.equal((await scene.claimLanes(session, 5)).leases.length, 0, 'not yet settled');
    await settleAll(store);
    assert.deepEqual(await statesOf(store, tasks), ['RUNNING', 'WAITING', 'WAITING', 'WAITING']);
    assert.equal((await scene.claimLanes(session, 5)).leases.length, 1, 'the one that runs counts');
    await store.lanes.setHandlerLimits(scene.handlerId, noLimits);
    await settleAll(store);
    assert.deepEqual((await statesOf(store, tasks)).toSorted(), [
      'READY',
      'READY',
      'RUNNING',
      'RUNNING',
    ]);
    await store.leases.record([outcomeOf(running, 'FAILED', 0)]);
    assert.equal((await scene.claim(session, 5)).length, 3);
  });

  test('keep the key and weight of a task that is retried by hand', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ keyConcurrency: 1 });
    const session = await scene.session();
    const [task] = await scene.submitKeys('a');
    assert.ok(task);
    const [lease] = (await scene.claimLanes(session, 1)).leases;
    assert.ok(lease);
    await store.leases.record([outcomeOf(lease, 'FAILED')]);
    const retryId = scene.newId();
    await store.submissions.retry(defaultNamespace, [task], [retryId]);
    assert.deepEqual(await statesOf(store, [retryId]), ['WAITING']);
    assert.equal((await store.tasks.get(defaultNamespace, retryId, 'BASIC'))?.key, 'a');
    assert.deepEqual(ids((await scene.claimLanes(session, 1)).leases), [retryId]);
  });

  // That is one connection: nobody else can hold a lane.
  if (engine.name === 'pglite') return;
  test('that another claim holds are passed over, and told of', async () => {
    const scene = await createLanesScene(store);
    await scene.limit({ keyConcurrency: 1 });
    const session = await scene.session();
    const [held, other] = await scene.submitKeys('held', 'other');
    const claim = () => scene.claimLanes(session, 10);
    const hold = `SELECT FROM lanes WHERE handler_id = ${scene.handlerId} AND key = 'held' FOR UPDATE`;
    await database.transaction(async (connection) => {
      await connection.run(statement('test_hold_lane', hold));
      const first = await claim();
      assert.deepEqual([ids(first.leases), first.more], [[other], true]);
      const none = await claim();
      assert.deepEqual([none.leases.length, none.more], [0, true]);
    });
    const last = await claim();
    assert.deepEqual([ids(last.leases), last.more], [[held], false]);
  });

  /** Begins a claim, which waits for a limit that this transaction holds; then does something, and lets it go on. */
  async function meanwhile(
    claim: () => Promise<LaneClaim>,
    limit: string,
    doThis: () => Promise<unknown>,
  ): Promise<LaneClaim> {
    let claimed: Promise<LaneClaim> | undefined;
    await database.transaction(async (connection) => {
      const hold = `SELECT FROM limits WHERE name = '${limit}' FOR UPDATE`;
      await connection.run(statement(`test_hold_${limit}`, hold));
      claimed = claim();
      await eventually(
        () => database.run<{ waits: boolean }>(waitsSql),
        ([row]) => row?.waits === true,
      );
      await doThis();
    });
    if (claimed === undefined) throw new Error('No claim was begun.');
    return claimed;
  }

  for (const [what, change] of [
    ['a pause', (handlerId) => store.lanes.pauseHandler(handlerId, true, '')],
    [
      'another limit',
      (handlerId) => store.lanes.setHandlerLimits(handlerId, { ...noLimits, keyConcurrency: 1 }),
    ],
  ] as const satisfies readonly [string, (handlerId: HandlerId) => Promise<unknown>][])
    test(`hand over nothing by what was so before ${what} that came while they were claimed`, async () => {
      const scene = await createLanesScene(store);
      const name = `held.${scene.newId().slice(-6)}`;
      await store.lanes.setLimit(defaultNamespace, {
        ...{ name, description: '', concurrency: 9, rate: null },
      });
      await scene.limit({ names: [name] });
      const session = await scene.session();
      await scene.submitKeys('a', 'a');
      const claim = () => scene.claimLanes(session, 5);
      const { leases } = await meanwhile(claim, name, () => change(scene.handlerId));
      assert.deepEqual(leases, []);
      await store.lanes.pauseHandler(scene.handlerId, false, '');
      const expected = what === 'a pause' ? 2 : 1;
      assert.equal((await claim()).leases.length, expected, 'nothing is lost');
    });

  test('are settled with the next look if somebody held their handler', async () => {
    const scene = await createLanesScene(store);
    await scene.submitKeys('a');
    await store.lanes.setHandlerLimits(scene.handlerId, { ...noLimits, fair: true });
    const hold = `SELECT FROM handlers WHERE id = ${scene.handlerId} FOR UPDATE`;
    await database.transaction(async (connection) => {
      await connection.run(statement('test_hold_handler', hold));
      assert.deepEqual(await store.lanes.settle(10), { handlerIds: [], more: true });
    });
    await settleAll(store);
    assert.equal((await scene.claimLanes(await scene.session(), 5)).leases.length, 1);
  });
});
