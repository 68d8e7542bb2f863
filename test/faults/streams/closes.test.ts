// temporal#1058, camunda#59354: work handed to a connection that closes at that very moment.
//
// A thousand streams are reset when an assignment arrives, or a few milliseconds before or after it is
// made. The attempt keeps its number, and where the agent lives the task is handed out again at once.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { flow } from '../../harness/flow.ts';
import { seeded } from '../chance.ts';
import {
  assignmentsIn,
  nextAssignments,
  type RawAgent,
  refOf,
  resumeRawAgent,
  startRawAgent,
  success,
} from '../raw-agent.ts';

const agentsMax = 20;
const closesEach = 50;

flow('closed at the instant of assignment', { roles: 'together' }, (stage) => {
  it('hands a task out again within 3 s, under the same attempt number, 1,000 times', async () => {
    const random = seeded('temporal#1058');
    const waits: number[] = [];
    await Promise.all(
      Array.from({ length: agentsMax }, async (_, n) => {
        const name = `closes.h${n}`;
        let agent = await startRawAgent(stage.address, { agentId: name, handlers: [{ name }] });
        const task = await stage.client.submit(name);
        for (let closes = 0; closes < closesEach; closes += 1) {
          const waited = await closeAround(agent, random);
          if (waited !== null) waits.push(waited);
          agent = await resumeRawAgent(stage.address, agent);
        }
        const [assignment] = await nextAssignments(agent.stream);
        assert.equal(assignment?.attempt, 1);
        agent.stream.send(success(refOf(assignment), 'done'));
        assert.equal(await task.result({ timeout: '10s' }), 'done');
        const { attempts } = await task.get('full');
        assert.equal(attempts.length, 1);
        agent.stream.close();
      }),
    );
    assert.ok(waits.length > (agentsMax * closesEach) / 4, `${waits.length} saw an assignment`);
    assert.ok(
      Math.max(...waits) < 3000,
      `the longest wait was ${Math.round(Math.max(...waits))} ms`,
    );
  });

  it('hands it to another agent within the session limit where the first one died', async () => {
    const name = 'closes.died';
    const hello = { handlers: [{ name, slots: 0 }], slots: 20 };
    const dying = await startRawAgent(stage.address, { ...hello, agentId: 'dying' });
    const group = await stage.client.submitMany(name, Array(20).fill(null));
    await nextAssignments(dying.stream);
    dying.stream.close();
    const began = performance.now();
    const heir = await startRawAgent(stage.address, { ...hello, agentId: 'heir' });
    let moved = 0;
    while (moved < group.ids.length) {
      const assignments = await nextAssignments(heir.stream, 12_000);
      moved += assignments.length;
      for (const assignment of assignments) heir.stream.send(success(refOf(assignment), 'moved'));
    }
    const movedMs = Math.round(performance.now() - began);
    assert.ok(movedMs < 10_000, `the last one moved after ${movedMs} ms`);
    await group.results({ timeout: '10s' });
    heir.stream.close();
  });
});

/** Resets the stream when an assignment arrives, or at a random moment around it; answers how long that took to come. */
async function closeAround({ stream }: RawAgent, random: () => number): Promise<number | null> {
  const began = performance.now();
  const arrived = new Promise<number>((resolve) => {
    const look = (message: (typeof stream.received)[number]) => {
      if (assignmentsIn(message).length > 0) resolve(performance.now() - began);
    };
    for (const message of stream.received) look(message);
    stream.onMessage(look);
  });
  const waited =
    random() < 0.5
      ? await Promise.race([arrived, sleep(5000, Number.POSITIVE_INFINITY, { ref: false })])
      : await sleep(random() * 15, null);
  stream.cancel();
  return waited;
}
