// Sessions that are declared lost: an outcome that races the declaration stands or is refused, never
// both, and leases that cannot be rescued hold up none that can.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, defineHandler, type TaskHandle } from '@muster/sdk';
import { startAgent } from '../../harness/agents.ts';
import { flow } from '../../harness/flow.ts';
import { seeded } from '../chance.ts';
import {
  assignmentsIn,
  nextAssignments,
  openRawStream,
  type RawAgent,
  type RawStream,
  startRawAgent,
  success,
} from '../raw-agent.ts';

/** A lease as it was assigned. */
interface Lease {
  readonly taskId: string;
  readonly leaseEpoch: number;
}

const sessionTimeoutMs = 1500;
const hasty = [
  ...['--session-timeout', `${sessionTimeoutMs}ms`],
  ...['--silence-timeout', '500ms', '--heartbeat-interval', '200ms'],
];

flow(
  'an outcome that races the loss of its session',
  { coordinator: { flags: hasty }, roles: 'together' },
  (stage) => {
    it('river#1302: stands if it came first, and is refused if it did not', async () => {
      const random = seeded('river#1302');
      const name = 'races.lost';
      const racers = 60;
      const hello = { handlers: [{ name }], slots: 1 };
      const agents: { agent: RawAgent; task: TaskHandle<unknown> }[] = [];
      for (let n = 0; n < racers; n += 1) {
        const agent = await startRawAgent(stage.address, { ...hello, agentId: `racer-${n}` });
        agents.push({ agent, task: await stage.client.submit(name) });
      }
      const refs = await Promise.all(
        agents.map(async ({ agent }) => {
          const [assignment] = await nextAssignments(agent.stream);
          assert.ok(assignment);
          const { taskId, leaseEpoch } = assignment;
          agent.stream.send({ started: { leases: [{ taskId, leaseEpoch }] } });
          return { taskId, leaseEpoch };
        }),
      );
      // Whatever is lost ends here.
      const heir = await startAgent(stage.address, {
        agentId: 'heir',
        // With limits as short as these a busy machine may lose the heir too; what it holds then comes back to it.
        handlers: [defineHandler({ name, lostAttemptsMax: 100, run: () => 'heir' })],
        slots: racers,
      });
      const words = await Promise.all(
        agents.map(async ({ agent }, n) => {
          agent.stream.close();
          const lease = refs[n];
          assert.ok(lease);
          // Half of them come back around the moment at which they are lost.
          const isLate = n % 2 === 0;
          await sleep(isLate ? sessionTimeoutMs - 150 + random() * 900 : random() * 1000);
          return { lease, word: await sayOutcome(stage.address, agent, lease) };
        }),
      );
      await expectConsistent(stage.client, words);
      const counts = Map.groupBy(words, ({ word }) => word);
      assert.equal(counts.size, 2, 'both orders were seen');
      console.log([...counts].map(([word, list]) => `${word}: ${list.length}`).join(', '));
      await heir.stop();
    });
  },
);

/** Attaches again and reports; answers what the coordinator said to it. */
async function sayOutcome(
  address: string,
  { hello, welcome }: RawAgent,
  lease: Lease,
): Promise<'RECORDED' | 'REFUSED'> {
  const stream = openRawStream(address);
  const { sessionId, sessionToken } = welcome;
  const inventory = [{ lease, state: 'LEASE_STATE_FINISHED' as const }];
  stream.send({ hello: { ...hello, sessionId, sessionToken, inventory } });
  const answer = await Promise.race([stream.next('welcome'), stream.ended]);
  if ('code' in answer) {
    assert.equal(answer.reason, 'SESSION_ENDED', answer.details);
    return 'REFUSED';
  }
  stream.send(success(lease, 'racer'));
  const { acks } = await stream.next('outcomeAcks');
  stream.close();
  return acks[0]?.status === 'OUTCOME_STATUS_RECORDED' ? 'RECORDED' : 'REFUSED';
}

async function expectConsistent(
  client: Client,
  words: readonly { readonly lease: Lease; readonly word: string }[],
): Promise<void> {
  for (const { lease, word } of words) {
    const output = await client.handle(lease.taskId).result({ timeout: '20s' });
    const { attempts, lostAttempts, leaseEpoch } = await client.get(lease.taskId, 'full');
    const ended = attempts.map(({ outcome }) => outcome);
    const lost = Array(lostAttempts).fill('LOST');
    assert.deepEqual(ended, [...lost, 'SUCCEEDED'], `${lease.taskId}: one end`);
    // What was told RECORDED is the end; what was told otherwise was ended by a later lease.
    if (word === 'RECORDED') assert.deepEqual([output, leaseEpoch], ['racer', lease.leaseEpoch]);
    else assert.ok(leaseEpoch > lease.leaseEpoch, `${lease.taskId}: ended by a later lease`);
  }
}

/** This process speaks for the agent on both engines, and reads 10,000 assignments in between. */
const patient = ['--silence-timeout', '6s'];

flow(
  'a lost agent with ten thousand leases',
  { coordinator: { flags: patient }, roles: 'together' },
  (stage) => {
    it('river#1318: the rescuable move within 10 s, whatever cannot be rescued', async () => {
      const hopeless = 10_000;
      const rescuable = 20;
      const handlers = [{ name: 'rescue.never' }, { name: 'rescue.me' }];
      const slots = hopeless + rescuable;
      const { stream } = await startRawAgent(
        stage.address,
        { agentId: 'big', handlers, slots },
        { accepts: true },
      );
      const lost: string[] = [];
      while (lost.length < hopeless) {
        // Not all at once: this process beats for the agent as well.
        const inputs = Array(1000).fill(null);
        const some = await stage.client.submitMany('rescue.never', inputs, { atMostOnce: true });
        lost.push(...some.ids);
      }
      const group = await stage.client.submitMany('rescue.me', Array(rescuable).fill(null));
      await readAssignments(stream, slots);
      const heir = await startAgent(stage.address, {
        agentId: 'heir',
        handlers: [defineHandler({ name: 'rescue.me', run: () => 'rescued' })],
        slots: rescuable,
      });
      const began = performance.now();
      stream.close();
      await group.results({ timeout: '20s' });
      const movedMs = Math.round(performance.now() - began);
      assert.ok(movedMs < 10_000, `the rescuable were done after ${movedMs} ms`);
      let failed = 0;
      for await (const result of stage.client.group(lost).settled({ timeout: '30s' })) {
        assert.equal(result.state, 'FAILED');
        failed += 1;
      }
      assert.equal(failed, hopeless);
      const last = await stage.client.get(lost.at(-1) ?? '', 'full');
      assert.equal(last.failure?.kind, 'LOST');
      await heir.stop();
    });
  },
);

async function readAssignments(stream: RawStream, count: number): Promise<void> {
  const taken = Promise.withResolvers<void>();
  const read = new Set<string>();
  const look = (message: RawStream['received'][number]) => {
    for (const { taskId } of assignmentsIn(message)) read.add(taskId);
    if (read.size >= count) taken.resolve();
  };
  stream.onMessage(look);
  for (const message of stream.received) look(message);
  const end = await Promise.race([taken.promise, stream.ended]);
  if (end !== undefined) throw new Error(`The stream ended: ${end.details}`);
}
