import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnyHandler, defineHandler, type HandlerContext } from '@muster/sdk';
import {
  answerHeartbeats,
  assign,
  assignment,
  kinds,
  type Scripted,
  scripted,
  sent,
} from './simulation/scripted.ts';

/** A handler whose attempts end when the test says so. */
function gated(name = 'work') {
  const runs: { context: HandlerContext; end: (value?: unknown) => void; aborted: boolean }[] = [];
  const handler = defineHandler({
    name,
    run: (_input: object, context) =>
      new Promise<unknown>((end) => {
        const run = { context, end, aborted: false };
        runs.push(run);
        context.signal.addEventListener('abort', () => {
          run.aborted = true;
        });
      }),
  }) as AnyHandler;
  return { handler, runs };
}

const ref = (taskId: string, leaseEpoch = 1) => ({ taskId, leaseEpoch });
const keep = (taskId: string) => ({ lease: ref(taskId), verdict: 'VERDICT_KEEP' as const });
const abandon = (taskId: string) => ({ lease: ref(taskId), verdict: 'VERDICT_ABANDON' as const });

/** Breaks the newest stream and waits for the next Hello. */
async function reconnect(s: Scripted): Promise<void> {
  s.stream().break();
  await s.clock.advance(200);
}

function inventory(s: Scripted): Record<string, string> {
  const hello = sent(s.stream(), 'hello')[0];
  return Object.fromEntries(
    (hello?.inventory ?? []).map(({ lease, state }) => [lease?.taskId, state]),
  );
}

