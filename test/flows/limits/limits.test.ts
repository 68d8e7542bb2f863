// Limits, keys in turn and pauses, through the SDK and with agents.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createClient, defineHandler, MusterError } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { collect, flow } from '../../harness/flow.ts';

/** Of each handler and engine: who runs now, the most that ever did, and the keys in the order of their starts. */
type Seen = { now: number; most: number; keys: string[]; byKey: Map<string, number> };

type Input = {
  readonly engine: string;
  readonly ms?: number;
  readonly key?: string;
  readonly gate?: string;
};

const runs = new Map<string, Seen>();
const open = new Map<string, () => void>();

function seen(engine: string, name: string): Seen {
  const known = runs.get(`${engine} ${name}`) ?? { now: 0, most: 0, keys: [], byKey: new Map() };
  runs.set(`${engine} ${name}`, known);
  return known;
}

/** A handler that says how many of its key run; it takes as long as its input says, or until its gate is opened. */
function counting(name: string) {
  return defineHandler({
    name,
    async run({ engine, ms = 0, key = '', gate }: Input) {
      const own = seen(engine, name);
      own.now += 1;
      own.most = Math.max(own.most, own.now);
      own.keys.push(key);
      const ofKey = (own.byKey.get(key) ?? 0) + 1;
      own.byKey.set(key, ofKey);
      await new Promise<void>((resolve) => {
        if (gate === undefined) setTimeout(resolve, ms);
        else open.set(gate, resolve);
      });
      own.now -= 1;
      own.byKey.set(key, (own.byKey.get(key) ?? 1) - 1);
      return ofKey;
    },
  });
}

const [two, keyed, one, other] = [
  counting('limits.two'),
  counting('limits.keyed'),
  counting('limits.one'),
  counting('limits.other'),
];
const [rated, fair, paused, late] = [
  counting('limits.rated'),
  counting('limits.fair'),
  counting('limits.paused'),
  counting('limits.late'),
];
const [beforehand, lowered] = [counting('limits.before'), counting('limits.lowered')];
const handlers = [two, keyed, one, other, rated, fair, paused, late, beforehand, lowered];

