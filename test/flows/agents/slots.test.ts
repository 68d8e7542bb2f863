// An agent runs as many attempts at a time as it has slots, in all and of each handler; one process offers
// many handlers, and a busy handler does not hold up the others.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler, type TaskHandle } from '@muster/sdk';
import { atGate, openGate, passGate } from '../../handlers/gates.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

/** Attempts that run now, and the most that ever did, by handler. */
const running = new Map<string, { now: number; most: number }>();

const counted = (name: string, slots?: number) =>
  defineHandler({
    name,
    ...(slots === undefined ? {} : { slots }),
    async run(gate: boolean, context) {
      const count = running.get(name) ?? { now: 0, most: 0 };
      running.set(name, count);
      count.now += 1;
      count.most = Math.max(count.most, count.now);
      if (gate) await passGate(context);
      else await new Promise((resolve) => setTimeout(resolve, 5));
      count.now -= 1;
    },
  });

const wait = { timeout: '30s' } as const;

const endAll = async (tasks: readonly TaskHandle<unknown>[]) => {
  for (const { id } of tasks) openGate(id);
  await Promise.all(tasks.map((task) => task.result(wait)));
};

flow('slots', {}, (stage) => {
  const submit = (name: string, count: number, gate: boolean) =>
    Promise.all(Array.from({ length: count }, () => stage.client.submit(name, gate)));
  const runningOf = async (name: string) => {
    const states = { RUNNING: 0, READY: 0, SUCCEEDED: 0 } as Record<string, number>;
    for await (const { state } of stage.client.list({ handler: name })) {
      states[state] = (states[state] ?? 0) + 1;
    }
    return states;
  };

  it('never runs more attempts at a time than the agent has slots', async () => {
    const name = `overall.${stage.engine.name}`;
    await stage.addAgent({ handlers: [counted(name)], slots: 3 });
    const tasks = await submit(name, 8, true);
    await eventually(() => running.get(name)?.now === 3);
    await eventually(
      () => runningOf(name),
      (states) => assert.deepEqual(states, { RUNNING: 3, READY: 5, SUCCEEDED: 0 }),
    );
    await endAll(tasks);
    assert.equal(running.get(name)?.most, 3);
  });

  it('keeps to its slots under a flood of short tasks', async () => {
    const name = `flood.${stage.engine.name}`;
    const agent = await stage.addAgent({ handlers: [counted(name)], slots: 4 });
    const group = await stage.client.submitMany(name, Array(400).fill(false));
    await group.results(wait);
    assert.equal(running.get(name)?.most, 4);
    assert.equal(agent.running, 0);
  });

  it('limits a handler to its own slots and leaves the rest to others', async () => {
    const [narrow, wide] = [`narrow.${stage.engine.name}`, `wide.${stage.engine.name}`];
    await stage.addAgent({ handlers: [counted(narrow, 1), counted(wide)], slots: 4 });
    const held = await submit(narrow, 5, true);
    await eventually(() => running.get(narrow)?.now === 1);
    const free = await submit(wide, 6, true);
    await eventually(() => running.get(wide)?.now === 3);
    await endAll(free);
    await endAll(held);
    assert.equal(running.get(narrow)?.most, 1);
    assert.equal(running.get(wide)?.most, 3);
  });

  it('runs fresh tasks of a handler although another has a backlog', async () => {
    const [stuck, fresh] = [`stuck.${stage.engine.name}`, `fresh.${stage.engine.name}`];
    await stage.addAgent({ handlers: [counted(stuck, 1), counted(fresh)], slots: 2 });
    const held = await submit(stuck, 300, true);
    const [task] = await submit(fresh, 1, false);
    await task?.result({ timeout: '5s' });
    await stage.client.cancel({ filter: { handler: stuck } });
    assert.equal(running.get(stuck)?.most, 1);
    assert.equal(held.length, 300);
  });

  it('runs many handlers in one process', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `many.h${n}.${stage.engine.name}`);
    const handlers = names.map((name) => defineHandler({ name, run: () => name }));
    const agent = await stage.addAgent({ handlers, slots: 10, agentId: 'many-handlers' });
    const tasks = await Promise.all(names.map((name) => stage.client.submit(name)));
    assert.deepEqual(await Promise.all(tasks.map((task) => task.result(wait))), names);
    const { agent: seen } = await stage.client.services.fleet.getAgent({ id: agent.id });
    assert.deepEqual([...(seen?.handlers ?? [])].sort(), [...names].sort());
  });

  it('spreads work over the agents that have slots', async () => {
    const name = `spread.${stage.engine.name}`;
    const agents = await Promise.all(
      ['a', 'b', 'c'].map((id) =>
        stage.addAgent({ handlers: [counted(name)], slots: 2, agentId: `${name}.${id}` }),
      ),
    );
    const tasks = await submit(name, 6, true);
    await Promise.all(tasks.map(({ id }) => atGate(id)));
    assert.deepEqual(
      agents.map((agent) => agent.running),
      [2, 2, 2],
    );
    const ids = await Promise.all(tasks.map(async (task) => (await task.get()).agentId));
    assert.equal(new Set(ids).size, 3);
    await endAll(tasks);
  });

  it('runs elsewhere what a draining agent hands back, without calling it a failure', async () => {
    const name = `drained.${stage.engine.name}`;
    const options = { handlers: [counted(name)], slots: 1 };
    const leaving = await stage.addAgent({ ...options, agentId: `${name}.leaving` });
    const [task] = await submit(name, 1, true);
    assert.ok(task);
    await atGate(task.id);
    await leaving.drain('off to lunch', 0);
    assert.equal((await task.get()).state, 'READY');
    await stage.addAgent({ ...options, agentId: `${name}.staying` });
    await endAll([task]);
    const { attempts, failure, lostAttempts } = await task.get('full');
    assert.deepEqual(
      attempts.map(({ agentId, outcome }) => [agentId, outcome]),
      [
        [`${name}.leaving`, 'INTERRUPTED'],
        [`${name}.staying`, 'SUCCEEDED'],
      ],
    );
    assert.deepEqual([failure, lostAttempts], [undefined, 0]);
  });
});
