// Lifecycle events: what a plain NATS client hears of tasks, as CloudEvents, on the subjects that it asks for; and
// `muster events`, which prints them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineHandler } from '@muster/sdk';
import { connect } from 'nats';
import { newHistory } from '../../faults/history.ts';
import { recorded } from '../../handlers/recorded.ts';
import { startAgentProcess } from '../../harness/agents.ts';
import { eachEngine } from '../../harness/engines.ts';
import { eventually } from '../../harness/eventually.ts';
import { nats, startNats } from '../../harness/nats.ts';
import { type RunningProcess, startNode } from '../../harness/processes.ts';
import { muster, musterBin } from '../cli/muster.ts';
import { type NatsStage, natsStage } from './stage.ts';

type Event = {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: string;
  readonly data: Readonly<Record<string, unknown>>;
};

const send = defineHandler({ name: 'email.send', run: () => null });
const retry = { maxAttempts: 2, initialDelay: '10ms', jitter: 0 } as const;
const flaky = defineHandler({
  name: 'email.flaky',
  retry,
  run: () => {
    throw new Error('not today');
  },
});
const agent = { handlers: [send, flaky], slots: 4 };
const soon = { timeout: '10s' } as const;

/** Everything that is published on a subject from now on. */
async function listen(stage: NatsStage, subject: string) {
  const client = await connect({ servers: stage.nats.address });
  const heard: { readonly subject: string; readonly event: Event }[] = [];
  client.subscribe(subject, {
    callback: (_, message) => heard.push({ subject: message.subject, event: message.json() }),
  });
  await client.flush();
  return {
    heard,
    close: () => client.close(),
    /** Kinds of events about a task so far, in order. */
    kinds: (id: string) =>
      heard.filter(({ event }) => event.subject === id).map(({ event }) => event.type.slice(12)),
  };
}

eachEngine('lifecycle events', (engine) => {
  // The embedded database belongs to one process.
  if (engine.name === 'pglite') return;
  describe('of two coordinators', { skip: nats.skip, concurrency: 1 }, () => {
    const stage = natsStage(engine, {
      flags: ['--events', 'all', '--session-timeout', '2s', '--silence-timeout', '1500ms'],
    });

    it('are CloudEvents on the subject of their namespace, kind and handler', async () => {
      await stage.connected();
      const all = await listen(stage, 'muster.events.>');
      await stage.addAgent(agent);
      const task = await stage.second.client.submit(send, null);
      await task.result(soon);
      await eventually(() => all.heard.length === 3);
      assert.deepEqual(
        all.heard.map(({ subject }) => subject),
        ['submitted', 'started', 'succeeded'].map(
          (kind) => `muster.events.default.${kind}.email.send`,
        ),
      );
      const { event } = all.heard[2] ?? assert.fail();
      const { time, ...rest } = event;
      assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
      const { id } = task;
      const data = { taskId: id, namespace: 'default', handler: 'email.send' };
      assert.deepEqual(rest, {
        specversion: '1.0',
        id: `${id}/succeeded/1`,
        source: '/namespaces/default',
        type: 'muster.task.succeeded',
        subject: id,
        datacontenttype: 'application/json',
        data: { ...data, state: 'SUCCEEDED', attempt: 1 },
      });
      await all.close();
    });

    it('tell of retries, failures and cancellations, wherever they happen', async () => {
      const email = await listen(stage, 'muster.events.default.*.email.>');
      const ended = await listen(stage, 'muster.events.default.cancelled.>');
      const { client } = stage.first;
      const failing = await client.submit(flaky, null);
      await assert.rejects(failing.result(soon));
      const delayed = await client.submit('nobody.there', null, { delay: '1h' });
      await client.cancel({ ids: [delayed.id] });
      const told = ['submitted', 'started', 'retried', 'started', 'failed'];
      await eventually(() => email.kinds(failing.id).length === told.length);
      assert.deepEqual(email.kinds(failing.id), told);
      await eventually(() => ended.kinds(delayed.id).length === 1);
      const { data } = ended.heard[0]?.event ?? assert.fail();
      assert.deepEqual([data.handler, data.state], ['nobody.there', 'CANCELLED']);
      assert.deepEqual(email.kinds(delayed.id), []);
      await email.close();
      await ended.close();
    });

    it('tell of a lost agent, and of the attempt that follows', async () => {
      const all = await listen(stage, 'muster.events.>');
      const { coordinator, client } = stage.second;
      const doomed = await startAgentProcess(coordinator.address, 'recorded.ts', { slots: 1 });
      const history = newHistory();
      const task = await client.submit(recorded, { history, gate: `${history}.gate` });
      await eventually(() => all.kinds(task.id).includes('started'));
      await doomed.process.end('SIGKILL');
      await eventually(() => all.kinds(task.id).includes('lost'), Boolean, { timeoutMs: 20_000 });
      assert.deepEqual(all.kinds(task.id), ['submitted', 'started', 'lost']);
      await client.cancel({ ids: [task.id] });
      await all.close();
    });

    it('are printed by muster events, chosen by kind and handler, until Ctrl-C', async () => {
      const words = ['--nats', stage.nats.address, '--event', 'succeeded', '--event', 'failed'];
      const [text, json] = await Promise.all([
        follow(...words, '--handler', 'email.>'),
        follow('--nats', stage.nats.address, '--handler', 'email.send', '--json'),
      ]);
      const task = await stage.first.client.submit(send, null);
      const other = await stage.first.client.submit(flaky, null);
      await text.line(new RegExp(`^\\S+Z succeeded +email\\.send +${task.id}`));
      await text.line(new RegExp(`^\\S+Z failed +email\\.flaky +${other.id} +attempt 2`));
      const [line] = await json.line(/^\{.*"muster\.task\.succeeded".*$/);
      const { data } = JSON.parse(line) as Event;
      assert.equal(data.taskId, task.id);
      assert.ok(!text.lines.some((each) => /submitted|started/.test(each)));
      assert.ok(!json.lines.some((each) => /flaky/.test(each)));
      for (const each of [text, json]) assert.equal((await each.end('SIGINT')).code, 130);
    });
  });
});

/** `muster events` with these words, once it listens. */
async function follow(...words: string[]): Promise<RunningProcess> {
  const running = await startNode(musterBin, ['events', ...words], { name: 'muster events' });
  await running.line(/^Listening on muster\.events\./);
  return running;
}

describe('muster events without NATS', { skip: nats.skip }, () => {
  it('says that nobody answers, or that it is not let in, exit code 3', async () => {
    const nobody = await muster(['events', '--nats', '127.0.0.1:1']);
    assert.equal(nobody.code, 3);
    assert.match(nobody.note, /NATS cannot be used.*127\.0\.0\.1:1.*ECONNREFUSED/);
    const server = await startNats({ user: 'muster', password: 'right' });
    const refused = await muster(['events'], { env: { MUSTER_NATS_SERVERS: server.address } });
    assert.equal(refused.code, 3);
    assert.match(refused.note, /Authorization Violation/);
    await server.stop();
  });

  it('asks for servers, and for kinds that there are', async () => {
    const none = await muster(['events']);
    assert.deepEqual([none.code, /--nats/.test(none.note)], [2, true]);
    const wrong = await muster(['events', '--nats', 'a:1', '--event', 'suceeded']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.note, /Did you mean "succeeded"\?/);
  });
});
