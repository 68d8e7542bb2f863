/** Submissions: each call wholly or not at all, each id and key once, RUNNING only under a slot that stands. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import { leastIdAt, makeId } from '../../rules/ids.ts';
import type { NewTask, TaskId } from '../../rules/task.ts';
import type { Database } from '../engines/database.ts';
import { StoreRefused } from '../errors.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf, type Scene } from '../scene/scene.ts';
import type { Store, StoredTask } from '../store.ts';

eachEngine('submissions', (engine) => {
  let store: Store;
  let database: Database;
  let scene: Scene;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
    scene = await createScene(store);
  });
  after(() => store.close());

  const kinds = (answers: readonly StoredTask[] | undefined) =>
    answers?.map((answer) => (answer.kind === 'STORED' ? answer.state : answer.kind));
  const keyed = (key: string, changes: Partial<NewTask> = {}) =>
    scene.newTask({ idempotency: { key, ttlMs: 60_000 }, ...changes });
  const exists = async (task: NewTask) =>
    (await store.tasks.get(defaultNamespace, task.id, 'BASIC')) !== null;

  test('are stored READY, DELAYED or RUNNING by the database’s own judgement', async () => {
    const session = await scene.session();
    const offer = { sessionId: session.id, attachment: session.attachment };
    const tasks = [
      scene.newTask(),
      scene.newTask({ startDelayMs: 60_000, offer }),
      scene.newTask({ dueAt: Date.now() + 3_600_000 }),
      scene.newTask({ dueAt: 1 }),
      scene.newTask({ offer, totalTimeoutMs: 5_000 }),
      scene.newTask({ offer: { ...offer, attachment: 7 } }),
    ];
    const answers = await scene.submit(...tasks);
    assert.deepEqual(kinds(answers), ['READY', 'DELAYED', 'DELAYED', 'READY', 'RUNNING', 'READY']);
    const eager = answers[4];
    assert.ok(eager?.kind === 'STORED' && eager.lease);
    assert.equal(eager.lease.leaseEpoch, 1);
    assert.equal(eager.lease.deadlineInMs, 5_000);
    const [row] = await store.leases.running([session.id]);
    assert.deepEqual([row?.taskId, row?.leaseEpoch], [eager.id, 1]);
  });

  test('of a paused or limited handler are never stored RUNNING', async () => {
    const session = await scene.session();
    const offer = { sessionId: session.id, attachment: session.attachment };
    for (const [flag, state] of [
      ['paused', 'READY'],
      ['limited', 'WAITING'],
    ] as const) {
      const handlerId = await scene.handler();
      await database.execute(`UPDATE handlers SET ${flag} = true WHERE id = ${handlerId}`);
      const task = () => scene.newTask({ handlerId, offer });
      assert.deepEqual(kinds(await scene.submit(task())), [state]);
      const others = scene.newTask({ offer, startDelayMs: 60_000 });
      const stored = await scene.submit(task(), task(), others);
      assert.deepEqual(kinds(stored), [state, state, 'DELAYED']);
      assert.deepEqual(kinds(await scene.submit(task(), scene.newTask())), [state, 'READY']);
    }
  });

  test('repeated by their sender are duplicates, repeated by a flush are answered as before', async () => {
    const session = await scene.session();
    const offer = { sessionId: session.id, attachment: session.attachment };
    const call = [scene.newTask(), scene.newTask({ offer })];
    const [first] = await store.submissions.insert([call], false);
    const [again] = await store.submissions.insert([call], true);
    assert.deepEqual(again, first);
    assert.deepEqual(kinds((await store.submissions.insert([call], false))[0]), [
      'DUPLICATE',
      'DUPLICATE',
    ]);
    const lease = first?.[1]?.kind === 'STORED' ? first[1].lease : null;
    assert.ok(lease);
    await store.leases.record([outcomeOf(lease, 'SUCCEEDED')]);
    const [later] = await store.submissions.insert([call], true);
    assert.deepEqual(kinds(later), ['READY', 'SUCCEEDED']);
    assert.ok(later?.[1]?.kind === 'STORED' && later[1].lease === null);
  });

  test('of many handlers, sessions and media types in one flush are each stored as they are', async () => {
    const [one, two] = [await scene.session(), await scene.session()];
    const paused = await scene.handler();
    await database.execute(`UPDATE handlers SET paused = true WHERE id = ${paused}`);
    const offer = ({ id, attachment }: typeof one) => ({ sessionId: id, attachment });
    const input = { mediaType: 'text/plain', data: Buffer.from('x') };
    const plain = [
      scene.newTask({ offer: offer(one), input }),
      scene.newTask({ handlerId: paused, offer: offer(one) }),
      scene.newTask({ offer: offer(two), priority: 3 }),
      scene.newTask({ input: null }),
      scene.newTask({ offer: { ...offer(two), attachment: 9 }, input }),
      scene.newTask({ offer: offer(one), input }),
    ];
    // With and without rare columns it is another statement.
    const rare = plain.map((task) => ({ ...task, id: scene.newId(), labels: { a: 'b' } }));
    for (const tasks of [plain, rare]) {
      const answers = await scene.submit(...tasks);
      const expected = ['RUNNING', 'READY', 'RUNNING', 'READY', 'READY', 'RUNNING'];
      assert.deepEqual(kinds(answers), expected);
      for (const [at, task] of tasks.entries()) {
        const stored = await store.tasks.get(defaultNamespace, task.id, 'PAYLOADS');
        const { state, handlerId, priority, input: sent, sessionId, leaseEpoch } = stored ?? {};
        const runs = expected[at] === 'RUNNING';
        assert.deepEqual(
          [state, handlerId, priority, sent, sessionId, leaseEpoch],
          [
            ...[expected[at], task.handlerId, task.priority, task.input],
            ...[runs ? task.offer?.sessionId : null, runs ? 1 : 0],
          ],
        );
        assert.deepEqual(stored?.labels, task.labels ?? {});
      }
    }
  });

  test('beside one that is stored already are stored, whether or not that was foreseen', async () => {
    const own = await openStoreAndDatabase({ database: engine.databaseUrl ?? 'memory' });
    try {
      const mine = await createScene(own.store);
      for (let time = 0; time < 2; time += 1) {
        const known = mine.newTask();
        if (time > 0) await mine.submit(known);
        // From another coordinator, so that this one has no reason to look first.
        else if (own.store.engine === 'postgres') await store.submissions.insert([[known]], false);
        else await mine.submit(known);
        const other = { ...known, contentHash: Buffer.alloc(16, 3) };
        const calls = [[mine.newTask(), known], [mine.newTask(), other], [mine.newTask()]];
        assert.deepEqual((await own.store.submissions.insert(calls, false)).map(kinds), [
          ['READY', 'DUPLICATE'],
          ['ID_REUSED', 'ID_REUSED'],
          ['READY'],
        ]);
      }
    } finally {
      await own.store.close();
    }
  });

  test('with an id of other content store nothing of their call, and all of the others', async () => {
    const taken = scene.newTask();
    await scene.submit(taken);
    const other = { ...taken, contentHash: Buffer.alloc(16, 9) };
    const [neighbour, beside, fresh] = [scene.newTask(), keyed('beside'), scene.newTask()];
    const answers = await store.submissions.insert(
      [[neighbour, other], [beside, other], [fresh]],
      false,
    );
    assert.deepEqual(answers.map(kinds), [
      ['ID_REUSED', 'ID_REUSED'],
      ['ID_REUSED', 'ID_REUSED'],
      ['READY'],
    ]);
    assert.deepEqual(await Promise.all([neighbour, beside, fresh].map(exists)), [
      false,
      false,
      true,
    ]);
    // The key was not taken either.
    assert.deepEqual(kinds(await scene.submit(keyed('beside'))), ['READY']);
  });

  test('that share ids within a flush or a call are told apart', async () => {
    const task = scene.newTask();
    const other = { ...task, contentHash: Buffer.alloc(16, 1) };
    const answers = await store.submissions.insert(
      [[task, task], [task], [other, scene.newTask()]],
      false,
    );
    assert.deepEqual(answers.map(kinds), [
      ['READY', 'DUPLICATE'],
      ['DUPLICATE'],
      ['ID_REUSED', 'ID_REUSED'],
    ]);
    const twice = scene.newTask();
    const call = [twice, { ...twice, contentHash: Buffer.alloc(16, 2) }];
    assert.deepEqual(kinds((await store.submissions.insert([call], false))[0]), [
      'ID_REUSED',
      'ID_REUSED',
    ]);
    assert.equal(await exists(twice), false);
  });

  test('with a key that is held are answered with its holder, until it expires', async () => {
    const first = keyed('k');
    assert.deepEqual(kinds(await scene.submit(first)), ['READY']);
    const second = keyed('k');
    assert.deepEqual(await scene.submit(second, scene.newTask()).then((all) => all[0]), {
      kind: 'DUPLICATE',
      id: first.id,
    });
    assert.equal(await exists(second), false);
    const elsewhere = keyed('k', { handlerId: await scene.handler() });
    assert.deepEqual(kinds(await scene.submit(elsewhere)), ['READY']);
    await database.execute(
      `UPDATE idempotency_keys SET expires_at = now() WHERE task_id = '${first.id}'`,
    );
    assert.deepEqual(kinds(await scene.submit(keyed('k'))), ['READY']);
  });

  test('with one key in one flush store one task', async () => {
    const tasks = [keyed('once'), keyed('once'), keyed('once')] as const;
    const answers = await store.submissions.insert([[tasks[0], tasks[1]], [tasks[2]]], false);
    assert.deepEqual(
      answers.flat().map(({ id }) => id),
      [tasks[0].id, tasks[0].id, tasks[0].id],
    );
    assert.deepEqual(kinds(answers.flat()), ['READY', 'DUPLICATE', 'DUPLICATE']);
    const [again] = await store.submissions.insert([[tasks[0]]], true);
    assert.deepEqual(kinds(again), ['READY']);
  });

  test('find their partition made, if it is near, and are refused otherwise', async () => {
    const now = await store.now();
    const at = (days: number) =>
      scene.newTask({ id: makeId(now + days * 86_400_000, 0, Buffer.alloc(8, 1)) as TaskId });
    assert.deepEqual(kinds(await scene.submit(at(-2), at(1))), ['READY', 'READY']);
    await assert.rejects(scene.submit(at(-30)), StoreRefused);
  });

  test('keep NUL and lone surrogates out of text, and every byte of payloads', async () => {
    const data = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    const task = scene.newTask({
      labels: { a: 'x\0y\ud800', b: '"quoted" \\ {}' },
      input: { mediaType: 'text/\0plain', data },
      options: { retry: { nonRetryableErrors: ['\0'] }, attemptTimeoutMs: null, atMostOnce: null },
      idempotency: { key: 'null\0key', ttlMs: 1_000 },
    });
    assert.deepEqual(kinds(await scene.submit(task)), ['READY']);
    const stored = await store.tasks.get(defaultNamespace, task.id, 'PAYLOADS');
    assert.deepEqual(stored?.labels, { a: 'x\ufffdy\ufffd', b: '"quoted" \\ {}' });
    assert.deepEqual(stored?.input, { mediaType: 'text/\ufffdplain', data });
    assert.equal(stored?.idempotencyKey, 'null\ufffdkey');
    assert.deepEqual(stored?.options?.retry, { nonRetryableErrors: ['\ufffd'] });
  });

  test('with a value that the database cannot hold are refused, and write nothing', async () => {
    const good = scene.newTask();
    const bad = [
      scene.newTask({ totalTimeoutMs: 1e18 }),
      scene.newTask({ priority: 100_000 }),
      scene.newTask({ id: 'not a uuid' as TaskId }),
      keyed(randomBytes(10_000).toString('hex')),
    ];
    for (const task of bad)
      await assert.rejects(store.submissions.insert([[good], [task]], false), StoreRefused);
    assert.equal(await exists(good), false);
  });

  test('are retried once, ever', async () => {
    const task = scene.newTask({ priority: 5, labels: { a: 'b' }, totalTimeoutMs: 60_000 });
    const [newId, otherId] = [scene.newId(), scene.newId()];
    await scene.submit(task);
    const retry = (id: TaskId) => store.submissions.retry(defaultNamespace, [task.id], [id]);
    assert.equal((await retry(newId))[0]?.kind, 'UNFINISHED');
    await store.tasks.cancel(defaultNamespace, { ids: [task.id] }, '', 1);
    const filter = {
      handlerId: scene.handlerId,
      states: [],
      labels: { a: 'b' },
      minCreatedAt: null,
      maxCreatedAt: null,
    };
    const query = { namespaceId: defaultNamespace, filter, limit: 10 };
    assert.deepEqual((await store.submissions.retryable(query)).ids, [task.id]);
    const [first] = await retry(newId);
    const [second] = await retry(otherId);
    assert.deepEqual(
      [first, second].map((one) => one?.kind === 'RETRIED' && [one.retryId, one.duplicate]),
      [
        [newId, false],
        [newId, true],
      ],
    );
    assert.deepEqual((await store.submissions.retryable(query)).ids, []);
    const made = await store.tasks.get(defaultNamespace, newId, 'PAYLOADS');
    assert.deepEqual([made?.state, made?.priority, made?.origin.retryOf], ['READY', 5, task.id]);
    assert.deepEqual([made?.labels, made?.input], [task.labels, task.input]);
    assert.ok(made?.deadlineAt && Math.abs(made.deadlineAt - made.createdAt - 60_000) < 2);
    const missing = leastIdAt(Date.now()) as TaskId;
    const [gone] = await store.submissions.retry(defaultNamespace, [missing], [otherId]);
    assert.equal(gone?.kind, 'MISSING');
  });
});
