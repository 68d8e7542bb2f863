/** Leases: ends that race, hand-backs, lost sessions, what attempts say of themselves. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import type { Lease, OutcomeWrite } from '../../rules/task.ts';
import type { Database } from '../engines/database.ts';
import { StoreRefused } from '../errors.ts';
import { createFlush } from '../flush.ts';
import { openStoreAndDatabase } from '../open.ts';
import { createScene, defaultNamespace, outcomeOf, type Scene } from '../scene/scene.ts';
import type { RecordedOutcome, Store } from '../store.ts';

eachEngine('leases', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    ({ store, database } = await openStoreAndDatabase({
      database: engine.databaseUrl ?? 'memory',
    }));
  });
  after(() => store.close());

  const read = async (scene: Scene, id: Lease['taskId']) => {
    const task = await scene.store.tasks.get(defaultNamespace, id, 'FULL');
    assert.ok(task);
    return task;
  };
  /** Makes the database refuse to change some rows, as it refuses poison values. */
  const refuseUpdates = async (condition: string, sqlState: string) => {
    await database.execute(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF ${condition} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '${sqlState}'; END IF; RETURN NEW; END $$`);
    await database.execute(
      `CREATE TRIGGER refuse BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
  };
  const allowUpdates = async () => {
    await database.execute('DROP TRIGGER refuse ON tasks');
    await database.execute('DROP FUNCTION refuse');
  };
  /** A scene with one lease of one task. */
  const leased = async (changes: Parameters<Scene['newTask']>[0] = {}, options = {}) => {
    const scene = await createScene(store, options);
    const session = await scene.session();
    await scene.submit(scene.newTask(changes));
    const [lease] = await scene.claim(session, 1);
    assert.ok(lease);
    return { scene, session, lease };
  };

  test('carry all that an agent needs', async () => {
    const options = { retry: { maxAttempts: 5 }, attemptTimeoutMs: 7, atMostOnce: true };
    const origin = {
      traceparent: 'tp',
      tracestate: 'ts',
      parentId: null,
      rootId: null,
      retryOf: null,
      nominalAt: 1_800_000_000_123,
    };
    const { scene, lease } = await leased({
      options,
      origin,
      labels: { k: 'v' },
      totalTimeoutMs: 60_000,
    });
    assert.deepEqual([lease.options, lease.origin, lease.labels], [options, origin, { k: 'v' }]);
    assert.ok(lease.deadlineInMs !== null && lease.deadlineInMs > 50_000);
    assert.deepEqual(lease.input?.data, Buffer.from('{"a":1}'));
    assert.equal(lease.handlerId, scene.handlerId);
    const [loaded] = await store.leases.load([lease]);
    assert.deepEqual({ ...loaded, deadlineInMs: 0 }, { ...lease, deadlineInMs: 0 });
    assert.deepEqual(await store.leases.load([{ ...lease, leaseEpoch: 2 }]), []);
  });

  test('end as recorded: outputs, failures, attempts', async () => {
    const { scene, session, lease } = await leased();
    const failure = {
      kind: 'ERROR',
      name: 'E\0',
      message: 'm'.repeat(10_000),
      stack: 'at x',
      details: { mediaType: 'x/y', data: Buffer.from([0, 255]) },
      nonRetryable: false,
    } as const;
    const failed = await store.leases.record([{ ...outcomeOf(lease, 'FAILED', 0), failure }]);
    assert.deepEqual(
      [failed[0]?.status, failed[0]?.state, failed[0]?.handlerId],
      ['RECORDED', 'READY', scene.handlerId],
    );
    const [second] = await scene.claim(session, 1);
    assert.deepEqual([second?.attempt, second?.failures, second?.leaseEpoch], [2, 1, 2]);
    assert.ok(second);
    const output = { mediaType: 'text/plain', data: Buffer.from('done') };
    await store.leases.record([{ ...outcomeOf(second, 'SUCCEEDED'), output }]);
    const task = await read(scene, lease.taskId);
    assert.deepEqual([task.state, task.output, task.failure], ['SUCCEEDED', output, null]);
    assert.deepEqual(
      task.attempts.map(({ number, outcome, agentId }) => [number, outcome, agentId]),
      [
        [1, 'FAILED', 'agent'],
        [2, 'SUCCEEDED', 'agent'],
      ],
    );
    assert.deepEqual(task.attempts[0]?.failure, { ...failure, name: 'E\ufffd' });
  });

  test('retry after a wait only if it ends before the deadline', async () => {
    const { scene, lease } = await leased({ totalTimeoutMs: 30_000 });
    const [answer] = await store.leases.record([outcomeOf(lease, 'FAILED', 60_000)]);
    assert.equal(answer?.state, 'FAILED');
    const other = await leased({ totalTimeoutMs: 30_000 });
    const [delayed] = await store.leases.record([outcomeOf(other.lease, 'FAILED', 20_000)]);
    assert.deepEqual([delayed?.state, delayed?.dueInMs], ['DELAYED', 20_000]);
    assert.equal((await read(scene, lease.taskId)).failure?.message, 'no');
  });

  test('cancelled unasked are failures, cancelled as asked are not, and a success stands', async () => {
    const unasked = await leased();
    await store.leases.record([outcomeOf(unasked.lease, 'CANCELLED')]);
    assert.equal(
      (await read(unasked.scene, unasked.lease.taskId)).failure?.name,
      'CancelledUnasked',
    );
    for (const [result, state] of [
      ['CANCELLED', 'CANCELLED'],
      ['FAILED', 'CANCELLED'],
      ['INTERRUPTED', 'CANCELLED'],
      ['SUCCEEDED', 'SUCCEEDED'],
    ] as const) {
      const { lease } = await leased();
      const asked = await store.tasks.cancel(defaultNamespace, { ids: [lease.taskId] }, 'why', 1);
      assert.equal(asked.requested[0]?.leaseEpoch, 1);
      const [answer] = await store.leases.record([outcomeOf(lease, result, 1_000)]);
      assert.equal(answer?.state, state, result);
    }
  });

  test('ended before are RECORDED when told again, and STALE when they had lapsed', async () => {
    const { session, scene, lease } = await leased();
    const write = outcomeOf(lease, 'FAILED', 0);
    await store.leases.record([write]);
    const told = await store.leases.record([
      write,
      outcomeOf({ ...lease, leaseEpoch: 0 }, 'SUCCEEDED'),
    ]);
    assert.deepEqual(
      told.map(({ status, state }) => [status, state]),
      [
        ['RECORDED', null],
        ['STALE', null],
      ],
    );
    await scene.claim(session, 1);
    assert.equal((await store.leases.record([write]))[0]?.status, 'RECORDED');
    assert.equal((await store.leases.running([session.id])).length, 1, 'the new lease stands');
  });

  test('of a flush are each answered, whatever the others of it are', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    const results = ['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'INTERRUPTED'] as const;
    const ended = { SUCCEEDED: 'SUCCEEDED', FAILED: 'DELAYED', INTERRUPTED: 'READY' } as const;
    const flush = async (count: number) => {
      await scene.submit(...Array.from({ length: count }, () => scene.newTask()));
      return scene.claim(session, count);
    };
    const statesOf = (answers: readonly RecordedOutcome[]) =>
      answers.map(({ status, state }) => [status, state]);
    const late = { ...((await flush(1))[0] as Lease), leaseEpoch: 0 };

    // Successes alone, then among others; all of them moved, then one of them not.
    const alone = (await flush(3)).map((lease) => outcomeOf(lease, 'SUCCEEDED'));
    const moved = ['RECORDED', 'SUCCEEDED'];
    assert.deepEqual(statesOf(await store.leases.record(alone)), [moved, moved, moved]);
    const more = (await flush(2)).map((lease) => outcomeOf(lease, 'SUCCEEDED'));
    const again = [...alone.slice(0, 1), ...more, outcomeOf(late, 'SUCCEEDED')];
    const known = ['RECORDED', null];
    const stale = ['STALE', null];
    assert.deepEqual(statesOf(await store.leases.record(again)), [known, moved, moved, stale]);
    assert.deepEqual(statesOf(await store.leases.record(again)), [known, known, known, stale]);

    for (const extra of [[], [outcomeOf(late, 'SUCCEEDED')]]) {
      const writes = (await flush(4)).map((lease, at) =>
        outcomeOf(lease, results[at] ?? 'FAILED', 60_000),
      );
      const answers = await store.leases.record([...writes, ...extra]);
      const expected = results.map((result) => ['RECORDED', ended[result]]);
      assert.deepEqual(statesOf(answers), [...expected, ...extra.map(() => stale)]);
      assert.deepEqual([answers[1]?.dueInMs, answers[3]?.handlerId], [60_000, scene.handlerId]);
      assert.equal((await scene.claim(session, 10)).length, 1, 'the interrupted one');
    }
  });

  test('are answered with their tasks when asked, but for large ones and failures', async () => {
    const large = { mediaType: 'text/plain', data: Buffer.alloc(65_536, 'x') };
    const small = { mediaType: 'application/json', data: Buffer.from('{"n":1}') };
    const { scene, session, lease: ofLarge } = await leased({ input: large });
    await scene.submit(...Array.from({ length: 3 }, () => scene.newTask({ input: small })));
    const [first, second, third] = await scene.claim(session, 3);
    assert.ok(first && second && third);
    const success = (lease: Lease) => ({ ...outcomeOf(lease, 'SUCCEEDED'), output: small });
    const record = (...writes: readonly OutcomeWrite[]) =>
      store.leases.record(writes, { tasks: true });
    const tasksOf = (answers: readonly RecordedOutcome[]) =>
      answers.map(({ status, task }) => [status, task]);
    const stored = async ({ taskId }: Lease) =>
      (await store.tasks.getMany(defaultNamespace, [taskId], 'PAYLOADS'))[0];

    const whole = await record(success(first), success(ofLarge));
    assert.equal((await stored(first))?.state, 'SUCCEEDED');
    assert.deepEqual(tasksOf(whole), [
      ['RECORDED', await stored(first)],
      ['RECORDED', null],
    ]);
    assert.deepEqual(
      whole.map(({ state }) => state),
      ['SUCCEEDED', 'SUCCEEDED'],
    );
    // One that was recorded before, and one whose lease is another's: nothing of theirs is answered.
    const mixed = await record(
      ...[success(first), success(second), success({ ...third, leaseEpoch: 0 })],
    );
    assert.deepEqual(tasksOf(mixed), [
      ['RECORDED', null],
      ['RECORDED', await stored(second)],
      ['STALE', null],
    ]);
    assert.deepEqual(tasksOf(await record(outcomeOf(third, 'FAILED'))), [['RECORDED', null]]);
  });

  test('of a flush with one poison value among 500: 499 are recorded', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(...Array.from({ length: 500 }, () => scene.newTask()));
    const leases = await scene.claim(session, 500);
    assert.equal(leases.length, 500);
    const poison = 250;
    const writes = leases.map(
      (lease, at): OutcomeWrite =>
        at === poison ? outcomeOf(lease, 'FAILED', 5) : outcomeOf(lease, 'SUCCEEDED'),
    );
    await refuseUpdates(`NEW.due_at > OLD.due_at`, '22P05');
    const flush = createFlush<OutcomeWrite, RecordedOutcome>({
      write: (items) => store.leases.record(items),
      bytesOf: () => 100,
      rowsMax: 500,
      bytesMax: 1_000_000,
      connectionsMax: 1,
      queueRowsMax: 1_000,
      queueBytesMax: 1_000_000,
    });
    const settled = await Promise.allSettled(writes.map((write) => flush.push(write)));
    await allowUpdates();
    const recorded = settled.filter(
      (one) => one.status === 'fulfilled' && one.value.state === 'SUCCEEDED',
    );
    assert.equal(recorded.length, 499);
    const offender = settled[poison];
    assert.ok(offender?.status === 'rejected' && offender.reason instanceof StoreRefused);
    const states = await store.tasks.states(
      defaultNamespace,
      leases.map(({ taskId }) => taskId),
    );
    const succeeded = [...states.values()].filter(({ state }) => state === 'SUCCEEDED');
    assert.equal(succeeded.length, 499);
  });

  test('raced by a sweep, in both orders: the outcome stands (river#1302)', async () => {
    const first = await leased();
    await store.leases.record([outcomeOf(first.lease, 'SUCCEEDED')]);
    await store.sessions.detach(first.session.id, 1, 0);
    assert.equal(await store.sessions.lose(first.session.id, 1), true);
    assert.deepEqual(await store.sessions.loseLeases(100), []);
    assert.equal((await read(first.scene, first.lease.taskId)).state, 'SUCCEEDED');

    const second = await leased();
    await store.sessions.detach(second.session.id, 1, 0);
    await store.sessions.lose(second.session.id, 1);
    const before = await store.leases.record([outcomeOf(second.lease, 'SUCCEEDED')]);
    assert.equal(
      before[0]?.status,
      'RECORDED',
      'until the sweep has taken it, it is the lease’s own end',
    );
    assert.deepEqual(await store.sessions.loseLeases(100), []);

    const third = await leased();
    await store.sessions.detach(third.session.id, 1, 0);
    await store.sessions.lose(third.session.id, 1);
    const [ended] = await store.sessions.loseLeases(100);
    assert.deepEqual([ended?.taskId, ended?.state], [third.lease.taskId, 'READY']);
    const late = await store.leases.record([outcomeOf(third.lease, 'SUCCEEDED')]);
    assert.equal(late[0]?.status, 'STALE');
    assert.equal((await read(third.scene, third.lease.taskId)).state, 'READY');
  });

  test('of a lost session end by the rules: again, at most so often, and never what runs once', async () => {
    const lose = async ({ scene, lease, session }: Awaited<ReturnType<typeof leased>>) => {
      await store.sessions.detach(session.id, 1, 0);
      await store.sessions.lose(session.id, 1);
      await store.sessions.loseLeases(100);
      return read(scene, lease.taskId);
    };
    const once = await lose(await leased({}, { atMostOnce: true }));
    assert.deepEqual([once.state, once.failure?.kind, once.lostAttempts], ['FAILED', 'LOST', 1]);
    const own = { retry: null, attemptTimeoutMs: null, atMostOnce: false };
    assert.equal((await lose(await leased({ options: own }, { atMostOnce: true }))).state, 'READY');
    const never = await lose(await leased({}, { lostAttemptsMax: 0 }));
    assert.deepEqual(
      [never.state, never.attempts.map(({ outcome }) => outcome)],
      ['FAILED', ['LOST']],
    );
    const asked = await leased();
    await store.tasks.cancel(defaultNamespace, { ids: [asked.lease.taskId] }, '', 1);
    assert.equal((await lose(asked)).state, 'CANCELLED');
  });

  test('that cannot be rescued do not stand before those that can (river#1318)', async () => {
    const scene = await createScene(store);
    const session = await scene.session();
    await scene.submit(
      ...Array.from({ length: 30 }, (_, at) => scene.newTask({ priority: at < 20 ? -77 : 0 })),
    );
    await scene.claim(session, 30);
    await refuseUpdates('OLD.priority = -77', 'P0001');
    try {
      await store.sessions.detach(session.id, 1, 0);
      await store.sessions.lose(session.id, 1);
      let rescued = 0;
      for (let sweep = 0; sweep < 10; sweep += 1)
        rescued += (await store.sessions.loseLeases(4)).length;
      assert.equal(rescued, 10);
    } finally {
      await allowUpdates();
    }
  });

  test('that never started go back with their number, and cancelled if that was asked for', async () => {
    const { scene, session, lease } = await leased();
    assert.deepEqual(await store.leases.giveBack(session.id, 2, [lease]), []);
    assert.deepEqual(await store.leases.giveBack(session.id, 1, [{ ...lease, leaseEpoch: 9 }]), []);
    assert.equal((await store.leases.giveBack(session.id, 1, [lease]))[0]?.state, 'READY');
    const [again] = await scene.claim(session, 1);
    assert.deepEqual([again?.attempt, again?.leaseEpoch], [1, 2]);
    assert.ok(again);
    await store.tasks.cancel(defaultNamespace, { ids: [lease.taskId] }, '', 1);
    assert.equal((await store.leases.returnUnsent([lease])).length, 0);
    assert.equal((await store.leases.returnUnsent([again]))[0]?.state, 'CANCELLED');
  });

  test('report progress, checkpoints and log lines while they stand, and not after', async () => {
    const { scene, session, lease } = await leased();
    const checkpoint = { mediaType: 'c', data: Buffer.from('half') };
    const progress = { completed: 1, total: 2, message: 'm' };
    const line = (message: string) => ({ at: 1_800_000_000_000, level: 'WARN', message }) as const;
    await store.leases.writeProgress([
      { ...lease, progress, checkpoint: null },
      { ...lease, progress: null, checkpoint },
    ]);
    await store.leases.appendLogLines([{ ...lease, lines: [line('one'), line('two')] }], 3);
    await store.leases.appendLogLines([{ ...lease, lines: [line('three'), line('four')] }], 3);
    const before = await read(scene, lease.taskId);
    assert.equal(before.progress?.message, 'm');
    assert.deepEqual(
      before.attempts[0]?.logLines.map(({ message }) => message),
      ['one', 'two', 'three'],
    );
    await store.leases.record([outcomeOf(lease, 'FAILED', 0)]);
    assert.deepEqual(
      await store.leases.writeProgress([{ ...lease, progress, checkpoint: null }]),
      [],
    );
    await store.leases.appendLogLines([{ ...lease, lines: [line('late')] }], 100);
    const [next] = await scene.claim(session, 1);
    assert.deepEqual(next?.checkpoint, checkpoint);
    const after = await read(scene, lease.taskId);
    assert.equal(after.progress, null, 'progress is of the current attempt');
    assert.equal(after.attempts[0]?.logLines.length, 3);
  });
});
