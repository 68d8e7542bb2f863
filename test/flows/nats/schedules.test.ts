// Schedules over two replicas that look for themselves once a minute: what happens within seconds happened by a wakeup. And
// what a plain NATS client hears of schedules.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineHandler, defineSchedule } from '@muster/sdk';
import { connect } from 'nats';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { nats } from '../../harness/nats.ts';
import { startNode } from '../../harness/processes.ts';
import { musterBin } from '../cli/muster.ts';
import { type NatsStage, natsStage } from './stage.ts';

const ended = new Map<string, () => void>();
/** Ends when the test lets it. */
const held = defineHandler({
  name: 'watch.held',
  run: (_: unknown, { taskId }) => new Promise<void>((resolve) => ended.set(taskId, resolve)),
});
const quick = defineHandler({ name: 'watch.quick', run: () => null });

type Told = {
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
};

/** What is told of one schedule from now on. */
async function listen(stage: NatsStage, name: string) {
  const client = await connect({ servers: stage.nats.address });
  const heard: Told[] = [];
  client.subscribe('muster.events.default.*.watch.>', {
    callback: (_, message) => {
      const event = message.json<Told>();
      if (event.subject === name) heard.push(event);
    },
  });
  await client.flush();
  const types = () => heard.map(({ type }) => type);
  return { heard, types, close: () => client.close() };
}

eachEngine('schedules over replicas', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;
  describe('with NATS', { skip: nats.skip, concurrency: 5 }, () => {
    const stage = natsStage(engine, { flags: ['--events', 'all'] });
    const agentOnce = () => (agent ??= stage.addAgent({ handlers: [held, quick], slots: 20 }));
    let agent: ReturnType<NatsStage['addAgent']> | undefined;

    it('fire at their time where others are told of them', async () => {
      await agentOnce();
      const { schedules } = stage.first.client;
      await schedules.create(
        defineSchedule({ name: 'told', handler: quick, cron: '* * * * * *', limit: 2 }),
      );
      const done = await eventually(
        () => schedules.get('told'),
        ({ state }) => state === 'COMPLETED',
      );
      assert.equal(done.fires, 2);
    });

    it('let a waiting time go as soon as the task before has ended', async () => {
      await agentOnce();
      const { schedules } = stage.first.client;
      const overlap = { rule: 'BUFFER', buffer: 1 } as const;
      await schedules.create(
        defineSchedule({ name: 'waits', handler: held, cron: '* * * * * *', limit: 2, overlap }),
      );
      const decisions = async () => {
        const found = [];
        for await (const fire of schedules.fires('waits')) found.push(fire);
        return found.reverse();
      };
      const [first] = await eventually(decisions, ([, second]) => second?.decision === 'BUFFERED');
      const end = await eventually(() => ended.get(first?.taskId ?? ''));
      end?.();
      const [, second] = await eventually(decisions, ([, fire]) => fire?.decision === 'FIRED');
      const last = await eventually(() => ended.get(second?.taskId ?? ''));
      last?.();
    });

    it('are told of, from the first to the last', async () => {
      await agentOnce();
      const { schedules } = stage.first.client;
      const name = 'heard';
      const following = await startNode(musterBin, [
        ...['events', '--nats', stage.nats.address, '--handler', 'watch.>'],
        ...['--event', 'schedule-fired', '--event', 'schedule-paused'],
      ]);
      await eventually(() => following.lines.some((line) => line.startsWith('Listening')));
      const told = await listen(stage, name);
      await schedules.create(
        defineSchedule({ name, handler: held, cron: '* * * * * *', overlap: 'SKIP' }),
      );
      await eventually(() => told.types().includes('muster.schedule.skipped'));
      await schedules.update(name, { description: 'Twice.' });
      await schedules.pause(name, 'too loud');
      await schedules.resume(name);
      await schedules.delete(name);
      await eventually(() => told.types().at(-1) === 'muster.schedule.deleted');
      const kinds = new Set(told.types().map((type) => type.slice('muster.schedule.'.length)));
      assert.deepEqual(
        [...kinds],
        ['created', 'fired', 'skipped', 'updated', 'paused', 'resumed', 'deleted'],
      );
      const of = (kind: string) => told.heard.find(({ type }) => type.endsWith(kind))?.data;
      assert.deepEqual(of('paused'), {
        ...{ schedule: name, namespace: 'default', handler: held.name },
        ...{ state: 'PAUSED', note: 'too loud' },
      });
      assert.match(String(of('fired')?.nominalTime), /^\d{4}-.*:\d\d\.000Z$/);
      assert.equal(of('fired')?.decision, 'FIRED');
      assert.equal(of('skipped')?.decision, 'SKIPPED_OVERLAP');
      const taskId = String(of('fired')?.taskId);
      await eventually(() =>
        following.lines.some((line) => /schedule\.paused {2}watch\.held {2}heard$/.test(line)),
      );
      assert.ok(
        following.lines.some(
          (line) => line.includes(`${name}  `) && line.endsWith(`FIRED  ${taskId}`),
        ),
      );
      (await eventually(() => ended.get(taskId)))?.();
      await following.end('SIGTERM');
      await told.close();
    });
  });
});
