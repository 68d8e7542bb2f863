// The coordinator dies by SIGKILL while tasks run, and comes back on the same data after 2 s and after
// 60 s; agents finish meanwhile. Nothing is lost and nothing is run twice: no attempt number moves and
// no attempt is LOST. All variants, on both engines, wait side by side.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@muster/sdk';
import { type RecordedInput, recorded } from '../handlers/recorded.ts';
import { startAgent, startAgentProcess } from '../harness/agents.ts';
import { startCoordinator } from '../harness/coordinator.ts';
import { type Engine, eachEngine } from '../harness/engines.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/ports.ts';
import { clockMs, expectHonestHistory, newHistory, readRuns } from './history.ts';

/** Slots of both agents; that many tasks run when the coordinator dies, and as many wait. */
const slots = 40;
/** Of those that run, so many go on until the coordinator has compared its memory with the rows. */
const held = 8;
/** Comparisons come so often that many have passed before the held ones end. */
const flags = ['--safety-poll-interval', '200ms'];
/** The last of the running tasks end so long after the outage. */
const afterMs = 6_000;
const waitingRunMs = 500;

describe('a coordinator that is killed', { concurrency: true }, () => {
  eachEngine('and comes back on its data', (engine) => {
    describe('while tasks run', { concurrency: true }, () => {
      for (const outageMs of [2_000, 60_000])
        it(`after ${outageMs / 1000} s: nothing is lost, nothing is run twice`, async (t) => {
          await tell(t, engine, outageMs);
        });
    });
  });
});

async function tell(t: TestContext, engine: Engine, outageMs: number): Promise<void> {
  const label = `coordinator-killed-${outageMs}`;
  const labels = { story: label };
  const history = newHistory();
  const database = (await engine.freshDatabase()) ?? engine.freshFolder();
  const grpcAddress = `127.0.0.1:${await freePort()}`;
  const first = await startCoordinator(engine, { database, grpcAddress });
  const client = createClient({ address: grpcAddress, retryTimeout: '100s' });
  const own = await startAgent(grpcAddress, { handlers: [recorded], slots: slots / 2 });
  const other = await startAgentProcess(grpcAddress, 'recorded.ts', { slots: slots / 2 });
  t.after(async () => {
    await Promise.all([first.kill(), other.process.end(), own.stop(), client.close()]);
  });

  const gate = `${history}.gate`;
  // Ends are spread over the whole outage and some seconds more.
  const running = await client.submitMany(
    recorded,
    [
      ...inputs(history, slots - held, (n) => 1_000 + ((outageMs + afterMs) * n) / slots),
      ...Array.from({ length: held }, () => ({ history, gate })),
    ],
    { labels },
  );
  await eventually(() => readRuns(history).length === slots);
  const waiting = await client.submitMany(
    recorded,
    inputs(history, slots, () => waitingRunMs),
    { labels },
  );

  await first.kill();
  const killedAt = clockMs();
  const late = client.submit(recorded, { history, runMs: waitingRunMs }, { labels });
  await sleep(outageMs);
  const endedMeanwhile = readRuns(history).filter(({ endedAt = 0 }) => endedAt > killedAt).length;
  const second = await startCoordinator(engine, { database, grpcAddress, flags });
  t.after(() => second.kill());
  assert.ok(endedMeanwhile >= slots / 10, `${endedMeanwhile} runs ended during the outage`);

  await waiting.results({ timeout: '40s' });
  const lateTask = await late;
  await lateTask.result({ timeout: '40s' });
  writeFileSync(gate, '');
  await running.results({ timeout: '40s' });
  const ids = [...running.ids, ...waiting.ids, lateTask.id];
  const { tasks, runs } = await expectHonestHistory(client, { label, history, ids });
  assert.equal(runs.length, ids.length);
  for (const { id, attempt, lostAttempts } of tasks)
    assert.deepEqual([attempt, lostAttempts], [1, 0], id);
  // What ran when the coordinator died was never handed over again.
  for (const task of tasks) if (running.ids.includes(task.id)) assert.equal(task.leaseEpoch, 1);
  console.log(
    `${engine.name}, ${outageMs} ms: ${ids.length} tasks, ${endedMeanwhile} ended meanwhile`,
  );
  await own.stop();
  await other.stop();
  await client.close();
  await second.stop();
}

function inputs(history: string, count: number, runMs: (n: number) => number): RecordedInput[] {
  return Array.from({ length: count }, (_, n) => ({ history, runMs: runMs(n) }));
}
