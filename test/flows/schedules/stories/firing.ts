// Schedules ask for their tasks: once for each nominal time, with what the handler needs to know about it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineSchedule, type Fire } from '@muster/sdk';
import { eventually } from '../../../harness/eventually.ts';
import type { Stage } from '../../../harness/flow.ts';
import {
  echo,
  fail,
  firesOf,
  firesWhen,
  gateOf,
  hold,
  inTime,
  letGo,
  outputOf,
  seldom,
  standsAt,
} from '../scene.ts';

const count = (least: number) => (fires: readonly Fire[]) => fires.length >= least;
const timesOf = (fires: readonly Fire[]) => fires.map(({ nominalTime }) => nominalTime.getTime());
const utc = (time: Date | undefined) => time?.toISOString().replace('.000Z', 'Z');

/** Tells the story. */
export function firing(stage: Stage): void {
  describe('fire', () => {
    const { client } = { client: () => stage.client.schedules };

    it('once for each nominal time, and are complete after so many', async () => {
      await client().create(
        defineSchedule({
          ...{ name: 'each-second', handler: echo, input: { a: 1 } },
          ...{ cron: '* * * * * *', limit: 2 },
        }),
      );
      const fires = await standsAt(stage, 'each-second', 'FIRED SUCCEEDED', 'FIRED SUCCEEDED');
      const [first = 0, second = 0] = timesOf(fires);
      assert.deepEqual([first % 1_000, second - first], [0, 1_000]);
      const { state, nextTime, fires: counted } = await client().get('each-second');
      assert.deepEqual([state, nextTime, counted], ['COMPLETED', undefined, 2]);
      assert.ok(fires.every(({ latenessMs }) => latenessMs >= 0));
    });

    it('with the nominal time and a key for the handler', async () => {
      const made = defineSchedule({
        ...{ name: 'told', handler: echo, input: { a: 1 }, every: '1s', limit: 1 },
      });
      await client().create(made);
      const [fire] = await standsAt(stage, 'told', 'FIRED SUCCEEDED');
      const said = await outputOf(stage, fire);
      assert.deepEqual(said, {
        input: { a: 1 },
        key: `told@${utc(fire?.nominalTime)}`,
        nominalTime: fire?.nominalTime.toISOString(),
      });
    });

    it('with an input that knows its time, and what the one before returned', async () => {
      const template =
        '[{{nominal_time}},{{local_time}},{{local_date}},{{schedule}},{{key}},{{previous_output}}]';
      await client().create(
        defineSchedule({
          ...{ name: 'filled', handler: echo, inputTemplate: template, zone: 'Asia/Kathmandu' },
          ...{ every: seldom },
        }),
      );
      await client().trigger('filled');
      const [first] = await standsAt(stage, 'filled', 'BY_HAND SUCCEEDED');
      const before = await outputOf(stage, first);
      await client().trigger('filled');
      const [, second] = await standsAt(
        ...([stage, 'filled', 'BY_HAND SUCCEEDED', 'BY_HAND SUCCEEDED'] as const),
      );
      const { nominalTime } = second ?? {};
      const wall = new Date((nominalTime?.getTime() ?? 0) + 345 * 60_000).toISOString();
      assert.deepEqual((before.input as unknown[]).at(-1), null);
      assert.deepEqual((await outputOf(stage, second)).input, [
        utc(nominalTime),
        `${wall.replace('.000Z', 'Z').slice(0, -1)}+05:45`,
        wall.slice(0, 10),
        'filled',
        `filled@${utc(nominalTime)}`,
        before,
      ]);
    });

    it('with the output of the newest success, be it nothing', async () => {
      await client().create(
        defineSchedule({
          ...{ name: 'no-output', handler: echo, inputTemplate: '{{previous_output}}' },
          ...{ every: seldom },
        }),
      );
      await (await client().trigger('no-output')).task.result();
      await client().update('no-output', { handler: hold, input: `silent ${stage.engine.name}` });
      const silent = await client().trigger('no-output');
      await eventually(() => gateOf(`silent ${stage.engine.name}`).begun === 1);
      letGo(`silent ${stage.engine.name}`);
      await silent.task.result();
      await client().update('no-output', { handler: echo, inputTemplate: '{{previous_output}}' });
      const { fire } = await client().trigger('no-output');
      assert.equal((await outputOf(stage, fire)).input, null);
    });

    it('with the options of the task', async () => {
      await client().create(
        defineSchedule({
          ...{ name: 'options', handler: 'nobody.serves', every: seldom, priority: 7 },
          ...{ labels: { team: 'red' }, totalTimeout: '2h', timeout: '9s', atMostOnce: true },
          ...{ retry: { maxAttempts: 4 }, misfire: { startDeadline: '1h' } },
        }),
      );
      const { task } = await client().trigger('options');
      const stored = await task.get('full');
      const after = (time: Date | undefined) =>
        Math.round(((time?.getTime() ?? 0) - (stored.createTime?.getTime() ?? 0)) / 60_000);
      assert.deepEqual(
        [stored.handler, stored.priority, stored.labels, stored.state],
        ['nobody.serves', 7, { team: 'red' }, 'READY'],
      );
      assert.deepEqual([after(stored.deadlineTime), after(stored.expireTime)], [120, 60]);
      const { task: told } = await client().get('options');
      assert.deepEqual(
        [told.priority, told.retry, told.timeout, told.totalTimeout, told.atMostOnce, told.labels],
        [7, { maxAttempts: 4 }, '9s', '2h', true, { team: 'red' }],
      );
    });

    it('tasks that are retried as the schedule says', async () => {
      const retry = { maxAttempts: 3, initialDelay: '0s', jitter: 0 } as const;
      await client().create(
        defineSchedule({ name: 'retried', handler: fail, every: seldom, retry }),
      );
      const { task } = await client().trigger('retried');
      const ended = await eventually(
        () => task.get('full'),
        ({ state }) => state === 'FAILED',
      );
      assert.equal(ended.attempts.length, 3);
    });

    it('at single moments, those that are to come', async () => {
      const at = await inTime(async (awayMs) => {
        const at = [new Date(Date.now() - 60_000), new Date(Date.now() + awayMs)];
        await client().create(defineSchedule({ name: 'one-shot', handler: echo, at }));
        return at;
      });
      const [fire] = await standsAt(stage, 'one-shot', 'FIRED SUCCEEDED');
      assert.deepEqual(fire?.nominalTime, at[1]);
      assert.equal((await client().get('one-shot')).state, 'COMPLETED');
    });

    it('at a rate that is aligned to its anchor', async () => {
      const anchorTime = new Date('2026-01-01T00:00:00.123Z');
      await client().create(
        defineSchedule({ name: 'rate', handler: echo, every: '300ms', anchorTime, limit: 3 }),
      );
      const times = timesOf(await firesWhen(stage, 'rate', count(3)));
      assert.deepEqual(
        new Set(times.map((time) => (time - anchorTime.getTime()) % 300)),
        new Set([0]),
      );
      assert.equal((times[2] ?? 0) - (times[0] ?? 0), 600);
    });

    it('at a rate whose start lies in the past', async () => {
      const startTime = new Date('2026-01-01T00:00:00.250Z');
      await client().create(
        defineSchedule({ name: 'past', handler: echo, every: '400ms', startTime, limit: 1 }),
      );
      const [fire] = await firesWhen(stage, 'past', count(1));
      assert.equal(((fire?.nominalTime.getTime() ?? 0) - startTime.getTime()) % 400, 0);
      assert.equal(fire?.decision, 'FIRED', 'nothing before it was made is late');
    });

    it('so long after the end of the one before, failed or not', async () => {
      const gate = `after end ${stage.engine.name}`;
      await client().create(
        defineSchedule({ name: 'after-end', handler: hold, input: gate, afterEnd: '200ms' }),
      );
      await eventually(() => gateOf(gate).begun === 1);
      const { nextTime, state } = await client().get('after-end');
      assert.deepEqual([nextTime, state], [undefined, 'ACTIVE'], 'it waits for the end');
      letGo(gate);
      await eventually(() => gateOf(gate).begun === 2);
      await client().pause('after-end');
      const [first, second] = await firesOf(stage, 'after-end');
      const { endTime } = await stage.client.get(first?.taskId ?? '');
      assert.equal((second?.nominalTime.getTime() ?? 0) - (endTime?.getTime() ?? 0), 200);
      letGo(gate);

      await client().create(
        defineSchedule({ name: 'after-failure', handler: fail, afterEnd: '100ms', limit: 3 }),
      );
      await standsAt(stage, 'after-failure', ...Array(3).fill('FIRED FAILED'));
    });

    it('so long after the end, also when a time was given up', async () => {
      // The first moment is past its deadline before anybody can look.
      const misfire = { startDeadline: '1ms' } as const;
      await client().create(
        defineSchedule({ name: 'given-up', handler: echo, afterEnd: '100ms', misfire }),
      );
      await firesWhen(stage, 'given-up', count(3));
      assert.equal((await client().pause('given-up')).state, 'PAUSED');
    });

    it('delayed by chance, within the window', async () => {
      await client().create(
        defineSchedule({
          name: 'jitter',
          handler: echo,
          every: '100ms',
          jitter: '500ms',
          limit: 8,
        }),
      );
      const fires = await firesWhen(stage, 'jitter', count(8));
      const delays = fires.map(
        ({ decideTime, latenessMs, nominalTime }) =>
          (decideTime?.getTime() ?? 0) - latenessMs - nominalTime.getTime(),
      );
      assert.ok(
        delays.every((delay) => delay >= 0 && delay < 500),
        delays.join(),
      );
      assert.ok(new Set(delays).size > 4, delays.join());
    });

    it('until their end', async () => {
      const [first, end] = await inTime(async (awayMs) => {
        const anchorTime = new Date();
        const endTime = new Date(anchorTime.getTime() + awayMs);
        const made = { name: 'ending', handler: echo, every: '300ms' } as const;
        await client().create(defineSchedule({ ...made, anchorTime, endTime }));
        return [anchorTime.getTime(), endTime.getTime()];
      });
      await eventually(
        () => client().get('ending'),
        ({ state }) => state === 'COMPLETED',
      );
      const times = timesOf(await firesOf(stage, 'ending'));
      assert.equal(times.at(-1), (end ?? 0) - 300, 'the end itself counts no more');
      assert.ok(times.every((time) => time > (first ?? 0)));
    });

    it('but on days and in stretches that are left out', async () => {
      const now = Math.floor(Date.now() / 1_000) * 1_000;
      const day = (away: number) => new Date(now + away * 86_400_000).toISOString().slice(0, 10);
      const excludeDates = [day(1), day(2)];
      const from = new Date(`${day(3)}T00:00:00Z`);
      const excludeRanges = [{ from, to: new Date(`${day(3)}T18:00:00Z`) }];
      await client().create(
        defineSchedule({
          ...{
            name: 'left-out',
            handler: echo,
            cron: '0 12,20 * * *',
            excludeDates,
            excludeRanges,
          },
        }),
      );
      const after = new Date(`${day(1)}T00:00:00Z`);
      assert.deepEqual((await client().preview('left-out', { count: 2, after })).map(utc), [
        `${day(3)}T20:00:00Z`,
        `${day(4)}T12:00:00Z`,
      ]);

      const soon = { from: new Date(now), to: new Date(now + 2_000) };
      await client().create(
        defineSchedule({
          ...{ name: 'range', handler: echo, every: '500ms', anchorTime: new Date(now), limit: 1 },
          excludeRanges: [soon],
        }),
      );
      const [fire] = await firesWhen(stage, 'range', count(1));
      assert.ok((fire?.nominalTime.getTime() ?? 0) >= now + 2_000);
    });
  });
}
