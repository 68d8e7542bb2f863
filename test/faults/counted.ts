// What a test of counters tells of one step: the coordinator dies there under load, and afterwards the slots that are
// given are the slots that rows hold.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { Client } from '@muster/sdk';
import { type RecordedInput, recorded } from '../handlers/recorded.ts';
import { eventually } from '../harness/eventually.ts';
import { uuidV7 } from '../harness/task-ids.ts';
import { expectHonestHistory, newHistory, type Run, readRuns } from './history.ts';
import type { Step } from './steps.ts';

/** Long enough that nothing is sent ahead of a free slot. */
const runMs = 120;
/** Waves of tasks within which the moment of a step must come. */
const wavesMax = 30;
const wait = { timeout: '20s' } as const;

/** Where a coordinator can be killed at a moment. */
export interface CountedStage {
  readonly client: Client;
  /** Of all agents. */
  readonly slots: number;
  /** Lets a coordinator die at a step of these tasks. */
  arm(step: Step, ids: readonly string[]): void;
  /** Settles when it is dead. */
  death(): Promise<unknown>;
  revive(): Promise<void>;
  /** RUNNING rows of the agents' sessions. */
  countRunning(): Promise<number>;
}

/** Kills a coordinator at the step, and counts. */
export async function expectCounted(stage: CountedStage, step: Step): Promise<void> {
  const { slots } = stage;
  // Some begin at once, the others are claimed when slots are free.
  const taskCount = 2 * slots;
  const label = step.name.replace(/[ ,]+/g, '-');
  const history = newHistory();
  const submit = (ids: readonly string[], input: Partial<RecordedInput>) =>
    Promise.all(
      ids.map((id) =>
        stage.client.submit(recorded, { history, ...input }, { id, labels: { story: label } }),
      ),
    );
  const ids: string[] = [];
  stage.arm(step, ids);
  let isDead = false;
  const death = stage.death().then(() => {
    isDead = true;
  });
  const ends: Promise<unknown>[] = [];
  // Eager starts, for one, are offered only after it is known that nothing older waits.
  for (let wave = 1; !isDead; wave += 1) {
    assert.ok(wave <= wavesMax, 'the moment never came');
    const fresh = newIds(taskCount);
    ids.push(...fresh);
    const submitted = submit(fresh, { runMs });
    ends.push(submitted.then((tasks) => Promise.all(tasks.map((task) => task.result(wait)))));
    await Promise.race([death, ends.at(-1)]);
  }
  await stage.revive();
  await Promise.all(ends);

  // All slots can be had again, and no more than there are.
  const gate = `${history}.gate`;
  const more = newIds(slots + 2);
  const held = await submit(more, { gate });
  const begun = () => readRuns(history).filter(({ taskId }) => more.includes(taskId)).length;
  await eventually(begun, (runs) => runs === slots, { what: 'all slots to be taken' });
  assert.equal(await stage.countRunning(), slots);
  const fresh = await submit(newIds(1), { gate });
  assert.equal((await fresh[0]?.get())?.state, 'READY');
  assert.equal(await stage.countRunning(), slots);
  writeFileSync(gate, '');
  for (const task of [...held, ...fresh]) await task.result(wait);

  const all = [...ids, ...more, ...fresh.map(({ id }) => id)];
  const { tasks, runs } = await expectHonestHistory(stage.client, {
    label,
    history,
    ids: all,
  });
  assert.equal(runs.length, all.length, 'every task ran once');
  assert.ok(tasks.every(({ attempt, lostAttempts }) => attempt === 1 && lostAttempts === 0));
  assert.equal(mostAtOnce(runs), slots);
  await eventually(
    () => stage.countRunning(),
    (running) => running === 0,
  );
}

function newIds(count: number): string[] {
  return Array.from({ length: count }, () => uuidV7());
}

function mostAtOnce(runs: readonly Run[]): number {
  return Math.max(
    ...runs.map(
      ({ beganAt }) =>
        runs.filter((run) => run.beganAt <= beganAt && (run.endedAt ?? Infinity) > beganAt).length,
    ),
  );
}
