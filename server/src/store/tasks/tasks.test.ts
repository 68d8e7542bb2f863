/** Reads, lists and cancellations of tasks. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import type { Lease, TaskFilter, TaskId } from '../../rules/task.ts';
import { openStore } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf } from '../scene/scene.ts';
import type { Store } from '../store.ts';

const everything: TaskFilter = {
  handlerId: null,
  states: [],
  labels: {},
  minCreatedAt: null,
  maxCreatedAt: null,
};

eachEngine('tasks', (engine) => {
  let store: Store;
  before(async () => {
    store = await openStore({ database: engine.databaseUrl ?? 'memory' });
  });
  after(() => store.close());

  const list = (changes: Partial<Parameters<Store['tasks']['list']>[0]>) =>
    store.tasks.list({
      namespaceId: defaultNamespace,
      filter: everything,
      before: null,
      limit: 100,
      bytesMax: 1_000_000,
      view: 'BASIC',
      ...changes,
    });

  test('are listed newest first, in pages that new ones do not disturb', async () => {
    const scene = await createScene(store);
    const tasks = Array.from({ length: 7 }, () => scene.newTask());
    await scene.submit(...tasks);
    const filter = { ...everything, handlerId: scene.handlerId };
    const seen: string[] = [];
    let before = null;
    for (;;) {
      const page = await list({ filter, before, limit: 3 });
      seen.push(...page.tasks.map(({ id }) => id));
      await scene.submit(scene.newTask());
      if (!page.more) break;
      before = page.tasks.at(-1)?.id ?? null;
    }
    assert.deepEqual(seen, tasks.map(({ id }) => id).reverse());
  });

  test('are filtered by handler, states, labels and time', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const tasks = [
      scene.newTask({ labels: { team: 'a', size: 's' } }),
      scene.newTask({ labels: { team: 'b' }, startDelayMs: 60_000 }),
      scene.newTask({ labels: { team: 'a' } }),
    ];
    await scene.submit(...tasks);
    const [first] = await scene.claim(session, 1);
    assert.ok(first);
    await store.leases.record([outcomeOf(first, 'FAILED')]);
    const at = async (changes: Partial<TaskFilter>) => {
      const filter = { ...everything, handlerId: scene.handlerId, ...changes };
      const found = (await list({ filter })).tasks.map(({ id }) => id);
      return tasks.flatMap(({ id }, index) => (found.includes(id) ? [index] : []));
    };
    assert.deepEqual(await at({}), [0, 1, 2]);
    assert.deepEqual(await at({ states: ['FAILED'] }), [0]);
    assert.deepEqual(await at({ states: ['DELAYED', 'READY'] }), [1, 2]);
    assert.deepEqual(await at({ labels: { team: 'a' } }), [0, 2]);
    assert.deepEqual(await at({ labels: { team: 'a', size: 's' } }), [0]);
    assert.deepEqual(await at({ minCreatedAt: Date.now() + 60_000 }), []);
    assert.deepEqual(await at({ maxCreatedAt: Date.now() - 60_000 }), []);
    assert.deepEqual(
      await at({ minCreatedAt: Date.now() - 60_000, maxCreatedAt: Date.now() + 60_000 }),
      [0, 1, 2],
    );
  });

  test('of a handler are listed in one order over all states, page by page', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const tasks = Array.from({ length: 12 }, (_, at) =>
      scene.newTask({ startDelayMs: at % 3 === 0 ? 60_000 : 0 }),
    );
    await scene.submit(...tasks);
    const leases = await scene.claim(session, 6);
    const results = ['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'FAILED'] as const;
    await store.leases.record(results.map((result, at) => outcomeOf(leases[at] as Lease, result)));
    const pages = async (states: TaskFilter['states']) => {
      const ids: string[] = [];
      for (let before: TaskId | null = null; ; before = ids.at(-1) as TaskId) {
        const filter = { ...everything, handlerId: scene.handlerId, states };
        const page = await list({ filter, before, limit: 5 });
        ids.push(...page.tasks.map(({ id }) => id));
        if (!page.more) return ids;
      }
    };
    const newestFirst = tasks.map(({ id }) => id).reverse();
    assert.deepEqual(await pages([]), newestFirst);
    const running = new Set<string>(leases.slice(4).map(({ taskId }) => taskId));
    assert.deepEqual(
      await pages(['SUCCEEDED', 'FAILED', 'DELAYED', 'READY', 'FAILED']),
      newestFirst.filter((id) => !running.has(id)),
    );
  });

  test('come with payloads only on request, in pages bounded by bytes', async () => {
    const scene = await createScene(store);
    const input = { mediaType: 'x', data: Buffer.alloc(1_000, 7) };
    await scene.submit(
      scene.newTask({ input }),
      scene.newTask({ input }),
      scene.newTask({ input }),
    );
    const filter = { ...everything, handlerId: scene.handlerId };
    const page = await list({ filter, bytesMax: 2_500, view: 'PAYLOADS' });
    assert.deepEqual([page.tasks.length, page.more], [2, true]);
    assert.deepEqual(page.tasks[0]?.input, input);
    const one = await list({ filter, bytesMax: 1, view: 'PAYLOADS' });
    assert.equal(one.tasks.length, 1);
    const basic = await list({ filter, bytesMax: 1 });
    assert.deepEqual([basic.tasks.length, basic.more, basic.tasks[0]?.input], [3, false, null]);
  });

  test('belong to their namespace', async () => {
    const scene = await createScene(store);
    const task = scene.newTask();
    await scene.submit(task);
    const other = 77 as never;
    assert.equal(await store.tasks.get(other, task.id, 'FULL'), null);
    assert.equal((await store.tasks.states(other, [task.id])).size, 0);
    const result = await store.tasks.cancel(other, { ids: [task.id] }, '', 1);
    assert.deepEqual(result.missing, [task.id]);
  });

  test('change their version with all that a watcher should see', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const task = scene.newTask();
    await scene.submit(task);
    const seen: string[] = [];
    const look = async () => {
      const now = (await store.tasks.states(defaultNamespace, [task.id])).get(task.id);
      assert.ok(now && !seen.includes(now.version), `${now?.version} again`);
      seen.push(now.version);
      return now.state;
    };
    await look();
    const [lease] = await scene.claim(session, 1);
    assert.ok(lease);
    assert.equal(await look(), 'RUNNING');
    for (const completed of [1, 2]) {
      const progress = { completed, total: 2, message: '' };
      await store.leases.writeProgress([{ ...lease, progress, checkpoint: null }]);
      await look();
    }
    await store.tasks.cancel(defaultNamespace, { ids: [task.id] }, '', 1);
    await look();
    await store.leases.record([outcomeOf(lease, 'CANCELLED')]);
    assert.equal(await look(), 'CANCELLED');
  });

  test('are cancelled at once unless they run, and asked only once', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const [run, wait, delayed] = [
      scene.newTask(),
      scene.newTask(),
      scene.newTask({ startDelayMs: 60_000 }),
    ];
    await scene.submit(run);
    const [lease] = await scene.claim(session, 1);
    await scene.submit(wait, delayed);
    const ids = [run, wait, delayed].map(({ id }) => id);
    const cancel = (reason: string) => store.tasks.cancel(defaultNamespace, { ids }, reason, 10);
    const first = await cancel('first');
    assert.deepEqual(
      [first.cancelled, first.requested.map(({ taskId }) => taskId)],
      [[wait.id, delayed.id], [run.id]],
    );
    assert.equal(first.requested[0]?.sessionId, lease?.sessionId);
    const second = await cancel('second');
    assert.deepEqual(
      [second.cancelled, second.requested.length, second.finished],
      [[], 1, [wait.id, delayed.id]],
    );
    const stored = await store.tasks.get(defaultNamespace, run.id, 'BASIC');
    assert.deepEqual([stored?.cancelReason, stored?.state], ['first', 'RUNNING']);
    const row = (await store.leases.running([session.id]))[0];
    assert.deepEqual([row?.cancelRequested, row?.cancelReason], [true, 'first']);
  });

  test('are cancelled by filter, so many at a time, each once', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(...Array.from({ length: 5 }, () => scene.newTask()));
    await scene.claim(session, 1);
    const filter = { ...everything, handlerId: scene.handlerId };
    const cancel = () => store.tasks.cancel(defaultNamespace, { filter }, '', 3);
    const [first, second, third] = [await cancel(), await cancel(), await cancel()];
    const counts = [first, second, third].map(({ cancelled, requested, more }) => [
      cancelled.length + requested.length,
      more,
    ]);
    assert.deepEqual(counts, [
      [3, true],
      [2, false],
      [0, false],
    ]);
  });
});
