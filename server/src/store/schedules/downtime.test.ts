/**
 * Six hours without a coordinator, over both changes of the clock of 2026 in Berlin: what every misfire policy makes of them.
 *
 * In spring the clock goes at 01:00 UTC from 02:00 to 03:00, in autumn at 01:00 UTC from 03:00 back to 02:00. All times here
 * are written by hand, in UTC. `A-B xN` is one record that stands for N late times, from A to B.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../../test/harness/engines.ts';
import type { ClockChangeRule } from '../../rules/calendar/cron-times.ts';
import type { MisfirePolicy } from '../../rules/schedule/schedule.ts';
import { openStore } from '../open.ts';
import { createScene, defaultNamespace } from '../scene/scene.ts';
import type { Store } from '../store.ts';
import { decideAt, type SceneSchedule, storeDue } from './schedules-scene.ts';

const hourMs = 3_600_000;

const policies: Readonly<Record<string, Partial<MisfirePolicy>>> = {
  once: { rule: 'ONCE' },
  all: { rule: 'ALL' },
  'all, two': { rule: 'ALL', allMax: 2 },
  skip: { rule: 'SKIP' },
  'once, 2.5 h': { rule: 'ONCE', catchUpMs: 2.5 * hourMs },
  'all, 2.5 h': { rule: 'ALL', catchUpMs: 2.5 * hourMs },
  'all, to start in 2 h': { rule: 'ALL', startDeadlineMs: 2 * hourMs },
};

type Case = {
  readonly title: string;
  readonly cron: string;
  readonly rules: readonly ClockChangeRule[];
  readonly next: string;
  readonly now: string;
  /** Records by policy, oldest first, and the next time after them. */
  readonly expected: Readonly<Record<keyof typeof policies, string>>;
  readonly after: string;
};

const [daily, hourly] = ['30 2 * * *', '0 * * * *'];
const spring = { now: '2026-03-29T03:59:30Z' };
const autumn = { now: '2026-10-25T03:59:30Z' };

const cases: readonly Case[] = [
  {
    ...{ title: 'daily in spring, moved to the end of the gap', cron: daily, ...spring },
    ...{ rules: ['DEFAULT', 'SHIFT'], next: '2026-03-29T01:00Z', after: '2026-03-30T00:30Z' },
    expected: {
      once: '01:00 CAUGHT_UP',
      all: '01:00 CAUGHT_UP',
      'all, two': '01:00 CAUGHT_UP',
      skip: '01:00 SKIPPED_LATE x1',
      'once, 2.5 h': '01:00 SKIPPED_LATE x1',
      'all, 2.5 h': '01:00 SKIPPED_LATE x1',
      'all, to start in 2 h': '01:00 SKIPPED_LATE',
    },
  },
  {
    ...{ title: 'daily in spring, left out', cron: daily, ...spring },
    ...{ rules: ['SKIP', 'BOTH'], next: '2026-03-30T00:30Z', after: '2026-03-30T00:30Z' },
    expected: {
      ...{ once: '', all: '', 'all, two': '', skip: '', 'once, 2.5 h': '' },
      ...{ 'all, 2.5 h': '', 'all, to start in 2 h': '' },
    },
  },
  {
    ...{ title: 'hourly in spring', cron: hourly, ...spring },
    rules: ['DEFAULT', 'SKIP', 'SHIFT', 'BOTH'],
    ...{ next: '2026-03-28T22:00Z', after: '2026-03-29T04:00Z' },
    expected: {
      once: '22:00-02:00 SKIPPED_LATE x5, 03:00 CAUGHT_UP',
      all: '22:00 CAUGHT_UP, 23:00 CAUGHT_UP, 00:00 CAUGHT_UP, 01:00 CAUGHT_UP, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      'all, two': '22:00-01:00 SKIPPED_LATE x4, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      skip: '22:00-03:00 SKIPPED_LATE x6',
      'once, 2.5 h': '22:00-02:00 SKIPPED_LATE x5, 03:00 CAUGHT_UP',
      'all, 2.5 h': '22:00-01:00 SKIPPED_LATE x4, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      'all, to start in 2 h':
        '22:00 SKIPPED_LATE, 23:00 SKIPPED_LATE, 00:00 SKIPPED_LATE, 01:00 SKIPPED_LATE, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
    },
  },
  {
    ...{ title: 'daily in autumn, the first of two', cron: daily, ...autumn },
    rules: ['DEFAULT', 'SKIP', 'SHIFT'],
    ...{ next: '2026-10-25T00:30Z', after: '2026-10-26T01:30Z' },
    expected: {
      once: '00:30 CAUGHT_UP',
      all: '00:30 CAUGHT_UP',
      'all, two': '00:30 CAUGHT_UP',
      skip: '00:30 SKIPPED_LATE x1',
      'once, 2.5 h': '00:30 SKIPPED_LATE x1',
      'all, 2.5 h': '00:30 SKIPPED_LATE x1',
      'all, to start in 2 h': '00:30 SKIPPED_LATE',
    },
  },
  {
    ...{ title: 'daily in autumn, both of two', cron: daily, ...autumn },
    ...{ rules: ['BOTH'], next: '2026-10-25T00:30Z', after: '2026-10-26T01:30Z' },
    expected: {
      once: '00:30 SKIPPED_LATE x1, 01:30 CAUGHT_UP',
      all: '00:30 CAUGHT_UP, 01:30 CAUGHT_UP',
      'all, two': '00:30 CAUGHT_UP, 01:30 CAUGHT_UP',
      skip: '00:30-01:30 SKIPPED_LATE x2',
      'once, 2.5 h': '00:30 SKIPPED_LATE x1, 01:30 CAUGHT_UP',
      'all, 2.5 h': '00:30 SKIPPED_LATE x1, 01:30 CAUGHT_UP',
      'all, to start in 2 h': '00:30 SKIPPED_LATE, 01:30 SKIPPED_LATE',
    },
  },
  {
    ...{ title: 'hourly in autumn, each hour', cron: hourly, ...autumn },
    ...{ rules: ['DEFAULT', 'BOTH'], next: '2026-10-24T22:00Z', after: '2026-10-25T04:00Z' },
    expected: {
      once: '22:00-02:00 SKIPPED_LATE x5, 03:00 CAUGHT_UP',
      all: '22:00 CAUGHT_UP, 23:00 CAUGHT_UP, 00:00 CAUGHT_UP, 01:00 CAUGHT_UP, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      'all, two': '22:00-01:00 SKIPPED_LATE x4, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      skip: '22:00-03:00 SKIPPED_LATE x6',
      'once, 2.5 h': '22:00-02:00 SKIPPED_LATE x5, 03:00 CAUGHT_UP',
      'all, 2.5 h': '22:00-01:00 SKIPPED_LATE x4, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      'all, to start in 2 h':
        '22:00 SKIPPED_LATE, 23:00 SKIPPED_LATE, 00:00 SKIPPED_LATE, 01:00 SKIPPED_LATE, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
    },
  },
  {
    ...{ title: 'hourly in autumn, the repeated hour once', cron: hourly, ...autumn },
    ...{ rules: ['SKIP', 'SHIFT'], next: '2026-10-24T22:00Z', after: '2026-10-25T04:00Z' },
    expected: {
      once: '22:00-02:00 SKIPPED_LATE x4, 03:00 CAUGHT_UP',
      all: '22:00 CAUGHT_UP, 23:00 CAUGHT_UP, 00:00 CAUGHT_UP, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      'all, two': '22:00-00:00 SKIPPED_LATE x3, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      skip: '22:00-03:00 SKIPPED_LATE x5',
      'once, 2.5 h': '22:00-02:00 SKIPPED_LATE x4, 03:00 CAUGHT_UP',
      'all, 2.5 h': '22:00-00:00 SKIPPED_LATE x3, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
      'all, to start in 2 h':
        '22:00 SKIPPED_LATE, 23:00 SKIPPED_LATE, 00:00 SKIPPED_LATE, 02:00 CAUGHT_UP, 03:00 CAUGHT_UP',
    },
  },
];

