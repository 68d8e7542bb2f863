// When a task starts: not before it is due, and among tasks of one handler the more important first.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler, type Task } from '@muster/sdk';
import { atGate, openGate, passGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const note = defineHandler({ name: 'note', run: (input: string) => input });

const orders = new Map<string, string[]>();
const ordered = (name: string) =>
  defineHandler({
    name,
    slots: 1,
    async run(input: { list: string; item: string; gate?: boolean }, context) {
      if (input.gate) await passGate(context);
      orders.set(input.list, [...(orders.get(input.list) ?? []), input.item]);
    },
  });
const [byPriority, byDueTime] = [ordered('ordered.priority'), ordered('ordered.due')];

const wait = { timeout: '20s' } as const;

/** Milliseconds from the due time to the first lease. */
function latenessOf({ dueTime, leaseTime }: Task): number {
  assert.ok(dueTime && leaseTime);
  return leaseTime.getTime() - dueTime.getTime();
}

flow('delays', { agent: { handlers: [note, byPriority, byDueTime] } }, (stage) => {
  it('holds a task for its delay', async () => {
    const task = await stage.client.submit(note, 'later', { delay: '1500ms' });
    const delayed = await task.get();
    assert.equal(delayed.state, 'DELAYED');
    assert.equal(Number(delayed.dueTime) - Number(delayed.createTime), 1_500);
    assert.equal(await task.result(wait), 'later');
    const late = latenessOf(await task.get());
    assert.ok(late >= 0 && late < 3_000, `${late} ms after its due time`);
  });

  it('starts a task at its due time', async () => {
    const dueTime = new Date(Date.now() + 1_200);
    const task = await stage.client.submit(note, 'then', { dueTime });
    const delayed = await task.get();
    assert.deepEqual([delayed.state, delayed.dueTime], ['DELAYED', dueTime]);
    assert.equal(await task.result(wait), 'then');
    const late = latenessOf(await task.get());
    assert.ok(late >= 0 && late < 3_000, `${late} ms after its due time`);
  });

  it('starts a task at once whose due time has passed', async () => {
    const dueTime = new Date(Date.now() - 60_000);
    const task = await stage.client.submit(note, 'overdue', { dueTime });
    assert.equal(await task.result({ timeout: '5s' }), 'overdue');
  });

  it('starts many delayed tasks, none before its time', async () => {
    const inputs = Array.from({ length: 100 }, (_, n) => String(n));
    const group = await stage.client.submitMany(note, inputs, (_input, index) => ({
      delay: `${500 + 10 * index}ms`,
      labels: { batch: 'delayed' },
    }));
    assert.deepEqual(await group.results(wait), inputs);
    for await (const task of stage.client.list({ labels: { batch: 'delayed' } })) {
      const late = latenessOf(task);
      assert.ok(late >= 0 && late < 3_000, `${late} ms after its due time`);
    }
  });

  it('runs the more important tasks of a handler first, then the older ones', async () => {
    const list = `${stage.engine.name} priority`;
    const blocker = await stage.client.submit(byPriority, { list, item: 'blocker', gate: true });
    await atGate(blocker.id);
    const items = [0, 5, -3, 5, 100, 0].map((priority, index) => ({ priority, index }));
    const handles = [];
    for (const { priority, index } of items) {
      const item = `${index}: ${priority}`;
      handles.push(await stage.client.submit(byPriority, { list, item }, { priority }));
    }
    openGate(blocker.id);
    await Promise.all(handles.map((handle) => handle.result(wait)));
    assert.deepEqual(orders.get(list), [
      ...['blocker', '4: 100', '1: 5', '3: 5', '0: 0', '5: 0', '2: -3'],
    ]);
    assert.equal((await handles[4]?.get())?.priority, 100);
  });

  it('runs tasks of the same priority in the order of their due times', async () => {
    const list = `${stage.engine.name} due`;
    const blocker = await stage.client.submit(byDueTime, { list, item: 'blocker', gate: true });
    await atGate(blocker.id);
    const handles = [];
    const from = Date.now();
    for (const delayMs of [4000, 1000, 3000, 2000]) {
      const input = { list, item: `after ${delayMs} ms` };
      // Times, not delays: those would count from submits that may be far apart.
      const dueTime = new Date(from + delayMs);
      handles.push(await stage.client.submit(byDueTime, input, { dueTime }));
    }
    for (const handle of handles) {
      await eventually(
        () => handle.get(),
        ({ state }) => state === 'READY',
      );
    }
    openGate(blocker.id);
    await Promise.all(handles.map((handle) => handle.result(wait)));
    assert.deepEqual(orders.get(list), [
      ...['blocker', 'after 1000 ms', 'after 2000 ms', 'after 3000 ms', 'after 4000 ms'],
    ]);
  });
});
