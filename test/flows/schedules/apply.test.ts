// Many schedules in one call: each becomes as it is written, all or none.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ScheduleSpec } from '@muster/proto';
import { refusal } from '../api/raw-client.ts';
import { apiSuite } from '../api/suite.ts';

const many = 10_000;
const nameOf = (at: number) => `many/${String(at).padStart(5, '0')}`;

const plain = (name: string, changes: ScheduleSpec = {}): ScheduleSpec => ({
  ...{ name, timing: { cron: ['0 3 * * *'], dialect: 'CRON_DIALECT_UNIX' } },
  task: { handler: 'apply.plain' },
  ...changes,
});

/** With a value wherever there may be one. */
const full = (name: string): ScheduleSpec => ({
  ...{ name, description: 'Für alle: 🙂', failuresMax: 3 },
  timing: {
    ...{ cron: ['0 3 * * *', '@weekly'], dialect: 'CRON_DIALECT_UNIX', zone: 'Europe/Berlin' },
    ...{ rateInterval: { seconds: 90 }, anchorTime: { seconds: 7 }, firesMax: 1_000_000 },
    ...{ runTimes: [{ seconds: 4_000_000_000, nanos: 5_000_000 }], jitterWindow: { seconds: 9 } },
    ...{ clockChanges: 'CLOCK_CHANGE_RULE_BOTH', startTime: { seconds: 1_000 } },
    ...{ endTime: { seconds: 5_000_000_000 }, excludedDates: ['2031-12-25', '2031-01-01'] },
    excludedRanges: [{ startTime: { seconds: 1 }, endTime: { seconds: 2 } }],
  },
  task: {
    ...{ handler: 'apply.full', inputIsTemplate: true, priority: -7, atMostOnce: false },
    input: { mediaType: 'application/json', data: Buffer.from('{"k":{{key}}}') },
    retry: { maxAttempts: 4, initialDelay: { seconds: 2 }, nonRetryableErrors: ['A', 'B'] },
    ...{
      attemptTimeout: { seconds: 5 },
      totalTimeout: { seconds: 50 },
      labels: { b: '2', a: '1' },
    },
  },
  misfire: {
    ...{ rule: 'MISFIRE_RULE_ALL', allMax: 7, lateWindow: { seconds: 5 } },
    ...{ catchUpWindow: { seconds: 3_600 }, startDeadlineTimeout: { seconds: 60 } },
  },
  overlap: { rule: 'OVERLAP_RULE_BUFFER', runningMax: 2, bufferMax: 5 },
});

