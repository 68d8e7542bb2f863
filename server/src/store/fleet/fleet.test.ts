/** Sessions and coordinators: attach against loss, inventories, membership by counters. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import type { CoordinatorId } from '../../rules/task.ts';
import type { Database } from '../engines/database.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf, sceneToken } from '../scene/scene.ts';
import type { Store } from '../store.ts';

eachEngine('fleet', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
  });
  after(() => store.close());

  const coordinator = async () => {
    const { newId } = await createScene(store);
    const id = newId() as unknown as CoordinatorId;
    await store.coordinators.register({
      id,
      address: 'a:1',
      roles: ['api'],
      version: '1',
      host: 'h',
      settings: {},
    });
    return id;
  };

  test('an attach settles the inventory: kept, taken up, recorded, abandoned, returned', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(...Array.from({ length: 5 }, () => scene.newTask()));
    const [kept, takenUp, recorded, retried, unlisted] = await scene.claim(session, 5);
    assert.ok(kept && takenUp && recorded && retried && unlisted);
    await store.leases.giveBack(session.id, 1, [takenUp]);
    await store.leases.record([outcomeOf(recorded, 'SUCCEEDED'), outcomeOf(retried, 'FAILED', 0)]);
    const lapsed = { taskId: kept.taskId, leaseEpoch: 99 };
    const stranger = { taskId: scene.newId(), leaseEpoch: 1 };
    const attached = await scene.attach(session, [
      kept,
      takenUp,
      recorded,
      retried,
      lapsed,
      stranger,
    ]);
    assert.ok(attached.kind === 'ATTACHED');
    const ids = (refs: readonly { taskId: string; leaseEpoch: number }[]) =>
      refs.map(({ taskId, leaseEpoch }) => `${taskId} ${leaseEpoch}`).sort();
    assert.equal(attached.attachment, 2);
    assert.deepEqual(ids(attached.kept), ids([kept, takenUp]));
    assert.deepEqual(ids(attached.recorded), ids([recorded, retried]));
    assert.deepEqual(ids(attached.abandoned), ids([lapsed, stranger]));
    assert.deepEqual(ids(attached.returned), ids([unlisted]));
    assert.ok(attached.kept.every(({ input }) => input === null));
    assert.equal((await store.leases.running([session.id])).length, 2);
  });

  test('an attach by an earlier dial than the last changes nothing', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(scene.newTask(), scene.newTask());
    const [held] = await scene.claim(session, 1);
    assert.ok(held);
    const third = await scene.attach(session, [held], 3);
    assert.deepEqual(third.kind === 'ATTACHED' && third.attachment, 2);
    for (const dial of [2, 3])
      assert.deepEqual(await scene.attach(session, [], dial), { kind: 'OUTDIALLED' });
    assert.equal((await store.leases.running([session.id])).length, 1);
    // An agent that numbers nothing is taken at its word, and the number stands.
    const unnumbered = await scene.attach(session, [held], 0);
    assert.deepEqual(unnumbered.kind === 'ATTACHED' && unnumbered.attachment, 3);
    assert.deepEqual(await scene.attach(session, [], 3), { kind: 'OUTDIALLED' });
    assert.equal((await scene.attach(session, [held], 4)).kind, 'ATTACHED');
  });

  test('an attach that races a late hand-back keeps the lease; one that comes first loses it and takes it up', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(scene.newTask());
    const [lease] = await scene.claim(session, 1);
    assert.ok(lease);
    for (let round = 0; round < 20; round += 1) {
      const old = session.attachment;
      const [attached] = await Promise.all([
        scene.attach(session, [lease]),
        store.leases.giveBack(session.id, old, [lease]),
      ]);
      assert.ok(attached.kind === 'ATTACHED' && attached.kept.length === 1);
      assert.equal((await store.leases.running([session.id])).length, 1, `round ${round}`);
    }
  });

  test('an attach with another token, in another namespace, or after its end is refused', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const other = Buffer.from('another');
    const attach = (token: Buffer, facts = session.facts) =>
      store.sessions.attach(session.id, token, facts, {}, []);
    assert.equal((await attach(other)).kind, 'ENDED');
    assert.equal(
      (await attach(sceneToken, { ...session.facts, namespaceId: 9 as never })).kind,
      'ENDED',
    );
    assert.equal((await attach(sceneToken)).kind, 'ATTACHED');
    await store.sessions.detach(session.id, 2, 0);
    assert.equal(await store.sessions.lose(session.id, 2), true);
    assert.equal((await attach(sceneToken)).kind, 'ENDED');
    const unknown = await scene.session();
    await store.sessions.close(unknown.id, 1);
    assert.equal(
      (await store.sessions.attach(unknown.id, sceneToken, unknown.facts, {}, [])).kind,
      'ENDED',
    );
  });

  test('of an attach and a loss at the same time exactly one is right', async () => {
    for (let round = 0; round < 20; round += 1) {
      const scene = await createScene(store);
      const session = await scene.session();
      await store.sessions.detach(session.id, 1, 0);
      const [attached, isLost] = await Promise.all([
        scene.attach(session, []),
        store.sessions.lose(session.id, 1),
      ]);
      assert.equal(attached.kind === 'ATTACHED', !isLost, `round ${round}`);
    }
  });

  test('a repeated create is the same session, and words of an older attachment change nothing', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const again = await store.sessions.create(session.id, sceneToken, session.facts, {});
    assert.equal(again.attachment, 1);
    await scene.attach(session, []);
    await store.sessions.update(session.id, 1, { slots: 1 });
    await store.sessions.detach(session.id, 1, 0);
    assert.deepEqual(await store.sessions.close(session.id, 1), []);
    await store.sessions.update(session.id, 2, { draining: true, handlerVersions: { x: '2' } });
    const [row] = await store.sessions.find(defaultNamespace, session.id, 5);
    assert.deepEqual([row?.state, row?.slots, row?.draining], ['ATTACHED', 100, true]);
    assert.deepEqual([row?.handlerVersions, row?.handlerIds], [{ x: '2' }, [scene.handlerId]]);
  });

  test('a closed session gives back what it left as interrupted, and what runs once fails', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const once = { retry: null, attemptTimeoutMs: null, atMostOnce: true };
    const tasks = [scene.newTask(), scene.newTask({ options: once })];
    await scene.submit(...tasks);
    await scene.claim(session, 2);
    const ended = await store.sessions.close(session.id, 1);
    assert.deepEqual(new Set(ended.map(({ state }) => state)), new Set(['READY', 'FAILED']));
    const again = await store.tasks.get(defaultNamespace, tasks[0]?.id as never, 'FULL');
    assert.deepEqual([again?.attempt, again?.attempts[0]?.outcome], [2, 'INTERRUPTED']);
  });

  test('a lease that is committed under a session after its end is found and ended', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(scene.newTask());
    const [lease] = await scene.claim(session, 1);
    await store.sessions.detach(session.id, 1, 0);
    // As if the claim had read the session before and committed after.
    await store.sessions.lose(session.id, 1);
    const id = await coordinator();
    assert.equal((await store.coordinators.beat(id, 0, false)).lostLeases, true);
    assert.equal((await store.sessions.loseLeases(10))[0]?.taskId, lease?.taskId);
    assert.equal((await store.coordinators.beat(id, 0, false)).lostLeases, false);
  });

  test('who serves a handler, and how many leases a session holds, can be asked', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await store.sessions.update(session.id, 1, { handlerVersions: { [scene.handlerId]: 'v7' } });
    const serving = await store.sessions.serving(defaultNamespace, [scene.handlerId]);
    assert.deepEqual(serving, [{ handlerId: scene.handlerId, agentId: 'agent', version: 'v7' }]);
    await scene.submit(scene.newTask());
    await scene.claim(session, 1);
    const query = {
      namespaceId: defaultNamespace,
      states: ['ATTACHED'],
      before: null,
      limit: 1,
    } as const;
    const [newest] = await store.sessions.list(query);
    assert.deepEqual([newest?.id, newest?.running], [session.id, 1]);
    const [older] = await store.sessions.list({ ...query, before: session.id });
    assert.ok(older === undefined || older.id < session.id);
  });

  test('an ended session is pruned when it is old and holds nothing', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await store.sessions.close(session.id, 1);
    assert.equal(await store.sessions.prune(0), 0, 'leases may still be left under it');
    await database.execute(`UPDATE sessions SET leases_left = false WHERE id = '${session.id}'`);
    assert.ok((await store.sessions.prune(0)) >= 1);
    assert.deepEqual(await store.sessions.find(defaultNamespace, session.id, 1), []);
  });

  test('coordinators beat, are watched, declared dead once by their counter, and fenced', async () => {
    const [one, two] = [await coordinator(), await coordinator()];
    const scene = await createScene(store);
    const facts = { ...(await scene.session()).facts, coordinatorId: two };
    const session = scene.newId() as never;
    await store.sessions.create(session, sceneToken, facts, {});
    await store.coordinators.beat(two, 1, true);
    const seen = (await store.coordinators.beat(one, 0, false)).others.find(({ id }) => id === two);
    assert.deepEqual([seen?.counter, seen?.draining, seen?.sessions], [1, true, 1]);
    assert.equal(await store.coordinators.declareDead(two, 0), false, 'it has beaten since');
    assert.equal(await store.coordinators.declareDead(two, 1), true);
    assert.equal(await store.coordinators.declareDead(two, 1), false);
    assert.equal((await store.coordinators.beat(two, 0, false)).alive, false);
    const { detached } = await store.coordinators.beat(one, 0, false);
    const own = detached.find(({ id }) => id === session);
    assert.deepEqual([own?.attachment, own?.lostInMs], [1, 7_000]);
    assert.equal((await store.coordinators.find(two))?.alive, false);
    assert.ok((await store.coordinators.prune(0)) >= 1);
    assert.equal(await store.coordinators.find(two), null);
    await store.coordinators.leave(one);
    assert.equal(
      (await store.coordinators.list(null, 100)).some(({ id }) => id === one),
      false,
    );
  });
});
