// Streams that break, fall silent or go deaf, with the agent alive behind them. Nothing runs twice
// because a connection broke, and what is stuck behind a dead one moves in time.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler, type TaskGroup } from '@muster/sdk';
import { startAgent } from '../../harness/agents.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';
import { startProxy, type TcpProxy } from '../../harness/proxy.ts';
import { seeded } from '../chance.ts';
import {
  nextAssignments,
  openRawStream,
  refOf,
  resumeRawAgent,
  startRawAgent,
  success,
} from '../raw-agent.ts';

/** What ran, and how often, in this process. */
interface Run {
  readonly agent: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly at: number;
}

flow('broken streams', { roles: 'together' }, (stage) => {
  let handlers = 0;

  /** A handler of this test alone; every start is noted. */
  function noted(runMs: number) {
    handlers += 1;
    const name = `streams.h${handlers}`;
    const runs: Run[] = [];
    const define = (agent: string) =>
      defineHandler({
        name,
        async run(input: number, context) {
          runs.push({
            agent,
            taskId: context.taskId,
            attempt: context.attempt,
            at: performance.now(),
          });
          await sleep(runMs, undefined, { signal: context.signal });
          return input;
        },
      });
    return { name, runs, define };
  }

  async function throughProxy(): Promise<TcpProxy> {
    const proxy = await startProxy({ targetPort: Number(stage.address.split(':')[1]) });
    stage.onEnd(() => proxy.close());
    return proxy;
  }

  async function expectOnce(group: TaskGroup<number>, runs: readonly Run[]): Promise<void> {
    const results = await group.results({ timeout: '60s' });
    assert.equal(results.length, group.ids.length);
    const counts = Map.groupBy(runs, ({ taskId }) => taskId);
    for (const [taskId, starts] of counts)
      assert.equal(starts.length, 1, `task ${taskId} started ${starts.length} times`);
    for (const handle of group.handles) assert.equal((await handle.get()).attempt, 1);
  }

  it('changes nothing by a Hello that comes late, after a later one', async () => {
    handlers += 1;
    const name = `streams.h${handlers}`;
    const first = await startRawAgent(stage.address, {
      ...{ handlers: [{ name }], slots: 1, dial: 1 },
    });
    const task = await stage.client.submit(name, 1);
    const [assignment] = await nextAssignments(first.stream);
    assert.ok(assignment);
    const lease = refOf(assignment);
    first.stream.send({ started: { leases: [lease] } });
    first.stream.cancel();
    const running = [{ lease, state: 'LEASE_STATE_RUNNING' as const }];
    const numbered = (dial: number) => ({ ...first, hello: { ...first.hello, dial } });
    const third = await resumeRawAgent(stage.address, numbered(3), running);
    const { sessionId, sessionToken } = first.welcome;
    const late = openRawStream(stage.address);
    late.send({ hello: { ...first.hello, sessionId, sessionToken, dial: 2 } });
    assert.equal((await late.ended).reason, 'SESSION_MOVED');
    third.stream.send(success(lease, 'once'));
    const { acks } = await third.stream.next('outcomeAcks');
    assert.deepEqual(
      acks.map(({ status }) => status),
      ['OUTCOME_STATUS_RECORDED'],
    );
    assert.equal(await task.result({ timeout: '20s' }), 'once');
    assert.equal((await task.get()).attempt, 1);
    third.stream.close();
  });

  it('hatchet#4784: runs nothing twice when its stream is cut again and again', async () => {
    const random = seeded('hatchet#4784');
    const proxy = await throughProxy();
    const { define, runs } = noted(700);
    const agent = await startAgent(proxy.address, { handlers: [define('a')], slots: 20 });
    const inputs = Array.from({ length: 200 }, (_, n) => n);
    const group = await stage.client.submitMany(define('a'), inputs);
    const done = expectOnce(group, runs);
    for (let cuts = 0; cuts < 20; cuts += 1) {
      await sleep(100 + random() * 300);
      proxy.cut();
    }
    await done;
    await agent.stop();
  });

  for (const half of ['up', 'down', 'both'] as const)
    it(`grpc-node#2953, #2734: notices on both sides that a connection is half open (${half})`, async () => {
      const proxy = await throughProxy();
      const { define, runs } = noted(9000);
      const agentId = `half-${half}`;
      const agent = await startAgent(proxy.address, { agentId, handlers: [define('a')], slots: 5 });
      const group = await stage.client.submitMany(define('a'), [1, 2, 3]);
      await eventually(() => runs.length === 3);
      const opened = proxy.connections.total;
      const began = performance.now();
      proxy.drop(half);
      await eventually(
        async () => (await stage.client.services.fleet.getAgent({ id: agentId })).agent?.state,
        (state) => state === 'SESSION_STATE_DETACHED',
        { what: 'the coordinator to notice' },
      );
      const noticedMs = Math.round(performance.now() - began);
      await eventually(() => proxy.connections.total > opened, Boolean, {
        what: 'the agent to dial again',
      });
      const dialledMs = Math.round(performance.now() - began);
      proxy.heal();
      assert.ok(noticedMs < 6000, `the coordinator noticed after ${noticedMs} ms`);
      assert.ok(dialledMs < 6000, `the agent dialled again after ${dialledMs} ms`);
      await expectOnce(group, runs);
      await agent.stop();
    });

  it('hatchet#4254: moves the tasks of an agent that beats but is deaf, within 10 s', async () => {
    const proxy = await throughProxy();
    const { define, runs } = noted(1000);
    const deaf = await startAgent(proxy.address, {
      agentId: 'deaf',
      handlers: [define('deaf')],
      slots: 50,
    });
    const stuck = noted(60_000);
    // Its running tasks move as well.
    const extra = await startAgent(proxy.address, {
      agentId: 'deaf-too',
      handlers: [stuck.define('deaf')],
      slots: 50,
    });
    const running = await stage.client.submitMany(stuck.define('deaf'), [1, 2, 3]);
    await eventually(() => stuck.runs.length === 3);
    const well = await startAgent(stage.address, {
      agentId: 'well',
      handlers: [define('well'), stuck.define('well')],
      slots: 50,
    });
    proxy.drop('down');
    const began = performance.now();
    const groups = [];
    for (let n = 0; n < 20; n += 1) {
      groups.push(await stage.client.submitMany(define('well'), [n, n + 1000]));
      // The deaf agent has free slots: it is given tasks of both kinds until it is found out.
      await stage.client.submit(stuck.define('deaf'), n);
      await sleep(100);
    }
    for (const group of groups) await group.results({ timeout: '20s' });
    const lastStart = Math.max(...runs.map(({ at }) => at)) - began;
    assert.ok(lastStart < 10_000 + 2000, `the last task started after ${Math.round(lastStart)} ms`);
    const moved = await eventually(
      () =>
        stuck.runs.filter(({ agent, taskId }) => agent === 'well' && running.ids.includes(taskId)),
      (found) => found.length === 3,
      { timeoutMs: 15_000 },
    );
    const movedAt = Math.max(...moved.map(({ at }) => at)) - began;
    assert.ok(movedAt < 10_000, `what it ran moved after ${Math.round(movedAt)} ms`);
    proxy.heal();
    await stage.client.cancel({ filter: { handler: stuck.name } });
    await Promise.all([deaf, extra, well].map((agent) => agent.stop()));
  });
});
