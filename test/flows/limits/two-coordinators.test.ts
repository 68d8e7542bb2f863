// Priorities, turns, limits and rates over two coordinators with an agent each, and nothing between them but Postgres. What began when
// is read from the rows: the database's own times.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Agent } from '@muster/agent';
import { type Client, createClient, defineHandler, type Task, type TaskGroup } from '@muster/sdk';
import { startAgent } from '../../harness/agents.ts';
import { startCoordinator, type TestCoordinator } from '../../harness/coordinator.ts';
import { eachEngine } from '../../harness/engines.ts';

const quick = (name: string) => defineHandler({ name, run: (_: number) => true });
/** Long enough that nothing is sent ahead of free slots: so claims are for few at a time. */
const slow = (name: string) =>
  defineHandler({
    name,
    run: (_: number) => new Promise<boolean>((done) => setTimeout(done, 60, true)),
  });
const [ranked, aged, keyed, alone] = [
  slow('two.ranked'),
  slow('two.aged'),
  slow('two.keyed'),
  slow('two.alone'),
];
const rated = quick('two.rated');
const handlers = [ranked, aged, keyed, alone, rated];
const slots = 4;
/** Both agents together: so many may be handed over at the same moment, by claims that do not know of each other. */
const atOnce = 2 * slots;

eachEngine('two coordinators', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;
  describe('with an agent each', { concurrency: 1 }, () => {
    const coordinators: TestCoordinator[] = [];
    const agents: Agent[] = [];
    let client: Client;
    before(async () => {
      for (let n = 0; n < 2; n += 1) {
        const coordinator = await startCoordinator(engine, {
          flags: ['--safety-poll-interval', '200ms', '--peek-interval', '200ms'],
        });
        coordinators.push(coordinator);
        agents.push(
          await startAgent(coordinator.address, { handlers, slots, agentId: `two-${n}` }),
        );
      }
      client = createClient({ address: coordinators[0]?.address ?? '' });
    });
    after(async () => {
      for (const agent of agents) await agent.stop();
      await client.close();
      for (const coordinator of coordinators) await coordinator.stop();
    });

    /** The tasks of a group in the order of their leases. */
    const inOrder = async (group: TaskGroup<unknown>): Promise<readonly Task[]> => {
      await group.results();
      const tasks = await Promise.all(group.handles.map((handle) => handle.get()));
      return tasks.toSorted((a, b) => timeOf(a) - timeOf(b));
    };
    const assertBoth = (tasks: readonly Task[]) =>
      assert.equal(new Set(tasks.map(({ agentId }) => agentId)).size, 2, 'both have run some');
    const timeOf = ({ leaseTime }: Task) => leaseTime?.getTime() ?? 0;

    it('hand over by priority, whoever claims', async () => {
      await client.limits.pauseHandler(ranked.name);
      const inputs = Array.from({ length: 200 }, (_, n) => (n * 37) % 201);
      const group = await client.submitMany(ranked, inputs, (n) => ({ priority: n - 100 }));
      await client.limits.resumeHandler(ranked.name);
      const tasks = await inOrder(group);
      assertBoth(tasks);
      for (const [at, task] of tasks.entries()) {
        const higher = tasks.slice(at + atOnce).filter(({ priority }) => priority > task.priority);
        assert.deepEqual(higher.length, 0, `${higher[0]?.priority} after ${task.priority}`);
      }
    });

    it('hand over low priorities too, once they have waited for long enough', async () => {
      await client.limits.setHandler(aged.name, { priorityAgeing: '1s' });
      await client.limits.pauseHandler(aged.name);
      const low = await client.submit(aged, 0, { priority: -1 });
      const { dueTime } = await low.get();
      // Those that come two seconds later are one priority higher, and stand behind it.
      const dueLater = new Date((dueTime?.getTime() ?? 0) + 2_000);
      const later = await client.submitMany(aged, Array(40).fill(1), { dueTime: dueLater });
      const last = later.handles.at(-1);
      while ((await last?.get())?.state === 'DELAYED');
      await client.limits.resumeHandler(aged.name);
      await Promise.all([low.result(), later.results()]);
      const begun = timeOf(await low.get());
      const before = await Promise.all(later.handles.map(async (each) => timeOf(await each.get())));
      assert.ok(before.filter((time) => time < begun).length <= atOnce);
    });

    it('let one of each key run at once', async () => {
      await client.limits.setHandler(keyed.name, { keyConcurrency: 1 });
      const inputs = Array.from({ length: 60 }, (_, n) => n % 6);
      const group = await client.submitMany(keyed, inputs, (n) => ({ key: `key-${n}` }));
      const tasks = await inOrder(group);
      assertBoth(tasks);
      for (const key of new Set(tasks.map((task) => task.key))) {
        const own = tasks.filter((task) => task.key === key);
        assert.equal(own.length, 10);
        for (const [at, task] of own.entries()) {
          const ended = own[at - 1]?.endTime?.getTime() ?? 0;
          assert.ok(timeOf(task) >= ended, `${key}: begun ${ended - timeOf(task)} ms too soon`);
        }
      }
    });

    it('let as many run as a limit allows, one after the other if that is one', async () => {
      await client.limits.setHandler(alone.name, { concurrency: 1 });
      // Whoever ends one mostly takes the next: it is not said who runs how many.
      const tasks = await inOrder(await client.submitMany(alone, Array(25).fill(0)));
      for (const [at, task] of tasks.entries())
        assert.ok(timeOf(task) >= (tasks[at - 1]?.endTime?.getTime() ?? 0));
    });

    it('hand over no faster than a rate, and no more than a bucket after a quiet time', async () => {
      const rate = { count: 50, per: '1s', burst: 10 } as const;
      await client.limits.setHandler(rated.name, { rate });
      const group = await client.submitMany(rated, Array(60).fill(0));
      await group.results();
      await client.limits.pauseHandler(rated.name);
      const more = await client.submitMany(rated, Array(40).fill(0));
      // The bucket would fill many times over meanwhile, if it could.
      await client.submit(alone, 0, { delay: '1s' }).then((later) => later.result());
      await client.limits.resumeHandler(rated.name);
      await more.results();
      const all = await Promise.all([...group.handles, ...more.handles].map((each) => each.get()));
      const times = all.map(timeOf).toSorted((a, b) => a - b);
      for (const [at, from] of times.entries())
        for (const [n, until] of times.slice(at).entries()) {
          const allowed = rate.burst + ((until - from) * rate.count) / 1_000;
          assert.ok(n + 1 <= allowed + 1e-6, `${n + 1} in ${until - from} ms, ${allowed} allowed`);
        }
    });
  });
});