apiSuite('applying schedules', [], (stage) => {
  const apply = (specs: ScheduleSpec[], validateOnly = false) =>
    stage.clients.schedules('ApplySchedules', { specs, validateOnly });
  const listed = async (prefix: string) => {
    // The 10,000 have a handler of their own: beside them a page would not hold the others.
    const handlers = ['apply.full', 'apply.plain', 'apply.many'];
    const pages = await Promise.all(
      handlers.map((handler) => stage.clients.schedules('ListSchedules', { handler })),
    );
    return pages
      .flatMap(({ schedules }) => schedules)
      .filter(({ spec }) => spec?.name.startsWith(prefix));
  };
  const actionsOf = (answer: Awaited<ReturnType<typeof apply>>) =>
    new Set(answer.schedules.map(({ action }) => action.replace('APPLY_ACTION_', '')));

  it('makes 10,000 in one call, and nothing of them if one is wrong', async () => {
    const task = { handler: 'apply.many' };
    const specs = Array.from({ length: many }, (_, at) => plain(nameOf(at), { task }));
    const fieldsOf = async (...wrong: readonly (readonly [number, string])[]) => {
      const bad = specs.slice();
      for (const [at, cron] of wrong)
        bad[at] = plain(nameOf(at), {
          task,
          timing: { cron: [cron], dialect: 'CRON_DIALECT_UNIX' },
        });
      const { reason, violations } = await refusal(apply(bad));
      assert.equal(reason, 'INVALID_REQUEST');
      return violations.map(({ field }) => field);
    };
    // That it never asks is seen when all others are ready to be written.
    assert.deepEqual(await fieldsOf([7_777, '0 0 30 2 *']), ['specs[7777].timing.cron[0]']);
    assert.deepEqual(await listed('many/'), [], 'none is stored');

    const made = await apply(specs);
    assert.deepEqual([made.schedules.length, actionsOf(made)], [many, new Set(['CREATED'])]);
    assert.equal(made.schedules[4_321]?.name, nameOf(4_321), 'in the order of the request');
    assert.deepEqual(
      made.unservedHandlers.map(({ handler }) => handler),
      ['apply.many'],
    );
    assert.deepEqual(actionsOf(await apply(specs)), new Set(['UNCHANGED']));
  });

  it('refuses more than 10,000', async () => {
    const { violations } = await refusal(apply(Array(many + 1).fill(plain('more'))));
    const [{ field, description } = { field: '', description: '' }] = violations;
    assert.equal(
      `${field} ${description}`,
      `specs has 10001 schedules; 1 to 10000 are allowed in one call`,
    );
  });

  it('finds a schedule unchanged, whatever it says', async () => {
    assert.deepEqual(actionsOf(await apply([full('full/a')])), new Set(['CREATED']));
    assert.deepEqual(actionsOf(await apply([full('full/a')])), new Set(['UNCHANGED']));
    const [stored] = await listed('full/a');
    const { labels, ...task } = full('full/a').task ?? {};
    const reordered = { ...full('full/a'), task: { ...task, labels: { a: '1', b: '2' } } };
    assert.deepEqual(actionsOf(await apply([reordered])), new Set(['UNCHANGED']));
    assert.deepEqual(actionsOf(await apply([stored?.spec ?? {}])), new Set(['UNCHANGED']));
    const [seen] = await listed('full/a');
    assert.deepEqual(seen?.updateTime, stored?.updateTime);
  });

  it('says what it changes, and with validate_only does not', async () => {
    const before = full('says/a');
    await apply([before]);
    const [stored] = await listed('says/a');
    const after = {
      ...before,
      ...{ description: '', failuresMax: 0, overlap: null },
      misfire: { ...before.misfire, allMax: 8 },
      task: { ...before.task, input: null, inputIsTemplate: false },
      timing: { ...before.timing, zone: 'UTC' },
    };
    for (const validateOnly of [true, false]) {
      const { schedules } = await apply([after, plain('says/b')], validateOnly);
      const [updated, created] = schedules;
      assert.deepEqual(
        [updated?.action, created?.action],
        ['APPLY_ACTION_UPDATED', 'APPLY_ACTION_CREATED'],
      );
      assert.deepEqual(updated?.changedFields, [
        ...['description', 'timing', 'task', 'misfire', 'overlap', 'failures_max'],
      ]);
      assert.deepEqual(updated?.specBefore, stored?.spec);
      const now = await listed('says/');
      if (validateOnly) assert.deepEqual(now, [stored], 'nothing is stored');
      else assert.deepEqual([now.length, now[0]?.spec?.timing?.zone], [2, 'UTC']);
    }
    for (const [field, change] of [
      ['description', { description: 'x' }],
      ['timing', { timing: { rateInterval: { seconds: 60 } } }],
      ['task', { task: { handler: 'apply.other' } }],
      ['misfire', { misfire: { rule: 'MISFIRE_RULE_SKIP' } }],
      ['overlap', { overlap: { rule: 'OVERLAP_RULE_SKIP' } }],
      ['failures_max', { failuresMax: 1 }],
    ] as const) {
      const { schedules } = await apply([plain('says/b', change as ScheduleSpec)], true);
      assert.deepEqual(schedules[0]?.changedFields, [field]);
    }
  });

  it('leaves what is paused as it is, and what is not named', async () => {
    await apply([plain('left/a'), plain('left/b')]);
    await stage.clients.schedules('PauseSchedule', { name: 'left/a', note: 'for now' });
    const timing = { rateInterval: { seconds: 60 } };
    await apply([plain('left/a', { timing })]);
    const [paused, other] = await listed('left/');
    assert.deepEqual(
      [paused?.state, paused?.pauseNote, paused?.nextTime, other?.state],
      ['SCHEDULE_STATE_PAUSED', 'for now', null, 'SCHEDULE_STATE_ACTIVE'],
    );
    assert.deepEqual(paused?.spec?.timing?.rateInterval, { seconds: 60, nanos: 0 });
  });

  it('refuses a name that is there twice, and no schedule at all', async () => {
    const twice = await refusal(apply([plain('twice'), plain('once'), plain('twice')]));
    const said = twice.violations.map(({ field, description }) => `${field} ${description}`);
    assert.deepEqual(said, ['specs[2].name is "twice", as that of specs[0] is']);
    assert.deepEqual(await listed('twice'), []);
    const { violations } = await refusal(apply([]));
    assert.match(violations[0]?.description ?? '', /has 0 schedules; 1 to 10000 are allowed/);
  });

  it('at the same time by several callers works for all of them', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `race/${at}`);
    const orders = [names, names.toReversed(), names.toSorted()];
    const answers = await Promise.all(
      orders.map((order, caller) =>
        apply(
          order.map((name) =>
            plain(name, {
              task: { handler: 'apply.race' },
              description: caller === 2 ? 'two' : 'one',
            }),
          ),
        ),
      ),
    );
    const made = answers.flatMap(({ schedules }) =>
      schedules.filter(({ action }) => action === 'APPLY_ACTION_CREATED'),
    );
    assert.equal(made.length, names.length, 'each is made by one of them');
    assert.equal(new Set(made.map(({ name }) => name)).size, names.length);
    const creates = await Promise.allSettled(
      [1, 2, 3].map(() => stage.clients.schedules('CreateSchedule', { spec: plain('race') })),
    );
    assert.equal(creates.filter(({ status }) => status === 'fulfilled').length, 1);
  });
});
