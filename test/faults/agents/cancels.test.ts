// sdk-typescript#1053: a cancellation that arrives with a heartbeat can be a minute late. Here it is an
// order of its own: from the call to the AbortSignal, 99 of 100 take less than a second, under load.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const count = 200;
const abortedAt = new Map<string, number>();
const began = new Set<string>();

const endless = defineHandler({
  name: 'cancels.endless',
  run(_: number, { taskId, signal }) {
    began.add(taskId);
    return new Promise<string>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        abortedAt.set(taskId, performance.now());
        reject(signal.reason);
      });
    });
  },
});
const busy = defineHandler({ name: 'cancels.busy', run: (n: number) => n });

flow(
  'cancellations',
  { agent: { handlers: [endless, busy], slots: count + 50 }, roles: 'together' },
  (stage) => {
    it('sdk-typescript#1053: reach the handler within a second, under load', async () => {
      const inputs = Array.from({ length: count }, (_, n) => n);
      const group = await stage.client.submitMany(endless, inputs);
      await eventually(() => group.ids.every((id) => began.has(id)));
      let isOver = false;
      const load = (async () => {
        while (!isOver) {
          const more = await stage.client.submitMany(busy, inputs.slice(0, 50));
          await more.results({ timeout: '30s' });
          await sleep(50);
        }
      })();
      const calledAt = new Map<string, number>();
      await Promise.all(
        group.handles.map(async (handle, n) => {
          await sleep(n * 10);
          calledAt.set(handle.id, performance.now());
          await handle.cancel('enough');
        }),
      );
      await eventually(() => group.ids.every((id) => abortedAt.has(id)));
      isOver = true;
      await load;
      const delays = group.ids
        .map((id) => (abortedAt.get(id) ?? Number.NaN) - (calledAt.get(id) ?? Number.NaN))
        .sort((a, b) => a - b);
      const p99 = delays[Math.ceil(delays.length * 0.99) - 1] ?? Number.NaN;
      console.log(
        `${stage.engine.name}: p50 ${delays[count / 2]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      );
      assert.ok(p99 < 1000, `p99 was ${Math.round(p99)} ms`);
      for (const handle of group.handles)
        await assert.rejects(handle.result({ timeout: '20s' }), { reason: 'TASK_CANCELLED' });
    });
  },
);