flow('limits', { agent: { handlers, slots: 50 }, concurrency: 1 }, (stage) => {
  const limits = () => stage.client.limits;
  const submit = (handler: typeof two, count: number, input: Partial<Input>, options = {}) =>
    stage.client.submitMany(
      handler,
      Array.from({ length: count }, () => ({ ...input, engine: engine() })),
      options,
    );
  const engine = () => stage.engine.name;
  const own = ({ name }: typeof two) => seen(engine(), name);

  it('let so many of a handler run at once, and all in the end', async () => {
    await limits().setHandler(two.name, { concurrency: 2 });
    const group = await submit(two, 20, { ms: 10 });
    assert.equal((await group.results()).length, 20);
    assert.equal(own(two).most, 2);
    const flow = await limits().handler(two.name);
    assert.deepEqual([flow.limits, flow.running, flow.waiting], [{ concurrency: 2 }, 0, 0]);
  });

  it('let one of each key run at once', async () => {
    await limits().setHandler(keyed.name, { keyConcurrency: 1 });
    const keys = Array.from({ length: 30 }, (_, n) => `k${n % 5}`);
    const group = await stage.client.submitMany(
      keyed,
      keys.map((key) => ({ ms: 5, key, engine: engine() })),
      (input) => ({ key: input.key ?? '' }),
    );
    assert.deepEqual(new Set(await group.results()), new Set([1]));
    const [first] = group.handles;
    assert.equal((await first?.get())?.key, 'k0');
  });

  it('bound several handlers by one limit', async () => {
    const name = `shared.${stage.engine.name}`;
    const set = await limits().set({ name, concurrency: 1, description: 'an account' });
    assert.deepEqual([set.handlers, set.running, set.rate], [[], 0, undefined]);
    for (const handler of [one, other]) await limits().setHandler(handler.name, { shared: [name] });
    const groups = await Promise.all([submit(one, 8, { ms: 5 }), submit(other, 8, { ms: 5 })]);
    for (const group of groups) await group.results();
    assert.deepEqual([own(one).most, own(other).most], [1, 1]);
    assert.deepEqual((await limits().get(name)).handlers, [one?.name, other?.name]);
    const listed = await collect(limits().list());
    assert.ok(listed.some((limit) => limit.name === name));
    await assert.rejects(limits().delete(name), { reason: 'LIMIT_USED' });
    for (const handler of [one, other]) await limits().setHandler(handler.name, {});
    await limits().delete(name);
    await assert.rejects(limits().get(name), { reason: 'LIMIT_NOT_FOUND' });
  });

  it('hand over no faster than a rate, and hold no slot meanwhile', async () => {
    await limits().setHandler(rated.name, { rate: { count: 20, per: '1s', burst: 5 } });
    const group = await submit(rated, 15, {});
    await submit(two, 1, { ms: 1 }).then((another) => another.results());
    await group.results();
    const starts = await Promise.all(
      group.handles.map(async (handle) => (await handle.get()).leaseTime?.getTime() ?? 0),
    );
    starts.sort((a, b) => a - b);
    for (const [at, start] of starts.entries())
      for (const [n, later] of starts.slice(at).entries())
        assert.ok(
          n + 1 <= 5 + ((later - start) * 20) / 1_000 + 1e-6,
          `${n + 1} in ${later - start} ms`,
        );
  });

  it('let keys take turns, whatever waits of each', async () => {
    const name = fair.name;
    await limits().setHandler(name, { fair: true, concurrency: 1 });
    await limits().pauseHandler(name);
    const big = await submit(fair, 200, { key: 'big' }, { key: 'big' });
    const small = await submit(fair, 5, { key: 'small' }, { key: 'small' });
    own(fair).keys.length = 0;
    await limits().resumeHandler(name);
    await Promise.all([big.results(), small.results()]);
    const last = own(fair).keys.lastIndexOf('small');
    assert.ok(last <= 11, `the last of the small key was number ${last + 1}`);
  });

  it('hand over nothing of a paused handler until it is resumed', async () => {
    const name = paused.name;
    const { paused: isPaused, pauseNote } = await limits().pauseHandler(name, 'for the night');
    assert.deepEqual([isPaused, pauseNote], [true, 'for the night']);
    const group = await submit(paused, 3, {});
    const states = async () =>
      Promise.all(group.handles.map(async (handle) => (await handle.get()).state));
    // Something that was submitted later has run: what is paused was passed over.
    await submit(two, 1, {}).then((later) => later.results());
    assert.deepEqual(await states(), ['READY', 'READY', 'READY']);
    await limits().resumeHandler(name);
    await group.results();
  });

  it('hold for a whole namespace, and for handlers that nobody knew', async () => {
    const namespace = `paused-${stage.engine.name}`;
    await stage.client.services.namespaces.createNamespace({ namespace: { name: namespace } });
    const client = createClient({ address: stage.address, namespace });
    stage.onEnd(() => client.close());
    await client.limits.pauseNamespace('moving');
    await stage.addAgent({ handlers: [late], namespace });
    const task = await client.submit(late, { engine: engine() });
    await stage.client.submit(late, { engine: engine() }).then((elsewhere) => elsewhere.result());
    assert.equal((await task.get()).state, 'READY');
    assert.equal((await client.limits.handler(late.name)).namespacePaused, true);
    await client.limits.resumeNamespace();
    await task.result();
  });

  it('count what ran before they were set, and let go when they are taken away', async () => {
    const name = beforehand.name;
    const gate = `before.${stage.engine.name}`;
    const running = await submit(beforehand, 1, { gate });
    await eventually(
      async () => open.get(gate),
      (release) => release !== undefined,
    );
    await limits().setHandler(name, { concurrency: 1 });
    const waiting = await submit(beforehand, 2, {});
    await eventually(
      () => limits().handler(name),
      (flow) => flow.settled && flow.running === 1 && flow.waiting === 2,
    );
    await limits().setHandler(name, {});
    await waiting.results();
    assert.equal((await running.handles[0]?.get())?.state, 'RUNNING');
    open.get(gate)?.();
    await running.results();
  });

  it('that are lowered stop nothing, and admit no more', async () => {
    const name = lowered.name;
    await limits().setHandler(name, { concurrency: 3 });
    const gates = [1, 2, 3].map((n) => `lowered.${stage.engine.name}.${n}`);
    const running = await stage.client.submitMany(
      lowered,
      gates.map((gate) => ({ gate, engine: engine() })),
    );
    await eventually(
      async () => gates.filter((gate) => open.has(gate)).length,
      (count) => count === 3,
    );
    await limits().setHandler(name, { concurrency: 1 });
    const next = await submit(lowered, 1, {});
    for (const gate of gates.slice(0, 2)) open.get(gate)?.();
    await Promise.all(running.handles.slice(0, 2).map((handle) => handle.result()));
    const flow = await limits().handler(name);
    assert.deepEqual([flow.running, flow.waiting], [1, 1]);
    open.get(gates[2] ?? '')?.();
    await next.results();
  });

  it('refuse what contradicts itself or means nothing, and change nothing', async () => {
    const refused = async (call: Promise<unknown>, ...texts: readonly string[]) => {
      const error = await call.then(
        () => assert.fail('It was not refused.'),
        (error: unknown) => error,
      );
      assert.ok(error instanceof MusterError);
      for (const text of texts) assert.ok(error.message.includes(text), error.message);
    };
    const { services } = stage.client;
    const handler = two.name;
    const before = await limits().handler(handler);
    const set = (given: object) =>
      services.limits.setHandlerLimits({ namespace: '', handler, limits: given });
    await refused(set({ concurrency: -1 }), 'limits.concurrency', '-1');
    await refused(set({ rate: { count: 0 } }), 'limits.rate.count', '0');
    await refused(
      set({ rate: { count: 1, window: { seconds: 0, nanos: 1 } } }),
      'limits.rate.window',
    );
    await refused(set({ concurrency: 1, keyConcurrency: 2 }), 'limits.key_concurrency', '2');
    await refused(set({ shared: ['no.such'] }), 'no.such');
    await refused(set({ shared: ['Not A Name'] }), 'limits.shared[0]');
    await refused(
      services.limits.setLimit({ namespace: '', limit: { name: 'empty' } }),
      'limit.concurrency',
    );
    const submitRaw = (task: object) =>
      services.tasks.submitTasks({ namespace: '', tasks: [{ handler, ...task }] });
    await refused(submitRaw({ key: 'a', keyWeight: Number.NaN }), 'key_weight', 'NaN');
    await refused(submitRaw({ key: 'a', keyWeight: 0 }), 'key_weight', '0');
    await refused(submitRaw({ keyWeight: 2 }), 'key_weight');
    await refused(submitRaw({ key: 'a'.repeat(257) }), 'key', '257 bytes');
    await refused(limits().handler('no.such.handler'), 'no.such.handler');
    assert.deepEqual(await limits().handler(handler), before);
  });
});
