// Agents that lie, and peers that are no agents: each gets a typed answer or a closed stream, and an
// honest agent beside them notices nothing.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { it } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { ConnectRequest, Hello, LeaseRef } from '@muster/proto';
import { defineHandler } from '@muster/sdk';
import { startAgent } from '../../harness/agents.ts';
import { eventually } from '../../harness/eventually.ts';
import { flow, type Stage } from '../../harness/flow.ts';
import { uuidV7 } from '../../harness/task-ids.ts';
import {
  helloBytes,
  nextAssignments,
  openRawStream,
  type RawStream,
  refOf,
  resumeRawAgent,
  startRawAgent,
  success,
} from '../raw-agent.ts';

const echo = defineHandler({ name: 'honest.echo', run: (text: string) => text });
const held = defineHandler({
  name: 'honest.hold',
  run: () => new Promise<string>((r) => setTimeout(() => r('held'), 3000)),
});

const hello = (handler: string, more: Hello = {}): Hello => ({
  agentId: 'liar',
  handlers: [{ name: handler }],
  ...more,
});

/** Ways to send a lease back without a run. */
const refusals: readonly (readonly [string, (leases: readonly LeaseRef[]) => ConnectRequest])[] = [
  [
    'declined',
    (leases) => ({ declined: { leases: leases.map((lease) => ({ lease, reason: 'no' })) } }),
  ],
  ['given back unasked', (leases) => ({ released: { leases: [...leases] } })],
];

const honest = { handlers: [echo, held], slots: 100 };