describe('session', () => {
  test('says Hello first, and beats at the interval that the Welcome asks for', async () => {
    const s = await scripted({ handlers: [gated().handler], slots: 7, labels: { zone: 'a' } });
    const [hello] = sent(s.stream(), 'hello');
    assert.equal(hello?.agentId, 'agent-1');
    assert.equal(hello?.slots, 7);
    assert.deepEqual(hello?.labels, { zone: 'a' });
    assert.deepEqual(kinds(s.stream()), ['hello']);
    await s.welcome({ heartbeatInterval: { seconds: 2 } });
    await s.pass(4100);
    assert.deepEqual(
      sent(s.stream(), 'heartbeat').map(({ sequence }) => sequence),
      [1, 2],
    );
    assert.equal(s.transport.streams.length, 1);
  });

  test('runs an assignment and keeps its outcome until it is acknowledged', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'work'));
    await s.settle();
    assert.deepEqual(kinds(stream), ['hello', 'accepted', 'started']);
    runs[0]?.end({ ok: true });
    await s.settle();
    const [outcomes] = sent(stream, 'outcomes');
    assert.equal(outcomes?.outcomes[0]?.result, 'output');
    assert.equal(outcomes?.outcomes[0]?.output?.data.toString(), '{"ok":true}');
    await reconnect(s);
    assert.deepEqual(inventory(s), { t1: 'LEASE_STATE_FINISHED' });
    await s.welcome({ resumed: true, verdicts: [keep('t1')] });
    assert.equal(sent(s.stream(), 'outcomes').length, 1);
    s.stream().say({
      outcomeAcks: { acks: [{ lease: ref('t1'), status: 'OUTCOME_STATUS_RECORDED' }] },
    });
    await reconnect(s);
    assert.deepEqual(inventory(s), {});
  });

  test('resumes with its token and goes on with what runs', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler], slots: 1 });
    assign(await s.welcome(), assignment('t1', 'work'), assignment('t2', 'work'));
    await s.settle();
    await reconnect(s);
    const [hello] = sent(s.stream(), 'hello');
    assert.equal(hello?.sessionId, 's-1');
    assert.equal(hello?.sessionToken, 'secret');
    // Higher than that of the stream before.
    assert.equal(hello?.dial, 2);
    assert.deepEqual(inventory(s), { t1: 'LEASE_STATE_RUNNING', t2: 'LEASE_STATE_ACCEPTED' });
    await s.welcome({ resumed: true, verdicts: [keep('t1'), keep('t2')] });
    assert.equal(runs[0]?.aborted, false);
    assert.equal(runs.length, 1);
    runs[0]?.end(1);
    await s.settle();
    assert.equal(runs.length, 2);
  });

  test('aborts and forgets what the coordinator abandons, and sends no outcome for it', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler], slots: 2 });
    assign(await s.welcome(), assignment('t1', 'work'), assignment('t2', 'work'));
    await s.settle();
    await reconnect(s);
    await s.welcome({ resumed: true, verdicts: [abandon('t1'), keep('t2')] });
    assert.equal(runs[0]?.aborted, true);
    assert.equal(runs[0]?.context.signal.reason.reason, 'LEASE_LAPSED');
    assert.equal(runs[1]?.aborted, false);
    // The handler goes on: until it ends, its slot is not offered.
    assert.equal(sent(s.stream(), 'slotsChanged').at(-1)?.slots, 1);
    runs[0]?.end(1);
    await s.settle();
    assert.equal(sent(s.stream(), 'slotsChanged').at(-1)?.slots, 2);
    assert.equal(sent(s.stream(), 'outcomes').length, 0);
  });

  test('voids the whole inventory if the session was not resumed', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    assign(await s.welcome(), assignment('t1', 'work'), assignment('t2', 'work'));
    await s.settle();
    runs[1]?.end(1);
    await s.settle();
    await reconnect(s);
    await s.welcome({ sessionId: 's-2', resumed: false });
    assert.equal(runs[0]?.aborted, true);
    assert.equal(sent(s.stream(), 'outcomes').length, 0);
    assert.equal(s.agent.sessionId, 's-2');
  });

  test('begins a new session, with nothing in hand, when the old one has ended', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    assign(await s.welcome(), assignment('t1', 'work'));
    await s.settle();
    await reconnect(s);
    s.stream().break({ status: 'FAILED_PRECONDITION', reason: 'SESSION_ENDED' });
    await s.clock.advance(500);
    assert.equal(runs[0]?.aborted, true);
    assert.equal(sent(s.stream(), 'hello')[0]?.sessionId, '');
    assert.deepEqual(inventory(s), {});
  });

  test('takes nothing from an older stream once another was opened', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    const old = await s.welcome();
    await reconnect(s);
    assign(old, assignment('t1', 'work'));
    await s.welcome({ resumed: true });
    assign(old, assignment('t2', 'work'));
    old.break();
    await s.settle();
    assert.equal(runs.length, 0);
    assert.equal(s.transport.streams.length, 2);
  });

  test('drops a stream on which nothing is heard, and dials the next address', async () => {
    const s = await scripted({ handlers: [gated().handler] });
    const stream = await s.welcome({ silenceTimeout: { seconds: 3 } });
    stream.deaf = true;
    await s.clock.advance(3300);
    assert.equal(stream.closed, 'aborted');
    assert.equal(s.transport.streams.length, 2);
    assert.notEqual(s.stream().address, stream.address);
  });

  test('after a stall, begins nothing until a heartbeat that it sent since is answered', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    const stream = await s.welcome();
    await s.pass(1000);
    s.clock.stall(3500);
    // What waited in the socket while the process stood still.
    answerHeartbeats(stream);
    assign(stream, assignment('t1', 'work'));
    await s.settle();
    assert.equal(sent(stream, 'accepted').length, 1);
    assert.equal(runs.length, 0);
    answerHeartbeats(stream);
    await s.settle();
    assert.equal(runs.length, 1);
  });

  test('after a long stall, reads what arrived before it calls the stream dead', async () => {
    const s = await scripted({ handlers: [gated().handler] });
    const stream = await s.welcome();
    await s.pass(1000);
    s.clock.stall(20_000);
    const settled = s.settle();
    // After the late timer has fired, and before what was put off until everything is read.
    setImmediate(() => stream.say({ heartbeatAck: { sequence: 1 } }));
    await settled;
    assert.equal(stream.closed, undefined);
    s.clock.stall(20_000);
    await s.settle();
    assert.equal(stream.closed, 'aborted');
  });

  test('gives back what has not begun when it is revoked, and says what has', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler], slots: 1 });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'work'), assignment('t2', 'work'));
    await s.settle();
    stream.say({ revokes: { leases: [ref('t1'), ref('t2'), ref('t9')] } });
    await s.settle();
    assert.deepEqual(
      sent(stream, 'released').flatMap(({ leases }) => leases.map(({ taskId }) => taskId)),
      ['t2', 't9'],
    );
    assert.equal(sent(stream, 'started').at(-1)?.leases[0]?.taskId, 't1');
    runs[0]?.end();
    await s.settle();
    assert.equal(runs.length, 1);
  });

  test('declines what it cannot run, and holds no more than it may', async () => {
    const { handler } = gated();
    const s = await scripted({ handlers: [handler], slots: 1 });
    const stream = await s.welcome();
    const many = Array.from({ length: 2_100 }, (_, index) => assignment(`t${index}`, 'work'));
    assign(stream, assignment('x', 'other'), ...many);
    await s.settle();
    const declined = sent(stream, 'declined').flatMap(({ leases }) => leases);
    assert.match(declined[0]?.reason ?? '', /no handler "other"/);
    // One slot, and 2,000 sent ahead.
    assert.equal(declined.length, 1 + 2_100 - 2_001);
    assert.equal(sent(stream, 'started').flatMap(({ leases }) => leases).length, 1);
  });

  test('of a task that ends within a tick, only the outcome is said', async () => {
    const quick = defineHandler({ name: 'quick', run: () => 1 }) as AnyHandler;
    const s = await scripted({ handlers: [quick, gated().handler] });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'quick'), assignment('t2', 'work'));
    await s.settle();
    assert.deepEqual(kinds(stream), ['hello', 'accepted', 'started', 'outcomes']);
    assert.deepEqual(
      [...sent(stream, 'accepted'), ...sent(stream, 'started')].flatMap(({ leases }) =>
        leases.map(({ taskId }) => taskId),
      ),
      ['t2', 't2'],
    );
  });

  test('a handler with slots of its own does not hold up the others', async () => {
    const rare = gated('rare');
    const limited = { ...rare.handler, slots: 1 } as AnyHandler;
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [limited, handler], slots: 3 });
    const tasks = ['r1', 'r2', 'r3'].map((id) => assignment(id, 'rare'));
    assign(await s.welcome(), ...tasks, assignment('t1', 'work'));
    await s.settle();
    assert.equal(rare.runs.length, 1);
    assert.equal(runs.length, 1);
    rare.runs[0]?.end();
    await s.settle();
    assert.equal(rare.runs.length, 2);
  });

  test('a later epoch of the same task voids the earlier one', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler], slots: 2 });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'work'));
    await s.settle();
    assign(stream, assignment('t1', 'work', { leaseEpoch: 2 }));
    await s.settle();
    assert.equal(runs[0]?.aborted, true);
    runs[0]?.end('old');
    runs[1]?.end('new');
    await s.settle();
    const outcomes = sent(stream, 'outcomes').flatMap(({ outcomes }) => outcomes);
    assert.deepEqual(
      outcomes.map(({ lease, output }) => [lease?.leaseEpoch, output?.data.toString()]),
      [[2, '"new"']],
    );
  });

  test('the same assignment twice runs once', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'work'), assignment('t1', 'work'));
    assign(stream, assignment('t1', 'work'));
    await s.settle();
    assert.equal(runs.length, 1);
  });

  test('a cancel reaches the signal at once and ends as Cancelled; a lapsed lease is not heard', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler], slots: 2 });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'work'), assignment('t2', 'work'));
    await s.settle();
    stream.say({
      cancels: {
        cancels: [
          { lease: ref('t1'), cause: 'CANCEL_CAUSE_REQUESTED', reason: 'no more' },
          { lease: ref('t2'), cause: 'CANCEL_CAUSE_LAPSED' },
        ],
      },
    });
    assert.equal(runs[0]?.aborted, true);
    assert.match(runs[0]?.context.signal.reason.message, /no more/);
    runs[0]?.end('too late');
    runs[1]?.end('unheard');
    await s.settle();
    assert.deepEqual(
      sent(stream, 'cancelAcknowledged').map(({ leases }) => leases[0]?.taskId),
      ['t1'],
    );
    const outcomes = sent(stream, 'outcomes').flatMap(({ outcomes }) => outcomes);
    assert.deepEqual(
      outcomes.map(({ lease, result }) => [lease?.taskId, result]),
      [['t1', 'cancelled']],
    );
  });

  test('GoAway: dials the named address with the session and its work', async () => {
    const { handler, runs } = gated();
    const s = await scripted({ handlers: [handler] });
    const stream = await s.welcome();
    assign(stream, assignment('t1', 'work'));
    await s.settle();
    stream.say({ goAway: { addresses: ['c:3'], reconnectDelay: { nanos: 1e8 } } });
    await s.clock.advance(100);
    assert.equal(s.stream().address, 'c:3');
    assert.deepEqual(inventory(s), { t1: 'LEASE_STATE_RUNNING' });
    assert.equal(runs[0]?.aborted, false);
  });

  test('dials again with growing waits while no coordinator answers', async () => {
    const s = await scripted({ handlers: [gated().handler] });
    for (let failures = 0; failures < 20; failures += 1) {
      s.stream().break();
      await s.clock.advance(2000);
    }
    assert.equal(s.transport.streams.length, 21);
    assert.deepEqual(
      [...new Set(s.transport.streams.map(({ address }) => address))],
      ['a:1', 'b:2'],
    );
    s.stream().break();
    await s.clock.advance(1000);
    assert.equal(s.transport.streams.length, 21);
  });

  test('gives up if its first Hello is refused for good, but not once it has had a session', async () => {
    const refused = {
      status: 'UNAUTHENTICATED',
      reason: 'TOKEN_INVALID',
      message: 'no such token',
    };
    const s = await scripted({ handlers: [gated().handler] });
    s.stream().break(refused);
    await s.settle();
    await assert.rejects(s.agent.ended, { reason: 'TOKEN_INVALID' });
    const later = await scripted({ handlers: [gated().handler] });
    await later.welcome();
    later.stream().break(refused);
    await later.clock.advance(1000);
    assert.equal(later.transport.streams.length, 2);
  });

  test('honours back-pressure: says nothing but heartbeats until the stream drains', async () => {
    const { handler } = gated();
    const s = await scripted({ handlers: [handler], slots: 50 });
    const stream = await s.welcome({ limits: { messageItemsMax: 2 } });
    stream.takesMore = false;
    assign(stream, ...[1, 2, 3, 4, 5].map((n) => assignment(`t${n}`, 'work')));
    await s.pass(1500);
    assert.deepEqual(kinds(stream), ['hello', 'accepted', 'heartbeat']);
    stream.drain();
    await s.settle();
    const accepted = sent(stream, 'accepted').map(({ leases }) => leases.length);
    assert.deepEqual(accepted, [2, 2, 1]);
    assert.equal(sent(stream, 'started').flatMap(({ leases }) => leases).length, 5);
  });
});
