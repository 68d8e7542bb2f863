// What becomes of a time while tasks of the same schedule are unfinished.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineSchedule, type OverlapOptions } from '@muster/sdk';
import { eventually } from '../../../harness/eventually.ts';
import type { Stage } from '../../../harness/flow.ts';
import {
  askSoon,
  echo,
  firesOf,
  firesWhen,
  gateOf,
  hold,
  letGo,
  seldom,
  standsAt,
} from '../scene.ts';

/** Tells the story. */
export function overlap(stage: Stage): void {
  describe('that overlap', () => {
    /** A schedule that asks at some moments soon, so many milliseconds apart, while a task that was asked for by hand runs. */
    const overlapped = async (name: string, overlap: OverlapOptions, apartMs: number[] = [0]) => {
      const gate = `${name} ${stage.engine.name}`;
      const { schedules } = stage.client;
      const made = { name, handler: hold, input: gate, overlap };
      await schedules.create(defineSchedule({ ...made, every: seldom }));
      await schedules.trigger(name);
      await begun(gate, 1);
      await askSoon(stage, name, apartMs);
      return gate;
    };

    it('are allowed without a bound', async () => {
      const gate = await overlapped('allow', { rule: 'ALLOW' });
      await begun(gate, 2);
      await standsAt(stage, 'allow', 'BY_HAND RUNNING', 'FIRED RUNNING');
      letGo(gate);
      letGo(gate);
    });

    it('are allowed up to a number, and skipped beyond', async () => {
      const gate = await overlapped('allow-2', { rule: 'ALLOW', running: 2 }, [0, 10]);
      await standsAt(stage, 'allow-2', 'BY_HAND RUNNING', 'FIRED RUNNING', 'SKIPPED_OVERLAP -');
      assert.equal((await stage.client.schedules.get('allow-2')).fires, 1, 'nor is it counted');
      letGo(gate);
      letGo(gate);
    });

    it('are skipped', async () => {
      const gate = await overlapped('skip', { rule: 'SKIP' });
      await standsAt(stage, 'skip', 'BY_HAND RUNNING', 'SKIPPED_OVERLAP -');
      letGo(gate);
      await standsAt(stage, 'skip', 'BY_HAND SUCCEEDED', 'SKIPPED_OVERLAP -');
      await askSoon(stage, 'skip');
      await begun(gate, 2);
      letGo(gate);
      await standsAt(
        ...([stage, 'skip', 'BY_HAND SUCCEEDED', 'SKIPPED_OVERLAP -', 'FIRED SUCCEEDED'] as const),
      );
    });

    it('wait in line, one', async () => {
      const gate = await overlapped('buffer-1', { rule: 'BUFFER', buffer: 1 }, [0, 10]);
      await standsAt(stage, 'buffer-1', 'BY_HAND RUNNING', 'BUFFERED -', 'SKIPPED_OVERLAP -');
      letGo(gate);
      await begun(gate, 2);
      letGo(gate);
      const ended = ['BY_HAND SUCCEEDED', 'FIRED SUCCEEDED', 'SKIPPED_OVERLAP -'];
      const [, waited] = await standsAt(stage, 'buffer-1', ...ended);
      assert.ok((waited?.latenessMs ?? 0) >= 0);
      const [first, second] = await tasksOf(stage, 'buffer-1');
      assert.ok((second?.leaseTime?.getTime() ?? 0) >= (first?.endTime?.getTime() ?? 0));
    });

    it('wait in line, three, and run one after the other', async () => {
      const gate = await overlapped('buffer-3', { rule: 'BUFFER', buffer: 3 }, [0, 10, 20, 30]);
      const waiting = ['BUFFERED -', 'BUFFERED -', 'BUFFERED -', 'SKIPPED_OVERLAP -'];
      await standsAt(stage, 'buffer-3', 'BY_HAND RUNNING', ...waiting);
      for (const run of [2, 3, 4]) {
        letGo(gate);
        await begun(gate, run);
      }
      letGo(gate);
      const fired = ['FIRED SUCCEEDED', 'FIRED SUCCEEDED', 'FIRED SUCCEEDED', 'SKIPPED_OVERLAP -'];
      await standsAt(stage, 'buffer-3', 'BY_HAND SUCCEEDED', ...fired);
      const tasks = await tasksOf(stage, 'buffer-3');
      for (const [at, { leaseTime }] of tasks.entries())
        assert.ok(
          at === 0 || (leaseTime ?? 0) >= (tasks[at - 1]?.endTime ?? 0),
          'never two at once',
        );
    });

    it('wait on while the schedule is paused, and are gone with it', async () => {
      const gate = await overlapped('line-paused', { rule: 'BUFFER', buffer: 1 });
      const { schedules } = stage.client;
      await standsAt(stage, 'line-paused', 'BY_HAND RUNNING', 'BUFFERED -');
      await schedules.pause('line-paused');
      letGo(gate);
      await standsAt(stage, 'line-paused', 'BY_HAND SUCCEEDED', 'BUFFERED -');
      await schedules.resume('line-paused');
      await begun(gate, 2);
      letGo(gate);
      await standsAt(stage, 'line-paused', 'BY_HAND SUCCEEDED', 'FIRED SUCCEEDED');
    });

    it('cancel the others, and fire when these have ended', async () => {
      const gate = await overlapped('cancel', { rule: 'CANCEL' });
      await begun(gate, 2);
      assert.equal(gateOf(gate).aborted, 1, 'the handler saw its signal');
      await standsAt(stage, 'cancel', 'BY_HAND CANCELLED', 'FIRED RUNNING');
      const [first, second] = await tasksOf(stage, 'cancel');
      assert.ok((second?.leaseTime?.getTime() ?? 0) >= (first?.endTime?.getTime() ?? Infinity));
      assert.match(first?.cancelReason ?? '', /A later time of its schedule replaces it/);
      letGo(gate);
      letGo(gate);
      await standsAt(stage, 'cancel', 'BY_HAND CANCELLED', 'FIRED SUCCEEDED');
    });

    it('cancel tasks that nobody has started', async () => {
      const { schedules } = stage.client;
      const made = { name: 'cancel-ready', handler: 'nobody.serves', overlap: 'CANCEL' } as const;
      await schedules.create(defineSchedule({ ...made, every: seldom }));
      await askSoon(stage, 'cancel-ready');
      await standsAt(stage, 'cancel-ready', 'FIRED READY');
      await askSoon(stage, 'cancel-ready');
      await standsAt(stage, 'cancel-ready', 'FIRED CANCELLED', 'FIRED READY');
    });

    it('are none of what is triggered by hand: it runs at once', async () => {
      const gate = await overlapped('by-hand', { rule: 'SKIP' }, [3_600_000]);
      await stage.client.schedules.trigger('by-hand');
      await begun(gate, 2);
      letGo(gate);
      letGo(gate);
      await standsAt(stage, 'by-hand', 'BY_HAND SUCCEEDED', 'BY_HAND SUCCEEDED');
    });

    it('count tasks that began before the policy was changed', async () => {
      const gate = await overlapped('changed', { rule: 'ALLOW' });
      await begun(gate, 2);
      const { schedules } = stage.client;
      await schedules.update('changed', { overlap: { rule: 'ALLOW', running: 3 } });
      await askSoon(stage, 'changed');
      await begun(gate, 3);
      await schedules.update('changed', { overlap: 'SKIP' });
      await askSoon(stage, 'changed');
      const running = ['BY_HAND RUNNING', 'FIRED RUNNING', 'FIRED RUNNING'];
      await standsAt(stage, 'changed', ...running, 'SKIPPED_OVERLAP -');
      await schedules.update('changed', { overlap: { rule: 'ALLOW' } });
      await askSoon(stage, 'changed');
      await begun(gate, 4);
      for (const _ of [1, 2, 3, 4]) letGo(gate);
    });

    it('are decided by the ends of tasks, however quick', async () => {
      const made = {
        name: 'quick',
        handler: echo,
        overlap: { rule: 'BUFFER', buffer: 5 },
      } as const;
      await stage.client.schedules.create(defineSchedule({ ...made, every: '20ms', limit: 20 }));
      const fires = await firesWhen(
        ...([stage, 'quick'] as const),
        (all) => all.filter(({ taskState }) => taskState).length >= 20,
      );
      assert.ok(fires.every(({ decision }) => /FIRED|SKIPPED_OVERLAP|BUFFERED/.test(decision)));
      const tasks = await tasksOf(stage, 'quick');
      for (const [at, { leaseTime }] of tasks.entries())
        assert.ok(
          at === 0 || (leaseTime ?? 0) >= (tasks[at - 1]?.endTime ?? 0),
          'never two at once',
        );
    });
  });
}

function begun(gate: string, runs: number): Promise<unknown> {
  return eventually(
    () => gateOf(gate).begun,
    (begun) => begun === runs,
    { what: `${runs} runs at ${gate}` },
  );
}

/** Tasks of a schedule, in the order of its times. */
async function tasksOf(stage: Stage, name: string) {
  const ids = (await firesOf(stage, name)).flatMap(({ taskId }) => taskId ?? []);
  return Promise.all(ids.map((id) => stage.client.get(id, 'full')));
}