flow(
  'agents that lie',
  { agent: honest, coordinator: { flags: ['--log-level', 'info'] }, roles: 'together' },
  (stage) => {
    let handlers = 0;
    /** A handler that only this test serves. */
    const ownHandler = () => {
      handlers += 1;
      return `liar.h${handlers}`;
    };

    async function expectEnd(stream: RawStream, code: number, reason: string): Promise<string> {
      const end = await stream.ended;
      assert.deepEqual({ code: end.code, reason: end.reason }, { code, reason }, end.details);
      return end.details;
    }

    async function expectHonestWork({ client }: Stage): Promise<void> {
      const task = await client.submit(echo, 'well');
      assert.equal(await task.result({ timeout: '20s' }), 'well');
    }

    it('ends a stream whose first message is no Hello', async () => {
      const stream = openRawStream(stage.address);
      stream.send({ heartbeat: { sequence: 1 } });
      assert.match(
        await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION'),
        /first message of a stream must be Hello/,
      );
    });

    it('ends a stream that says nothing', async () => {
      const stream = openRawStream(stage.address);
      stream.sendBytes(Buffer.alloc(0));
      await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION');
      const silent = openRawStream(stage.address);
      const began = performance.now();
      assert.match(
        await expectEnd(silent, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION'),
        /No Hello came/,
      );
      assert.ok(performance.now() - began < 15_000);
    });

    it('ends a stream that says Hello twice', async () => {
      const { stream, hello: said } = await startRawAgent(stage.address, hello(ownHandler()));
      stream.send({ hello: said });
      assert.match(
        await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION'),
        /second Hello/,
      );
    });

    it('ends a stream with a message that it does not know, or with no message at all', async () => {
      for (const bytes of [Buffer.from([0xa2, 0x06, 0x00]), Buffer.alloc(0)]) {
        const { stream } = await startRawAgent(stage.address, hello(ownHandler()));
        stream.sendBytes(bytes);
        await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION');
      }
    });

    it('ends a stream of garbage', async () => {
      const { stream } = await startRawAgent(stage.address, hello(ownHandler()));
      stream.sendBytes(Buffer.from('5a5a5a5affffffffffffff', 'hex'));
      const { code } = await stream.ended;
      assert.ok([status.INTERNAL, status.FAILED_PRECONDITION].includes(code), `code ${code}`);
      const socket = connect(Number(stage.address.split(':')[1]), '127.0.0.1');
      socket.on('error', () => {}).resume();
      socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
      socket.write(Buffer.from('ff'.repeat(5000), 'hex'));
      await new Promise((resolve) => socket.once('close', resolve));
    });

    it('names everything that is wrong with a Hello', async () => {
      const stream = openRawStream(stage.address);
      stream.send({
        hello: {
          agentId: '',
          handlers: [{ name: 'Not A Name' }, { name: 'a', slots: -1 }],
          slots: 100_001,
          labels: { 'Bad Key': 'x' },
          weight: 1001,
          sessionId: 'nonsense',
          silenceTimeout: { seconds: 61 },
          protocolVersion: 1,
        },
      });
      const details = await expectEnd(stream, status.INVALID_ARGUMENT, 'INVALID_REQUEST');
      assert.match(details, /There are [78] violations/);
    });

    it('refuses another version of the protocol', async () => {
      const stream = openRawStream(stage.address);
      stream.send({ hello: hello(ownHandler(), { protocolVersion: 2, slots: 1 }) });
      await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_UNSUPPORTED');
    });

    it('refuses an inventory of 200,001 items, and a message with a million', async () => {
      const said = hello(ownHandler(), { slots: 1, protocolVersion: 1 });
      const many = openRawStream(stage.address);
      many.sendBytes(helloBytes(said, 200_001));
      await expectEnd(many, status.INVALID_ARGUMENT, 'INVALID_REQUEST');
      const million = openRawStream(stage.address);
      million.sendBytes(helloBytes(said, 1_000_000));
      await expectEnd(million, status.RESOURCE_EXHAUSTED, '');
      await expectHonestWork(stage);
    });

    it('voids an inventory that was invented', async () => {
      const items = Array.from({ length: 1000 }, () => ({
        lease: { taskId: uuidV7(), leaseEpoch: 1 },
        state: 'LEASE_STATE_RUNNING' as const,
      }));
      const agent = await startRawAgent(stage.address, hello(ownHandler(), { inventory: items }));
      assert.equal(agent.welcome.verdicts.length, 1000);
      assert.ok(agent.welcome.verdicts.every(({ verdict }) => verdict === 'VERDICT_ABANDON'));
      const again = await resumeRawAgent(stage.address, agent, items);
      assert.ok(again.welcome.verdicts.every(({ verdict }) => verdict === 'VERDICT_ABANDON'));
      assert.equal((await agent.stream.ended).reason, 'SESSION_MOVED');
      again.stream.close();
    });

    it('resumes no session with a wrong token, and leaves its owner alone', async () => {
      const owner = await startRawAgent(stage.address, hello(ownHandler()));
      const thief = openRawStream(stage.address);
      const { sessionId } = owner.welcome;
      thief.send({ hello: { ...owner.hello, sessionId, sessionToken: 'guessed' } });
      await expectEnd(thief, status.FAILED_PRECONDITION, 'SESSION_ENDED');
      owner.stream.send({ heartbeat: { sequence: 1 } });
      await owner.stream.next('heartbeatAck');
      owner.stream.close();
    });

    it('records no outcome of a task that another agent holds', async () => {
      const task = await stage.client.submit(held);
      const { leaseEpoch } = await eventually(
        () => task.get('full'),
        ({ state }) => state === 'RUNNING',
      );
      const { stream } = await startRawAgent(stage.address, hello(ownHandler()));
      for (const epoch of [leaseEpoch, leaseEpoch + 1, leaseEpoch - 1, 2 ** 31 - 1])
        if (epoch > 0) {
          stream.send(success({ taskId: task.id, leaseEpoch: epoch }, 'stolen'));
          const { acks } = await stream.next('outcomeAcks');
          assert.equal(acks[0]?.status, 'OUTCOME_STATUS_STALE');
        }
      stream.send({ released: { leases: [{ taskId: task.id, leaseEpoch }] } });
      const { cancels } = await stream.next('cancels');
      assert.equal(cancels[0]?.cause, 'CANCEL_CAUSE_LAPSED');
      stream.close();
      assert.equal(await task.result({ timeout: '20s' }), 'held');
      assert.equal((await task.get('full')).attempts.length, 1);
    });

    it('tells an agent that accepts more than it was given to drop it', async () => {
      const name = ownHandler();
      const { stream } = await startRawAgent(stage.address, hello(name));
      const task = await stage.client.submit(name);
      const [assignment] = await nextAssignments(stream);
      assert.ok(assignment);
      const invented = { taskId: uuidV7(), leaseEpoch: 1 };
      stream.send({ accepted: { leases: [refOf(assignment), invented] } });
      const { cancels } = await stream.next('cancels');
      assert.deepEqual(
        cancels.map(({ lease, cause }) => [lease?.taskId, cause]),
        [[invented.taskId, 'CANCEL_CAUSE_LAPSED']],
      );
      stream.send(success(refOf(assignment), 'done'));
      assert.equal(await task.result({ timeout: '20s' }), 'done');
      stream.close();
    });

    it('refuses malformed items one by one, and ends a stream of nothing else', async () => {
      const { stream } = await startRawAgent(stage.address, hello(ownHandler()));
      stream.send({ started: { leases: [{ taskId: 'nonsense', leaseEpoch: 1 }] } });
      const refusal = await stream.next('refusal');
      assert.equal(refusal.reason, 'INVALID_REQUEST');
      stream.send({ slotsChanged: { slots: -1 } });
      assert.match((await stream.next('refusal')).message, /-1 slots/);
      const nonsense = Array(500).fill({ lease: { taskId: 'nonsense', leaseEpoch: 1 } });
      for (let sent = 0; sent < 3; sent += 1) stream.send({ outcomes: { outcomes: nonsense } });
      await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION');
    });

    it('ends a stream with more items in a message than are allowed', async () => {
      const { stream } = await startRawAgent(stage.address, hello(ownHandler()));
      const lease = { taskId: uuidV7(), leaseEpoch: 1 };
      stream.send({ accepted: { leases: Array(501).fill(lease) } });
      await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION');
    });

    it('records an outcome that cannot be stored as a refused failure', async () => {
      const name = ownHandler();
      const { stream } = await startRawAgent(stage.address, hello(name, { slots: 3 }), {
        accepts: true,
      });
      const retry = { maxAttempts: 1 };
      const group = await stage.client.submitMany(name, [1, 2, 3], { retry });
      const refs = [];
      while (refs.length < 3) refs.push(...(await nextAssignments(stream)).map(refOf));
      const [large, empty, untyped] = refs;
      const data = Buffer.alloc(1024 * 1024 + 1);
      stream.send({
        outcomes: { outcomes: [{ lease: large ?? null, output: { mediaType: 'a/b', data } }] },
      });
      stream.send({ outcomes: { outcomes: [{ lease: empty ?? null }] } });
      stream.send({
        outcomes: { outcomes: [{ lease: untyped ?? null, output: { data: Buffer.from('x') } }] },
      });
      for (const handle of group.handles) {
        await assert.rejects(handle.result({ timeout: '20s' }));
        assert.equal((await handle.get('full')).failure?.kind, 'REFUSED');
      }
      stream.close();
    });

    it('drops an agent that beats but answers no revoke', async () => {
      const name = ownHandler();
      const { stream } = await startRawAgent(stage.address, hello(name));
      const task = await stage.client.submit(name);
      await stream.next('revokes');
      await expectEnd(stream, status.FAILED_PRECONDITION, 'PROTOCOL_VIOLATION');
      const heir = await startRawAgent(stage.address, hello(name), { accepts: true });
      const [assignment] = await nextAssignments(heir.stream);
      assert.ok(assignment);
      heir.stream.send(success(refOf(assignment), 'moved'));
      assert.equal(await task.result({ timeout: '20s' }), 'moved');
      heir.stream.close();
    });

    for (const [how, refusal] of refusals)
      it(`offers a task that is ${how} again, but not in a hot loop`, async () => {
        const name = ownHandler();
        const { stream } = await startRawAgent(stage.address, hello(name));
        let refused = 0;
        stream.onMessage((message) => {
          const leases =
            (message.assignments ?? message.outcomeAcks?.assignments)?.assignments ?? [];
          if (leases.length === 0) return;
          refused += leases.length;
          stream.send(refusal(leases.map(refOf)));
        });
        const task = await stage.client.submit(name);
        await new Promise((resolve) => setTimeout(resolve, 3000));
        assert.ok(refused >= 1 && refused <= 8, `${how} ${refused} times in 3 s`);
        const other = await startRawAgent(stage.address, hello(name), { accepts: true });
        const [assignment] = await nextAssignments(other.stream, 30_000);
        assert.equal(assignment?.attempt, 1);
        other.stream.send(success(refOf(assignment), 'taken'));
        assert.equal(await task.result({ timeout: '20s' }), 'taken');
        stream.close();
        other.stream.close();
      });

    it('drops a reader that is too slow for what it causes', async () => {
      const { stream } = await startRawAgent(
        stage.address,
        hello(ownHandler(), { agentId: 'liar-slow' }),
      );
      stream.stopReading();
      const leases = Array.from({ length: 500 }, () => ({ taskId: uuidV7(), leaseEpoch: 1 }));
      for (let sent = 0; sent < 200 && !stream.isOver; sent += 1) {
        stream.send({ started: { leases } });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await eventually(
        async () => {
          for await (const agent of listAgents(stage)) if (agent === 'liar-slow') return false;
          return true;
        },
        Boolean,
        { timeoutMs: 15_000 },
      );
      stream.close();
      await expectHonestWork(stage);
    });

    it('leaves an honest agent alone throughout', async () => {
      const agent = await startAgent(stage.address, {
        agentId: 'witness',
        handlers: [echo],
        slots: 10,
      });
      const group = await stage.client.submitMany(
        echo,
        Array.from({ length: 200 }, (_, n) => `${n}`),
      );
      assert.equal((await group.results({ timeout: '20s' })).length, 200);
      await agent.stop();
    });
  },
);

async function* listAgents({ client }: Stage): AsyncGenerator<string> {
  const { agents } = await client.services.fleet.listAgents({ pageSize: 1000 });
  for (const agent of agents) yield agent.id;
}
