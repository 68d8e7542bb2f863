import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnyHandler, defineHandler } from '@muster/sdk';
import { assign, assignment, kinds, type Scripted, scripted, sent } from './simulation/scripted.ts';

/** An agent with one slot, one attempt that runs and one that waits. */
async function busy() {
  let end = (_value: unknown) => {};
  const handler = defineHandler({
    name: 'work',
    run: (_: object, { signal }) =>
      new Promise<unknown>((resolve, reject) => {
        end = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  }) as AnyHandler;
  const s = await scripted({ handlers: [handler], slots: 1, drainGrace: '10s' });
  assign(await s.welcome(), assignment('t1', 'work'), assignment('t2', 'work'));
  await s.settle();
  return { ...s, end: (value: unknown) => end(value) };
}

function acknowledge(s: Scripted, ...tasks: string[]): void {
  const acks = tasks.map((taskId) => ({
    lease: { taskId, leaseEpoch: 1 },
    status: 'OUTCOME_STATUS_RECORDED' as const,
  }));
  s.stream().say({ outcomeAcks: { acks } });
}

function quiet(s: Scripted): string[] {
  return kinds(s.stream()).filter((kind) => kind !== 'heartbeat');
}

describe('drain', () => {
  test('hands back what has not begun, lets the rest finish, waits for its answer, leaves', async () => {
    const s = await busy();
    const drained = s.agent.drain('deploy');
    await s.settle();
    assert.equal(sent(s.stream(), 'draining')[0]?.reason, 'deploy');
    assert.equal(sent(s.stream(), 'released')[0]?.leases[0]?.taskId, 't2');
    assign(s.stream(), assignment('t3', 'work'));
    await s.pass(9000);
    assert.match(sent(s.stream(), 'declined')[0]?.leases[0]?.reason ?? '', /drains/);
    s.end('done');
    await s.settle();
    assert.equal(quiet(s).includes('leave'), false);
    acknowledge(s, 't1');
    await s.settle();
    assert.deepEqual(quiet(s).slice(-2), ['outcomes', 'leave']);
    await drained;
    await s.agent.ended;
  });

  test('after the grace, interrupts what still runs: no failure', async () => {
    const s = await busy();
    void s.agent.drain();
    await s.pass(10_100);
    const [outcome] = sent(s.stream(), 'outcomes').flatMap((each) => each.outcomes);
    assert.equal(outcome?.result, 'interrupted');
    acknowledge(s, 't1');
    await s.settle();
    assert.equal(quiet(s).at(-1), 'leave');
    await s.agent.ended;
  });

  test('goes on over a reconnect, and tells the next coordinator', async () => {
    const s = await busy();
    void s.agent.drain('deploy');
    await s.settle();
    s.stream().break();
    await s.clock.advance(200);
    await s.welcome({
      resumed: true,
      verdicts: [{ lease: { taskId: 't1', leaseEpoch: 1 }, verdict: 'VERDICT_KEEP' }],
    });
    assert.equal(sent(s.stream(), 'draining')[0]?.reason, 'deploy');
    s.end('done');
    await s.settle();
    acknowledge(s, 't1');
    await s.settle();
    await s.agent.ended;
  });

  test('does not wait for ever for a coordinator that is gone', async () => {
    const s = await busy();
    void s.agent.drain();
    await s.settle();
    s.stream().break();
    await s.clock.advance(40_000);
    await s.agent.ended;
  });

  test('a coordinator may ask for it, with a grace of its own', async () => {
    const s = await busy();
    s.stream().say({ drain: { drainGrace: { seconds: 1 }, reason: 'operator' } });
    await s.pass(1200);
    const [outcome] = sent(s.stream(), 'outcomes').flatMap((each) => each.outcomes);
    assert.equal(outcome?.result, 'interrupted');
  });

  test('stop aborts everything, leaves at once, and says no outcome', async () => {
    const s = await busy();
    await s.agent.stop();
    assert.equal(sent(s.stream(), 'outcomes').length, 0);
    assert.equal(quiet(s).at(-1), 'leave');
    await s.agent.ended;
  });
});
