/** Claims: in one order over priorities, handlers and days, from the start or after an earlier lease. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import { makeId } from '../../rules/ids.ts';
import type { Lease } from '../../rules/task.ts';
import { openStore } from '../open.ts';
import { createScene, outcomeOf } from '../scene/scene.ts';
import type { Store } from '../store.ts';

eachEngine('leases', (engine) => {
  let store: Store;
  before(async () => {
    store = await openStore({ database: engine.databaseUrl ?? 'memory' });
  });
  after(() => store.close());

  test('are claimed by priority, then due time, then id, the n-th for the n-th slot', async () => {
    const scene = await createScene(store);
    const [one, two] = [await scene.session(), await scene.session()];
    const tasks = [0, 5, -5, 5, 0].map((priority) => scene.newTask({ priority }));
    await scene.submit(...tasks);
    const slot = ({ id, attachment }: typeof one) => ({ sessionId: id, attachment });
    const leases = await store.leases.claim({
      handlers: [{ handlerId: scene.handlerId, limit: 10 }],
      slots: [one, two, one, two].map(slot),
      bytesMax: 1_000_000,
    });
    const order = [1, 3, 0, 4].map((at) => tasks[at]?.id);
    assert.deepEqual(
      leases.map(({ taskId }) => taskId),
      order,
    );
    assert.deepEqual(
      leases.map(({ sessionId }) => sessionId),
      [one.id, two.id, one.id, two.id],
    );
  });

  test('are claimed over several handlers in one order, within the limit of each and of bytes', async () => {
    const scene = await createScene(store);
    const other = await scene.handler();
    const session = await scene.session();
    const data = Buffer.alloc(1_000);
    const tasks = [3, 2, 1, 0].map((priority, at) =>
      scene.newTask({
        priority,
        handlerId: at % 2 === 0 ? scene.handlerId : other,
        input: { mediaType: 'x', data },
      }),
    );
    await scene.submit(...tasks);
    const slots = Array.from({ length: 4 }, () => ({
      sessionId: session.id,
      attachment: session.attachment,
    }));
    const handlers = [
      { handlerId: scene.handlerId, limit: 1 },
      { handlerId: other, limit: 4 },
    ];
    const ids = async (bytesMax: number) =>
      (await store.leases.claim({ handlers, slots, bytesMax })).map(({ taskId }) => taskId);
    assert.deepEqual(await ids(1), [tasks[0]?.id], 'at least one, whatever its size');
    assert.deepEqual(await ids(1_500), [tasks[1]?.id, tasks[2]?.id]);
    assert.deepEqual((await store.leases.peek([scene.handlerId, other])).ready, new Set([other]));
    assert.deepEqual(await ids(2_500), [tasks[3]?.id]);
    assert.deepEqual((await store.leases.peek([scene.handlerId, other])).ready, new Set());
  });

  test('are claimed after an earlier lease, in the order of all, as long as its place is known', async () => {
    const scene = await createScene(store);
    const other = await scene.handler();
    const session = await scene.session();
    const slot = { sessionId: session.id, attachment: session.attachment };
    const claimAfter = async (after: Lease | undefined, count: number, second?: Lease) =>
      store.leases.claim({
        handlers: [
          { handlerId: scene.handlerId, limit: count, ...(after ? { after } : {}) },
          ...(second ? [{ handlerId: other, limit: count, after: second }] : []),
        ],
        slots: Array.from({ length: count }, () => slot),
        bytesMax: 1_000_000,
      });
    const ids = (leases: readonly Lease[]) => leases.map(({ taskId }) => taskId);
    const tasks = [5, 5, 5, 0, 0, -5].map((priority) => scene.newTask({ priority }));
    const [a, b, c, d, e, f] = tasks.map(({ id }) => id);
    await scene.submit(...tasks);
    const [, lastOfTwo] = await claimAfter(undefined, 2);
    assert.ok(lastOfTwo);
    const before = scene.newTask({ priority: 9 });
    await scene.submit(before);
    const next = await claimAfter(lastOfTwo, 2);
    assert.deepEqual(ids(next), [c, d], 'what comes before is not seen');
    // Its task is READY again, then DELAYED: its place may be another, so the walk is from the start.
    await store.leases.giveBack(session.id, session.attachment, [lastOfTwo]);
    assert.deepEqual(ids(await claimAfter(lastOfTwo, 2)), [before.id, b]);
    const [, lastOfAll] = next;
    assert.ok(lastOfAll);
    await store.leases.record([outcomeOf(lastOfAll, 'SUCCEEDED')]);
    assert.deepEqual(ids(await claimAfter(lastOfAll, 1)), [e], 'an ended task keeps its place');
    const [theirs] = [0, 1].map((priority) => scene.newTask({ priority, handlerId: other }));
    assert.ok(theirs && a);
    await scene.submit(theirs, scene.newTask({ handlerId: other, priority: 1 }));
    const [ofOther] = await scene.claim(session, 1, other);
    assert.ok(ofOther);
    assert.deepEqual(ids(await claimAfter(lastOfAll, 5, ofOther)), [theirs.id, f]);
    const [lost] = await store.leases.record([outcomeOf(ofOther, 'FAILED', 60_000)]);
    assert.equal(lost?.state, 'DELAYED');
    await scene.submit(scene.newTask({ handlerId: other, priority: 7 }));
    assert.equal((await claimAfter(lastOfAll, 5, ofOther)).length, 1);
  });

  test('are claimed in the order of all days, wherever claims have found their rows before', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const ofDay = (daysAgo: number, priority: number) =>
      scene.newTask({
        id: makeId(Date.now() - daysAgo * 86_400_000, 0, randomBytes(8)) as Lease['taskId'],
        priority,
      });
    const first = [ofDay(0, 0), ofDay(0, 0), ofDay(0, 0)];
    await scene.submit(...first);
    assert.equal((await scene.claim(session, 1)).length, 1);
    const older = [ofDay(1, 0), ofDay(1, 3)];
    await scene.submit(...older);
    const claimed = (await scene.claim(session, 2)).map(({ taskId }) => taskId);
    assert.equal(claimed[0], older[1]?.id);
    assert.equal((await scene.claim(session, 10)).length, 2, 'and none is left');
    assert.equal((await scene.claim(session, 10)).length, 0);
  });
});
