// Schedules and tasks that fail: they pause themselves, and go on where they should.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineHandler, defineSchedule } from '@muster/sdk';
import { eventually } from '../../../harness/eventually.ts';
import type { Stage } from '../../../harness/flow.ts';
import { askSoon, fail, firesOf, firesWhen, seldom, standsAt } from '../scene.ts';

const failing = new Set<string>();

/** Fails while its word is in the set. */
export const flaky = defineHandler({
  name: 'schedules.flaky',
  retry: { maxAttempts: 1 },
  run(word: string) {
    if (failing.has(word)) throw new Error('not now');
  },
});

/** Tells the story. */
export function failures(stage: Stage): void {
  describe('with failures', () => {
    const { api } = { api: () => stage.client.schedules };
    const pausedBy = (name: string) =>
      eventually(
        () => api().get(name),
        ({ state }) => state === 'PAUSED',
      );
    const failuresOf = (name: string, count: number) =>
      eventually(
        () => api().get(name),
        ({ failures }) => failures === count,
      );

    it('pause it after so many in a row, and it says why', async () => {
      await api().create(
        defineSchedule({ name: 'three', handler: fail, afterEnd: '100ms', failuresMax: 3 }),
      );
      const { pausedByFailures, pauseNote, failures, nextTime } = await pausedBy('three');
      assert.deepEqual([pausedByFailures, nextTime, failures], [true, undefined, 3]);
      const ids = (await firesOf(stage, 'three')).map(({ taskId }) => taskId);
      const [, id] =
        /^\d+ of its tasks in a row have failed, the last one is (.+)\.$/.exec(pauseNote) ?? [];
      assert.ok(ids.includes(id), pauseNote);
      const resumed = await api().resume('three');
      assert.deepEqual(
        [resumed.state, resumed.pausedByFailures, resumed.pauseNote, resumed.failures],
        ['ACTIVE', false, '', 0],
      );
      await firesWhen(stage, 'three', (fires) => fires.length === 6);
      await pausedBy('three');
    });

    it('are forgotten after a success', async () => {
      const word = `reset ${stage.engine.name}`;
      const made = { handler: flaky, input: word, every: seldom, failuresMax: 3 } as const;
      await api().create(defineSchedule({ ...made, name: 'reset' }));
      failing.add(word);
      await api().trigger('reset');
      await failuresOf('reset', 1);
      await api().trigger('reset');
      await failuresOf('reset', 2);
      failing.delete(word);
      await api().trigger('reset');
      await failuresOf('reset', 0);
      failing.add(word);
      await api().trigger('reset');
      const { state } = await failuresOf('reset', 1);
      assert.equal(state, 'ACTIVE');
    });

    it('are not made by tasks that somebody cancelled', async () => {
      const made = { handler: 'nobody.serves', every: seldom, failuresMax: 1 } as const;
      await api().create(defineSchedule({ ...made, name: 'cancelled' }));
      const { task } = await api().trigger('cancelled');
      await task.cancel();
      await standsAt(stage, 'cancelled', 'BY_HAND CANCELLED');
      const short = await api().update('cancelled', { handler: fail });
      assert.deepEqual([short.state, short.failures], ['ACTIVE', 0]);
      await api().trigger('cancelled');
      assert.equal((await pausedBy('cancelled')).failures, 1);
    });

    it('are counted only where a number is set', async () => {
      await api().create(
        defineSchedule({ name: 'uncounted', handler: fail, every: '50ms', limit: 5 }),
      );
      await standsAt(stage, 'uncounted', ...Array(5).fill('FIRED FAILED'));
      const { state, failures, failuresMax } = await api().get('uncounted');
      assert.deepEqual([state, failures, failuresMax], ['COMPLETED', 0, undefined]);
    });

    it('are none of a handler that nobody serves: that is said, and it goes on', async () => {
      const made = { handler: 'schedules.flakey', every: '50ms', limit: 3 } as const;
      const { unserved } = await api().create(defineSchedule({ ...made, name: 'unserved' }));
      assert.deepEqual(unserved, { nearestHandler: 'schedules.flaky', known: false });
      await standsAt(stage, 'unserved', ...Array(3).fill('FIRED READY'));
      assert.equal((await api().update('unserved', { handler: flaky })).unserved, undefined);
      const [applied] = await api().apply([defineSchedule({ ...made, name: 'unserved/2' })]);
      assert.deepEqual(applied?.unserved, { nearestHandler: 'schedules.flaky', known: false });
    });

    it('are made by tasks that nobody starts before their deadline', async () => {
      const misfire = { startDeadline: '1s' } as const;
      const made = { handler: 'nobody.serves', every: seldom, misfire, failuresMax: 1 } as const;
      await api().create(defineSchedule({ ...made, name: 'unstarted' }));
      await askSoon(stage, 'unstarted');
      await pausedBy('unstarted');
      const [fire] = await standsAt(stage, 'unstarted', 'FIRED FAILED');
      const task = await stage.client.get(fire?.taskId ?? '');
      assert.equal(task.failure?.kind, 'EXPIRED');
      const due = (fire?.nominalTime.getTime() ?? 0) + 1_000;
      assert.ok(
        Math.abs((task.expireTime?.getTime() ?? 0) - due) <= 5,
        'counted from when it was due',
      );
    });
  });
}
