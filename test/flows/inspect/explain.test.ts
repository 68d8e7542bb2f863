// Why a task is not running: each reason, and that the task runs once what it names is taken away, and nothing else.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createClient, defineHandler, type Explanation, type TaskHandle } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const gates = new Map<string, () => void>();

/** Runs until its gate is opened; without one it ends at once. */
const gated = (name: string) =>
  defineHandler({
    name,
    async run({ gate }: { gate?: string }) {
      if (gate !== undefined) await new Promise<void>((resolve) => gates.set(gate, resolve));
      return true;
    },
  });

const [bounded, keyed, paused, rated] = [
  gated('explain.bounded'),
  gated('explain.keyed'),
  gated('explain.paused'),
  gated('explain.rated'),
];
const [one, other, free, alone] = [
  gated('explain.one'),
  gated('explain.other'),
  gated('explain.free'),
  gated('explain.alone'),
];
const failing = defineHandler({
  name: 'explain.failing',
  retry: { maxAttempts: 2, initialDelay: '1s', jitter: 0 },
  run(_: unknown, { attempt }) {
    if (attempt === 1) throw new Error('once');
    return true;
  },
});
const handlers = [bounded, keyed, paused, rated, one, other, free, failing];

flow('explanations', { agent: { handlers, slots: 20 } }, (stage) => {
  const { engine } = { engine: () => stage.engine.name };
  const why = (task: TaskHandle<unknown>) => stage.client.explain(task.id);
  const kinds = ({ obstacles }: Explanation) => obstacles.map(({ kind }) => kind);
  /** Starts a task that runs until it is let go. */
  const hold = async (handler: typeof bounded, name: string, options = {}) => {
    const gate = `${name} ${engine()}`;
    const task = await stage.client.submit(handler, { gate }, options);
    await eventually(
      async () => gates.get(gate),
      (release) => release !== undefined,
    );
    return { task, release: () => gates.get(gate)?.() };
  };

  it('name the limit of a handler, and who holds it', async () => {
    await stage.client.limits.setHandler(bounded.name, { concurrency: 1 });
    const { task: holder, release } = await hold(bounded, 'bounded');
    const task = await stage.client.submit(bounded, {});
    const found = await why(task);
    assert.deepEqual(kinds(found), ['CONCURRENCY']);
    const [obstacle] = found.obstacles;
    assert.deepEqual(
      [obstacle?.limit, obstacle?.slots, obstacle?.holders],
      ['handler', 1, [holder.id]],
    );
    assert.ok(found.sentence.includes(holder.id), found.sentence);
    const behind = await stage.client.submit(bounded, {});
    const second = await why(behind);
    assert.deepEqual([kinds(second), second.ahead], [['CONCURRENCY', 'IN_LINE'], 1]);
    assert.ok(second.oldestDueTime);
    release();
    await task.result();
    await behind.result();
    assert.match((await why(task)).sentence, /ended: SUCCEEDED/);
  });

  it('name the limit of a key', async () => {
    await stage.client.limits.setHandler(keyed.name, { keyConcurrency: 1 });
    const { task: holder, release } = await hold(keyed, 'keyed', { key: 'acme' });
    await stage.client.submit(keyed, {}, { key: 'other' }).then((free) => free.result());
    const task = await stage.client.submit(keyed, {}, { key: 'acme' });
    const { obstacles, sentence } = await why(task);
    assert.deepEqual(
      obstacles.map(({ kind, limit, holders }) => [kind, limit, holders]),
      [['CONCURRENCY', 'key', [holder.id]]],
    );
    assert.match(sentence, /key "acme"/);
    release();
    await task.result();
  });

  it('name a limit that another handler holds', async () => {
    const name = `explain.${engine()}`;
    await stage.client.limits.set({ name, concurrency: 1 });
    for (const handler of [one, other])
      await stage.client.limits.setHandler(handler.name, { shared: [name] });
    const { task: holder, release } = await hold(one, 'shared');
    const task = await stage.client.submit(other, {});
    const { obstacles } = await why(task);
    assert.deepEqual(
      obstacles.map(({ kind, limit, holders }) => [kind, limit, holders]),
      [['CONCURRENCY', name, [holder.id]]],
    );
    release();
    await task.result();
  });

  it('say until when a rate lets nothing pass', async () => {
    await stage.client.limits.setHandler(rated.name, { rate: { count: 1, per: '1h', burst: 1 } });
    await stage.client.submit(rated, {}).then((first) => first.result());
    const task = await stage.client.submit(rated, {});
    const { obstacles, sentence } = await why(task);
    const [obstacle] = obstacles;
    assert.deepEqual([obstacles.length, obstacle?.kind, obstacle?.limit], [1, 'RATE', 'handler']);
    const inMs = (obstacle?.until?.getTime() ?? 0) - Date.now();
    assert.ok(inMs > 3_500_000 && inMs <= 3_601_000, String(inMs));
    assert.match(sentence, /before \d{4}-/);
    await stage.client.limits.setHandler(rated.name, {});
    await task.result();
  });

  it('say who paused, and why', async () => {
    await stage.client.limits.pauseHandler(paused.name, 'until noon');
    const task = await stage.client.submit(paused, {});
    const { obstacles, sentence } = await why(task);
    assert.deepEqual(
      obstacles.map(({ kind, note }) => [kind, note]),
      [['HANDLER_PAUSED', 'until noon']],
    );
    assert.match(sentence, /paused \("until noon"\)/);
    await stage.client.limits.resumeHandler(paused.name);
    await task.result();
  });

  it('say that a namespace is paused', async () => {
    const namespace = `explain-${engine()}`;
    await stage.client.services.namespaces.createNamespace({ namespace: { name: namespace } });
    const client = createClient({ address: stage.address, namespace });
    stage.onEnd(() => client.close());
    await stage.addAgent({ handlers: [free], namespace });
    await client.limits.pauseNamespace('moving');
    const task = await client.submit(free, {});
    const { obstacles } = await client.explain(task.id);
    assert.deepEqual(
      obstacles.map(({ kind, note }) => [kind, note]),
      [['NAMESPACE_PAUSED', 'moving']],
    );
    await client.limits.resumeNamespace();
    await task.result();
  });

  it('say when it is due, and when it is tried again', async () => {
    const task = await stage.client.submit(free, {}, { delay: '1500ms' });
    const { obstacles } = await why(task);
    const { dueTime } = await task.get();
    assert.deepEqual(
      obstacles.map(({ kind, until }) => [kind, until]),
      [['NOT_DUE', dueTime]],
    );
    const again = await stage.client.submit(failing, {});
    await eventually(
      () => again.get(),
      ({ state }) => state === 'DELAYED',
    );
    assert.match((await why(again)).sentence, /attempt 2/);
    await Promise.all([task.result(), again.result()]);
  });

  it('name the nearest handler where no agent serves this one, and wait for one that does', async () => {
    const task = await stage.client.submit('explain.fre', {});
    const { obstacles, sentence } = await why(task);
    assert.deepEqual(
      obstacles.map(({ kind, nearestHandler }) => [kind, nearestHandler]),
      [['UNSERVED', free.name]],
    );
    assert.match(sentence, /Is it "explain.free"\?/);
    await stage.addAgent({ handlers: [gated('explain.fre')] });
    await task.result();
  });

  it('name those who hold all slots, and how many go first', async () => {
    await stage.addAgent({ handlers: [alone], slots: 1 });
    const { task: holder, release } = await hold(alone, 'alone');
    const task = await stage.client.submit(alone, {});
    const behind = await stage.client.submit(alone, {}, { priority: -1 });
    const [obstacle] = (await why(task)).obstacles;
    assert.deepEqual(
      [obstacle?.kind, obstacle?.agents, obstacle?.slots, obstacle?.holders],
      ['NO_FREE_SLOT', 1, 1, [holder.id]],
    );
    const found = await why(behind);
    assert.deepEqual([kinds(found), found.ahead], [['NO_FREE_SLOT', 'IN_LINE'], 1]);
    assert.deepEqual(kinds(await why(holder)), []);
    assert.match((await why(holder)).sentence, /runs on agent/);
    release();
    await Promise.all([task.result(), behind.result()]);
  });

  it('refuse what is no task', async () => {
    const unknown = '0192f0c1-2345-7abc-8def-0123456789ab';
    await assert.rejects(stage.client.explain(unknown), { reason: 'TASK_NOT_FOUND' });
    await assert.rejects(stage.client.explain('x'), { name: 'MusterError' });
  });
});
