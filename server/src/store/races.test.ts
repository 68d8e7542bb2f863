/**
 * Statements that run at the same time: of two who race exactly one is right, and nobody is told otherwise.
 *
 * On Postgres they run on several connections; on PGlite, which is one, they take turns, and must come out the same.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../test/harness/engines.ts';
import { openStore } from './open.ts';
import { createScene, defaultNamespace, outcomeOf } from './scene/scene.ts';
import type { Store } from './store.ts';

const rounds = 30;

eachEngine('races', (engine) => {
  let store: Store;
  before(async () => {
    store = await openStore({ database: engine.databaseUrl ?? 'memory' });
  });
  after(() => store.close());

  const times = <Value>(count: number, make: (at: number) => Value) =>
    Array.from({ length: count }, (_, at) => make(at));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

  test('of claims give each task to one of them, and leave none', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const tasks = times(400, () => scene.newTask());
    await scene.submit(...tasks);
    const claimed: string[] = [];
    await Promise.all(
      times(8, async () => {
        for (let empty = 0; empty < 3; ) {
          const leases = await scene.claim(session, 17);
          claimed.push(...leases.map(({ taskId }) => taskId));
          if (leases.length === 0) empty += 1;
        }
      }),
    );
    assert.deepEqual(claimed.sort(), tasks.map(({ id }) => id).sort());
  });

  test('of submits of the same tasks in different orders store each once, without a deadlock', async () => {
    const scene = await createScene(store);
    const tasks = times(100, () => scene.newTask());
    const answers = await Promise.all(
      times(8, (at) => {
        const order = at % 2 === 0 ? tasks : tasks.toReversed();
        return store.submissions.insert(
          order.map((task) => [task]),
          false,
        );
      }),
    );
    const kinds = answers.flat(2).map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'STORED').length, 100);
    assert.equal(kinds.filter((kind) => kind === 'DUPLICATE').length, 700);
  });

  test('of two contents for one id store one call, and nothing of the other', async () => {
    const scene = await createScene(store);
    for (let round = 0; round < rounds; round += 1) {
      const task = scene.newTask();
      const calls = times(4, (at) => {
        const contentHash = Buffer.alloc(16, at);
        const key = at < 2 ? null : { key: `${task.id} ${at}`, ttlMs: 60_000 };
        return [scene.newTask({ idempotency: key }), { ...task, contentHash }, scene.newTask()];
      });
      const answers = await Promise.all(
        calls.map(async (call) => (await store.submissions.insert([call], false))[0] ?? []),
      );
      const stored = answers.filter((answer) => answer.every(({ kind }) => kind === 'STORED'));
      const refused = answers.filter((answer) => answer.every(({ kind }) => kind === 'ID_REUSED'));
      assert.deepEqual([stored.length, refused.length], [1, 3], `round ${round}`);
      const others = calls.flat().filter(({ id }) => id !== task.id);
      const found = await store.tasks.getMany(
        defaultNamespace,
        others.map(({ id }) => id),
        'BASIC',
      );
      assert.equal(found.length, 2);
    }
  });

  test('of one idempotency key store one task, and all are answered with it', async () => {
    const scene = await createScene(store);
    for (let round = 0; round < rounds; round += 1) {
      const idempotency = { key: `round ${round}`, ttlMs: 60_000 };
      const answers = await Promise.all(
        times(5, () => scene.submit(scene.newTask({ idempotency }))),
      );
      const all = answers.flat();
      assert.equal(all.filter(({ kind }) => kind === 'STORED').length, 1);
      assert.equal(new Set(all.map(({ id }) => id)).size, 1);
    }
  });

  test('of an outcome, a cancellation, a loss and a hand-back leave one end, which is told to one', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const scene = await createScene(store);
      const session = await scene.session();
      await scene.submit(...times(4, () => scene.newTask()));
      const leases = await scene.claim(session, 4);
      const ids = leases.map(({ taskId }) => taskId);
      await store.sessions.detach(session.id, 1, 0);
      const lose = async () => {
        await store.sessions.lose(session.id, 1);
        return store.sessions.loseLeases(10);
      };
      const [outcomes, cancelled, lost, returned] = await Promise.all([
        store.leases.record(leases.map((lease) => outcomeOf(lease, 'SUCCEEDED'))),
        store.tasks.cancel(defaultNamespace, { ids }, '', 10),
        lose(),
        store.leases.returnUnsent(leases.slice(2)),
      ]);
      const taken = outcomes.filter(({ status }) => status === 'RECORDED').length;
      assert.equal(taken + lost.length + returned.length, 4, `round ${round}`);
      const states = await store.tasks.states(defaultNamespace, ids);
      const succeeded = [...states.values()].filter(({ state }) => state === 'SUCCEEDED').length;
      assert.equal(succeeded, taken);
      const { cancelled: now, requested, finished } = cancelled;
      assert.equal(sum([now.length, requested.length, finished.length]), 4);
      for (const id of now) assert.equal(states.get(id)?.state, 'CANCELLED');
    }
  });

  test('of a claim and an attach never leave a lease under the old attachment for good', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const scene = await createScene(store);
      const session = await scene.session();
      await scene.submit(scene.newTask(), scene.newTask());
      const before = { ...session };
      const [leases, attached] = await Promise.all([
        scene.claim(before, 2),
        scene.attach(session, []),
      ]);
      assert.ok(attached.kind === 'ATTACHED');
      // What was claimed and not returned by the attach is found by reconciliation, and goes back by its epoch.
      const running = await store.leases.running([session.id]);
      assert.equal(running.length, leases.length - attached.returned.length);
      const back = await store.leases.giveBack(session.id, session.attachment, running);
      assert.equal(back.length, running.length);
      assert.equal((await scene.claim(session, 2)).length, 2);
    }
  });
});