const minuteOf = (time: number) => new Date(time).toISOString().slice(11, 16);

eachEngine('six hours without a coordinator', (engine) => {
  let store: Store;
  before(async () => {
    store = await openStore({ database: engine.databaseUrl ?? 'memory', migrate: true });
  });
  after(() => store.close());

  for (const { title, cron, rules, next, now, expected, after: nextAfter } of cases)
    test(title, async () => {
      const { handlerId } = await createScene(store);
      const schedules = rules.flatMap((clockChanges) =>
        Object.entries(policies).map(([policy, misfire]): SceneSchedule => {
          const timing = { cron: [cron], zone: 'Europe/Berlin', clockChanges };
          const name = `${title}/${clockChanges}/${policy}`;
          return { name, timing, misfire, nextAt: Date.parse(next) };
        }),
      );
      const ids = await storeDue(store, handlerId, schedules);
      const moment = Date.parse(now);
      const report = await store.schedules.takeTurns(1_000, 10_000, decideAt(moment));
      assert.equal(report.turns.length, schedules.length);
      for (const [name, scheduleId] of ids) {
        const { fires } = await store.schedules.fires({
          ...{ scheduleId, decisions: [], before: null, limit: 100 },
        });
        const said = fires
          .toReversed()
          .map(({ nominalAt, decision, lastNominalAt, skipped, taskId }) => {
            assert.equal(taskId !== null, decision === 'CAUGHT_UP', 'a task, or none');
            const until = lastNominalAt === null ? '' : `-${minuteOf(lastNominalAt)}`;
            const many = skipped === 0 ? '' : ` x${skipped}`;
            return `${minuteOf(nominalAt)}${until} ${decision}${many}`;
          });
        const policy = name.split('/')[2] ?? '';
        assert.equal(said.join(', '), expected[policy], name);
        const stored = await store.schedules.get(defaultNamespace, name);
        assert.equal(stored?.nextAt, Date.parse(nextAfter), name);
      }
      const again = await store.schedules.takeTurns(1_000, 10_000, decideAt(moment));
      assert.deepEqual(again.tasks, [], 'a turn that is taken once more makes nothing');
      // By today's clock they are due for ever.
      for (const name of ids.keys()) await store.schedules.delete(defaultNamespace, name);
    });
});
