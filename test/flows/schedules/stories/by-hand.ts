// Tasks that somebody asks of a schedule out of its turn: one now, or those of a past range.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineSchedule, MusterError } from '@muster/sdk';
import { eventually } from '../../../harness/eventually.ts';
import type { Stage } from '../../../harness/flow.ts';
import {
  askSoon,
  echo,
  firesOf,
  gateOf,
  hold,
  letGo,
  outputOf,
  seldom,
  standsAt,
} from '../scene.ts';

const hourMs = 3_600_000;
const hour = (time: number) => Math.floor(time / hourMs) * hourMs;

/** What a call was refused with, as `field: description`. */
async function violationOf(calling: Promise<unknown>): Promise<string> {
  const error = await calling.then(
    () => assert.fail('It was not refused.'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof MusterError && error.reason === 'INVALID_REQUEST', String(error));
  const [{ field, description } = { field: '', description: '' }] = error.violations;
  return `${field}: ${description}`;
}

/** Tells the story. */
export function byHand(stage: Stage): void {
  describe('are asked by hand', () => {
    const { api } = { api: () => stage.client.schedules };

    it('are made now, with a record of their own', async () => {
      await api().create(defineSchedule({ name: 'now', handler: echo, input: 1, every: seldom }));
      const { fire, task } = await api().trigger<{ key: string; nominalTime: string }>('now');
      assert.deepEqual([fire.decision, fire.taskId], ['BY_HAND', task.id]);
      const nominal = fire.nominalTime.toISOString();
      const { key, nominalTime } = await task.result();
      assert.deepEqual([key, nominalTime], [`now@${nominal.replace('.000Z', 'Z')}`, nominal]);
      assert.equal((await api().get('now')).fires, 0, 'it is not counted');
    });

    it('are made of a paused and of a complete schedule, which stay so', async () => {
      const made = { handler: echo, input: 1 };
      await api().create(defineSchedule({ ...made, name: 'paused', every: '1s' }), {
        pauseNote: 'x',
      });
      await (await api().trigger('paused')).task.result();
      await api().create(defineSchedule({ ...made, name: 'complete', every: seldom }));
      await askSoon(stage, 'complete');
      await api().update('complete', { every: '50ms', limit: 1 });
      await eventually(
        () => api().get('complete'),
        ({ state }) => state === 'COMPLETED',
      );
      await (await api().trigger('complete')).task.result();
      await standsAt(stage, 'paused', 'BY_HAND SUCCEEDED');
      const states = await Promise.all(['paused', 'complete'].map((name) => api().get(name)));
      assert.deepEqual(
        states.map(({ state, nextTime }) => [state, nextTime]),
        [
          ['PAUSED', undefined],
          ['COMPLETED', undefined],
        ],
      );
    });

    it('are two if they are asked for twice in the same moment', async () => {
      await api().create(defineSchedule({ name: 'twice', handler: echo, input: 1, every: seldom }));
      const made = await Promise.all(Array.from({ length: 20 }, () => api().trigger('twice')));
      assert.equal(new Set(made.map(({ task }) => task.id)).size, 20);
      assert.equal(new Set(made.map(({ fire }) => fire.nominalTime.getTime())).size, 20);
      assert.equal((await firesOf(stage, 'twice', 'BY_HAND')).length, 20);
    });

    it('fill a range: said, done, and done once', async () => {
      await api().create(
        defineSchedule({ name: 'filled-by-hand', handler: echo, input: 1, cron: '0 * * * *' }),
      );
      const to = new Date(hour(Date.now()));
      const range = { from: new Date(to.getTime() - 5 * hourMs), to };
      const times = [5, 4, 3, 2, 1].map((ago) => to.getTime() - ago * hourMs);
      const planned = await api().backfill('filled-by-hand', { ...range, dryRun: true });
      assert.deepEqual(
        planned.fires.map(({ nominalTime, taskId }) => [nominalTime.getTime(), taskId]),
        times.map((time) => [time, undefined]),
      );
      assert.deepEqual(
        await firesOf(stage, 'filled-by-hand'),
        [],
        'nothing is stored by a dry run',
      );
      const later = { from: new Date(times[3] ?? 0), to };
      assert.equal((await api().backfill('filled-by-hand', later)).fires.length, 2);
      const { fires, present } = await api().backfill('filled-by-hand', range);
      assert.deepEqual([fires.length, present], [3, 2]);
      assert.deepEqual(await api().backfill('filled-by-hand', range), { fires: [], present: 5 });
      const all = await standsAt(stage, 'filled-by-hand', ...Array(5).fill('BACKFILLED SUCCEEDED'));
      assert.deepEqual(
        all.map(({ nominalTime }) => nominalTime.getTime()),
        times,
      );
      const { key } = await outputOf(stage, all[0]);
      assert.equal(
        key,
        `filled-by-hand@${new Date(times[0] ?? 0).toISOString().replace('.000Z', 'Z')}`,
      );
      assert.equal((await api().get('filled-by-hand')).fires, 0, 'they are not counted');
    });

    it('fill what was skipped, one after the other where the overlap is limited', async () => {
      const gate = `fill ${stage.engine.name}`;
      await api().create(
        defineSchedule({
          name: 'line',
          handler: hold,
          input: gate,
          overlap: 'SKIP',
          every: seldom,
        }),
      );
      await api().trigger('line');
      await askSoon(stage, 'line', [0, 30]);
      await standsAt(stage, 'line', 'BY_HAND RUNNING', 'SKIPPED_OVERLAP -', 'SKIPPED_OVERLAP -');
      const [, first, second] = await firesOf(stage, 'line');
      assert.ok(first && second);
      const range = { from: first.nominalTime, to: new Date(second.nominalTime.getTime() + 1) };
      const { fires } = await api().backfill('line', range);
      assert.deepEqual(
        fires.map(({ decision }) => decision),
        ['BUFFERED', 'BUFFERED'],
      );
      assert.deepEqual(await api().backfill('line', range), { fires: [], present: 2 });
      for (const run of [1, 2, 3]) {
        await eventually(
          () => gateOf(gate).begun,
          (begun) => begun === run,
        );
        letGo(gate);
      }
      const done = ['BY_HAND SUCCEEDED', 'BACKFILLED SUCCEEDED', 'BACKFILLED SUCCEEDED'];
      const filled = await standsAt(stage, 'line', ...done);
      const tasks = await Promise.all(filled.map(({ taskId }) => stage.client.get(taskId ?? '')));
      for (const [at, { leaseTime }] of tasks.entries())
        assert.ok(
          at === 0 || (leaseTime ?? 0) >= (tasks[at - 1]?.endTime ?? 0),
          'never two at once',
        );
    });

    it('are refused for a range that cannot be filled', async () => {
      const made = { handler: echo, input: 1 };
      await api().create(defineSchedule({ ...made, name: 'often', cron: '* * * * * *' }));
      await api().create(defineSchedule({ ...made, name: 'ends', afterEnd: '1d' }));
      const now = Date.now();
      const ago = (ms: number) => new Date(now - ms);
      const over = api().backfill('often', { from: ago(3_000_000), to: ago(1_000_000) });
      const after = new Date(
        Math.ceil((now - 3_000_000) / 1_000) * 1_000 + 1_000_000,
      ).toISOString();
      const text = `range.end_time: leaves more than 1000 nominal times; end it at ${after}, and go on from there`;
      assert.equal(await violationOf(over), text);
      const end = Math.ceil((now - 3_000_000) / 1_000) * 1_000 + 1_000_000;
      const fits = { from: ago(3_000_000), to: new Date(end), dryRun: true };
      assert.equal((await api().backfill('often', fits)).fires.length, 1_000);

      const future = api().backfill('often', { from: ago(1_000), to: ago(-hourMs) });
      assert.match(await violationOf(future), /^range\.end_time: is .*Z, which is to come: it is /);
      const old = api().backfill('often', { from: ago(8 * 24 * hourMs), to: new Date() });
      assert.match(
        await violationOf(old),
        /^range\.start_time: .* \(setting fire-retention-window\)/,
      );
      const before = { from: ago(9 * 24 * hourMs), to: ago(9 * 24 * hourMs - 2_000), dryRun: true };
      assert.equal((await api().backfill('often', before)).fires.length, 2);
      const none = api().backfill('ends', { from: ago(10_000), to: ago(5_000) });
      assert.match(await violationOf(none), /^name: is "ends", which counts from the ends/);
      assert.deepEqual(await firesOf(stage, 'ends'), []);
    });

    it('are refused of a schedule that is not there', async () => {
      await api().create(defineSchedule({ name: 'report/daily', handler: echo, every: seldom }));
      const calls = [
        () => api().trigger('report/dayly'),
        () => api().backfill('report/dayly', { from: new Date(0), to: new Date(1) }),
        () => api().pause('report/dayly'),
        () => api().update('report/dayly', { description: 'x' }),
        () => api().delete('report/dayly'),
      ];
      for (const call of calls)
        await assert.rejects(call(), (error: MusterError) => {
          assert.deepEqual(
            [error.reason, error.metadata.nearest_schedule],
            ['SCHEDULE_NOT_FOUND', 'report/daily'],
          );
          return true;
        });
    });
  });
}
