/** The outbox of events: what triggers write of each edge, how it is passed on, and how it begins and ends. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import type { TaskId } from '../../rules/task.ts';
import { eventKinds, type WrittenEvent } from '../../rules/task-events.ts';
import type { Database } from '../engines/database.ts';
import { statement } from '../engines/database.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf, type SceneSession } from '../scene/scene.ts';
import type { Store } from '../store.ts';

const triggersSql = statement(
  'test_outbox_triggers',
  `SELECT tgname FROM pg_trigger WHERE tgrelid = 'tasks'::regclass AND NOT tgisinternal`,
);

eachEngine('the outbox of events', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
  });
  after(() => store.close());

  /** Everything that waits, which then waits no more. */
  const take = async (): Promise<readonly WrittenEvent[]> => {
    const taken: WrittenEvent[] = [];
    const deliver = async (events: readonly WrittenEvent[]) => void taken.push(...events);
    while ((await store.eventOutbox.pass(100, deliver)) === 100);
    return taken;
  };
  const told = (events: readonly WrittenEvent[], id: TaskId) =>
    events
      .filter(({ taskId }) => taskId === id)
      .map(({ kind, state, attempt, leaseEpoch }) =>
        [kind, state, attempt, leaseEpoch].filter((part) => part !== undefined).join(' '),
      );

  const lose = async ({ id, attachment }: SceneSession) => {
    await store.sessions.detach(id, attachment, 60_000);
    assert.ok(await store.sessions.lose(id, attachment));
    await store.sessions.loseLeases(100);
  };

  test('is not there until somebody asks', async () => {
    const scene = await createScene(store);
    await scene.submit(scene.newTask());
    assert.deepEqual(await database.run(triggersSql), []);
    assert.deepEqual(await take(), []);
  });

  test('tells of every edge of a task, in order', async () => {
    await store.eventOutbox.ask(eventKinds);
    await store.eventOutbox.ask(eventKinds);
    const scene = await createScene(store);
    const session = await scene.session();
    const offer = { sessionId: session.id, attachment: session.attachment };
    const eager = scene.newTask({ offer });
    await scene.submit(eager);
    const [running] = (await store.leases.load([{ taskId: eager.id, leaseEpoch: 1 }])) ?? [];
    assert.ok(running);
    await store.leases.record([outcomeOf({ taskId: eager.id, leaseEpoch: 1 }, 'FAILED', 0)]);
    const [second] = await scene.claim(session, 1);
    assert.ok(second);
    await store.leases.giveBack(session.id, session.attachment, [second]);
    const [third] = await scene.claim(session, 1);
    assert.ok(third);
    await store.leases.record([outcomeOf(third, 'SUCCEEDED')]);
    const delayed = scene.newTask({ startDelayMs: 3600_000 });
    await scene.submit(delayed);
    await store.tasks.cancel(defaultNamespace, { ids: [delayed.id] }, 'enough', 1);
    const events = await take();
    assert.deepEqual(told(events, eager.id), [
      'submitted RUNNING',
      'started RUNNING 1 1',
      'retried READY 1 1',
      'started RUNNING 2 2',
      'returned READY 2 2',
      'started RUNNING 2 3',
      'succeeded SUCCEEDED 2 3',
    ]);
    assert.deepEqual(told(events, delayed.id), ['submitted DELAYED', 'cancelled CANCELLED']);
    assert.ok(events.every(({ namespace, handler }) => namespace === 'default' && handler !== ''));
    assert.deepEqual(await take(), []);
  });

  test('tells of lost agents, and of the end that this is for a task', async () => {
    const scene = await createScene(store, { lostAttemptsMax: 1 });
    const session = await scene.session();
    const task = scene.newTask();
    await scene.submit(task);
    await scene.claim(session, 1);
    await lose(session);
    const other = await scene.session();
    await scene.claim(other, 1);
    await lose(other);
    assert.deepEqual(told(await take(), task.id), [
      'submitted READY',
      'started RUNNING 1 1',
      'lost READY 1 1',
      'started RUNNING 2 2',
      'lost FAILED 2 2',
      'failed FAILED 2 2',
    ]);
  });

  test('tells of a flush as of its tasks', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const tasks = Array.from({ length: 300 }, () => scene.newTask());
    await scene.submit(...tasks);
    const leases = await scene.claim(session, tasks.length);
    await store.leases.record(leases.map((lease) => outcomeOf(lease, 'SUCCEEDED')));
    const events = await take();
    assert.equal(events.length, 3 * tasks.length);
    for (const { id } of tasks)
      assert.deepEqual(told(events, id), [
        'submitted READY',
        'started RUNNING 1 1',
        'succeeded SUCCEEDED 1 1',
      ]);
  });

  test('keeps what could not be delivered, and lets one pass on at a time', async () => {
    const scene = await createScene(store);
    const task = scene.newTask();
    await scene.submit(task);
    const refused = store.eventOutbox.pass(10, () => Promise.reject(new Error('no')));
    await assert.rejects(refused, /no/);
    let meanwhile: number | null = 0;
    const passed = await store.eventOutbox.pass(10, async () => {
      // The embedded database belongs to one coordinator, which does one thing after the other.
      if (engine.name === 'pglite') meanwhile = null;
      else meanwhile = await store.eventOutbox.pass(10, () => assert.fail());
    });
    assert.deepEqual([passed, meanwhile], [1, null]);
    assert.deepEqual(await take(), []);
  });

  test('writes nothing for a change that is rolled back', async () => {
    const scene = await createScene(store);
    await assert.rejects(scene.submit(scene.newTask(), scene.newTask({ priority: 1e9 })));
    assert.deepEqual(await take(), []);
  });

  test('writes only the kinds that were asked for last', async () => {
    await store.eventOutbox.ask(['succeeded']);
    const scene = await createScene(store);
    const session = await scene.session();
    const task = scene.newTask();
    await scene.submit(task);
    const [lease] = await scene.claim(session, 1);
    assert.ok(lease);
    await store.leases.record([outcomeOf(lease, 'SUCCEEDED')]);
    assert.deepEqual(told(await take(), task.id), ['succeeded SUCCEEDED 1 1']);
  });

  test('forgets what is too old, and ends when nobody asks any more', async () => {
    await store.eventOutbox.ask(eventKinds);
    const scene = await createScene(store);
    await scene.submit(scene.newTask());
    assert.equal(await store.eventOutbox.forget(3600_000, 10), 0);
    assert.equal(await store.eventOutbox.forget(-1_000, 10), 1);
    await scene.submit(scene.newTask());
    assert.equal(await store.eventOutbox.endUnasked(3600_000), false);
    assert.equal(await store.eventOutbox.endUnasked(-1_000), true);
    assert.equal(await store.eventOutbox.endUnasked(-1_000), false);
    assert.deepEqual(await database.run(triggersSql), []);
    await scene.submit(scene.newTask());
    assert.deepEqual(await take(), []);
  });
});
