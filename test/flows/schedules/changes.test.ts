// Schedules are paused, changed, deleted, listed and looked at.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient, defineSchedule } from '@muster/sdk';
import { startCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { collect, flow } from '../../harness/flow.ts';
import { echo, firesOf, firesWhen, quick, seldom, standsAt } from './scene.ts';

const agent = { handlers: [echo], slots: 100 };

flow('changes of schedules', { agent, coordinator: quick, roles: 'together' }, (stage) => {
  const { api } = { api: () => stage.client.schedules };

  it('pause it with a note, and let it ask again from then on', async () => {
    await api().create(defineSchedule({ name: 'paused', handler: echo, every: '50ms' }));
    await firesWhen(stage, 'paused', (fires) => fires.length > 0);
    const paused = await api().pause('paused', 'until noon');
    assert.deepEqual(
      [paused.state, paused.pauseNote, paused.pausedByFailures, paused.nextTime],
      ['PAUSED', 'until noon', false, undefined],
    );
    const before = (await firesOf(stage, 'paused')).length;
    assert.equal((await api().pause('paused', 'until one')).pauseNote, 'until one');
    // So that times pass which it would have asked for.
    const moment = { ...{ name: 'meanwhile', handler: echo }, every: '50ms', limit: 6 } as const;
    await api().create(defineSchedule(moment));
    await firesWhen(stage, 'meanwhile', (fires) => fires.length === 6);
    assert.equal((await firesOf(stage, 'paused')).length, before);
    const resumed = await api().resume('paused');
    assert.deepEqual([resumed.state, resumed.pauseNote], ['ACTIVE', '']);
    const fires = await firesWhen(stage, 'paused', (fires) => fires.length > before);
    assert.ok(fires.every(({ decision }) => decision === 'FIRED'));
    const next = fires[before]?.nominalTime ?? 0;
    assert.ok(resumed.updateTime && next >= resumed.updateTime, 'from now on');
    await api().pause('paused');
  });

  it('make it paused', async () => {
    const made = defineSchedule({ name: 'made-paused', handler: echo, every: '50ms' });
    const { state, pauseNote } = await api().create(made, { pauseNote: 'not yet' });
    assert.deepEqual([state, pauseNote], ['PAUSED', 'not yet']);
    assert.ok((await api().resume('made-paused')).nextTime);
    await firesWhen(stage, 'made-paused', (fires) => fires.length > 0);
    await api().pause('made-paused');
  });

  it('count its times anew only if these are changed', async () => {
    const first = new Date(Date.now() + 3_600_000);
    await api().create(
      defineSchedule({
        ...{ name: 'retimed', handler: echo, input: 1, at: first, every: seldom },
        ...{ overlap: { rule: 'BUFFER', buffer: 2 }, failuresMax: 5, labels: { a: 'b' } },
      }),
    );
    const described = await api().update('retimed', { description: 'new', misfire: 'SKIP' });
    assert.deepEqual(
      [described.description, described.nextTime, described.misfire.rule, described.failuresMax],
      ['new', first, 'SKIP', 5],
    );
    const at = new Date(Date.now() - 60_000);
    const { nextTime, times, overlap, task } = await api().update('retimed', {
      ...{ at, every: '1h', anchorTime: at },
    });
    assert.equal(nextTime?.getTime(), at.getTime() + 3_600_000, 'what is past is not asked for');
    assert.deepEqual([times.at, times.every], [[at], '1h']);
    assert.deepEqual(
      [overlap, task.labels],
      [{ rule: 'BUFFER', running: 1, buffer: 2 }, { a: 'b' }],
    );
    assert.deepEqual(await firesOf(stage, 'retimed'), []);
    await api().pause('retimed');
    const still = await api().update('retimed', { every: '50ms' });
    assert.deepEqual([still.state, still.nextTime], ['PAUSED', undefined]);
    const { task: moved, handler } = await api().update('retimed', { handler: echo, input: 2 });
    assert.deepEqual([handler, moved.input, moved.labels], [echo.name, 2, {}]);
  });

  it('wake one that is complete', async () => {
    await api().create(defineSchedule({ name: 'woken', handler: echo, every: '50ms', limit: 1 }));
    await standsAt(stage, 'woken', 'FIRED SUCCEEDED');
    await eventually(
      () => api().get('woken'),
      ({ state }) => state === 'COMPLETED',
    );
    await api().update('woken', { every: '50ms', limit: 2 });
    await standsAt(stage, 'woken', 'FIRED SUCCEEDED', 'FIRED SUCCEEDED');
  });

  it('delete it, and one of the same name begins anew', async () => {
    const made = defineSchedule({ name: 'again', handler: echo, input: 1, every: seldom });
    const { id } = await api().create(made);
    await assert.rejects(api().create(made), { reason: 'SCHEDULE_EXISTS' });
    const { task } = await api().trigger('again');
    await api().delete('again');
    await assert.rejects(api().get('again'), { reason: 'SCHEDULE_NOT_FOUND' });
    const second = await api().create(made);
    assert.notEqual(second.id, id);
    assert.deepEqual([await firesOf(stage, 'again'), second.fires], [[], 0]);
    assert.ok(await task.result(), 'its tasks stay');
  });

  it('are foreseen, of a stored one and of one that is not', async () => {
    const zone = 'Europe/Berlin';
    const after = new Date('2026-03-27T12:00:00Z');
    const stored = { name: 'foreseen', handler: echo, cron: '30 2 * * *', zone } as const;
    await api().create(defineSchedule(stored));
    const times = ['2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'];
    const expected = times.map((time) => new Date(time));
    assert.deepEqual(await api().preview('foreseen', { count: 3, after }), expected);
    assert.deepEqual(
      await api().preview({ cron: '30 2 * * *', zone }, { count: 3, after }),
      expected,
    );
    const begun = Date.now();
    const many = await api().preview({ cron: '* * * * *' }, { count: 1_000 });
    assert.equal(many.length, 1_000);
    assert.ok((many[0]?.getTime() ?? 0) > begun - 60_000);
    assert.equal((many[999]?.getTime() ?? 0) - (many[0]?.getTime() ?? 0), 999 * 60_000);
    assert.equal((await api().preview('foreseen')).length, 10);
    const last = { at: [new Date('2099-01-01T00:00:00Z')] };
    assert.deepEqual(await api().preview(last, { count: 5 }), last.at, 'there are no more');
    assert.equal((await api().preview({ every: '1h', limit: 3 })).length, 3);
  });

  it('are seen in lists, by page and by filter', async () => {
    const names = ['list/a', 'list/b', 'list/c', 'list/d', 'list/e'];
    const made = names.map((name) =>
      defineSchedule({ name, handler: 'list.handler', every: seldom }),
    );
    await api().apply(made);
    await api().pause('list/b', 'b');
    await api().pause('list/d', 'd');
    const listed = async (options: Parameters<ReturnType<typeof api>['list']>[0]) =>
      (await collect(api().list(options))).map(({ name }) => name);
    const handler = 'list.handler';
    assert.deepEqual(await listed({ handler, pageSize: 2 }), names);
    assert.deepEqual(await listed({ handler, states: ['PAUSED'], pageSize: 1 }), [
      'list/b',
      'list/d',
    ]);
    assert.deepEqual(await listed({ handler, states: ['COMPLETED'] }), []);
    assert.deepEqual(await listed({ handler: 'list.nobody' }), []);
    assert.deepEqual(
      (await listed({})).filter((name) => name.startsWith('list/')),
      names,
    );
    const token = { handler, pageToken: 'x' };
    await assert.rejects(stage.client.services.schedules.listSchedules(token), {
      reason: 'PAGE_TOKEN_INVALID',
    });
  });

  it('leave records that are read by page and by filter', async () => {
    await api().create(defineSchedule({ name: 'records', handler: echo, input: 1, every: '1h' }));
    for (const _ of [1, 2, 3]) await api().trigger('records');
    const to = new Date(Date.now() - 3_600_000);
    const range = { from: new Date(to.getTime() - 4 * 3_600_000), to };
    assert.equal((await api().backfill('records', range)).fires.length, 4);
    const read = async (options: Parameters<ReturnType<typeof api>['fires']>[1]) =>
      collect(api().fires('records', options));
    const all = await read({ pageSize: 2 });
    assert.deepEqual(
      all.map(({ decision }) => decision),
      [...Array(3).fill('BY_HAND'), ...Array(4).fill('BACKFILLED')],
    );
    const times = all.map(({ nominalTime }) => nominalTime.getTime());
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    assert.equal((await read({ decisions: ['BY_HAND'], pageSize: 2 })).length, 3);
    assert.equal((await read({ decisions: ['BY_HAND', 'BACKFILLED'], pageSize: 5 })).length, 7);
    assert.deepEqual(await read({ decisions: ['SKIPPED_LATE'] }), []);
  });
});

describe('on both engines', { concurrency: 2 }, () => {
  eachEngine('a paused schedule', (engine) => {
    it('stays paused when its coordinator comes back, and others go on', async () => {
      const database = (await engine.freshDatabase()) ?? engine.freshFolder();
      const start = async () => {
        const coordinator = await startCoordinator(engine, { ...quick, database });
        const client = createClient({ address: coordinator.address, retryTimeout: '10s' });
        return { coordinator, client, api: client.schedules };
      };
      const first = await start();
      const made = { handler: echo, every: '50ms' } as const;
      await first.api.create(defineSchedule({ ...made, name: 'paused' }));
      await first.api.create(defineSchedule({ ...made, name: 'going' }));
      await first.api.pause('paused', 'stays so');
      const before = await firesOf(first, 'paused');
      const counted = (await first.api.get('going')).fires;
      await first.client.close();
      await first.coordinator.stop();
      const second = await start();
      await firesWhen(second, 'going', (fires) => fires.length > counted + 5);
      const { state, pauseNote } = await second.api.get('paused');
      assert.deepEqual([state, pauseNote], ['PAUSED', 'stays so']);
      assert.deepEqual(await firesOf(second, 'paused'), before);
      await second.client.close();
      await second.coordinator.stop();
    });
  });
});
