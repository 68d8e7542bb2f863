/** When the turns of schedules are looked for again, and whose ends are listened for. The database's answers are given by the test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as delivered } from 'node:timers/promises';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { emptySlotPool } from '../rules/slot-pool.ts';
import type { TaskId } from '../rules/task.ts';
import type { Schedules, Store } from '../store/store.ts';
import { systemTime } from '../time.ts';
import { noEvents } from '../wakeups/events/events.ts';
import { createInProcessWakeups } from '../wakeups/in-process.ts';
import { createTurns } from './turns.ts';

const logger = pino({ level: 'silent' });
const nothing = { turns: [], tasks: [], watched: [], cancelled: [] };

function turnsScene(answers: Partial<Schedules>) {
  const noted: TaskId[] = [];
  const schedules = {
    peek: async () => ({ lookInMs: null, watching: false }),
    takeTurns: async () => nothing,
    noteEnds: async (ids: readonly TaskId[]) => noted.push(...ids),
    ...answers,
  };
  const wakeups = createInProcessWakeups(logger);
  const loop = createTurns({
    ...{ wakeups, logger, events: noEvents, pool: emptySlotPool, time: systemTime },
    store: { schedules } as unknown as Store,
    config: { safetyPollIntervalMs: 60_000 } as Config,
  });
  return { loop, wakeups, noted };
}

describe('turns of schedules', () => {
  it('are looked for when the next one is due', async () => {
    const { loop } = turnsScene({ peek: async () => ({ lookInMs: 1_234, watching: false }) });
    assert.deepEqual(await loop.runOnce(), { did: 0, nextInMs: 1_234 });
    assert.deepEqual(await turnsScene({}).loop.runOnce(), { did: 0 });
  });

  it('are looked for again soon when somebody else holds what is due', async () => {
    const { loop } = turnsScene({ peek: async () => ({ lookInMs: -5, watching: false }) });
    const { did, nextInMs = Number.POSITIVE_INFINITY } = await loop.runOnce();
    assert.ok(did === 0 && nextInMs > 0 && nextInMs <= 1_000, String(nextInMs));
  });

  it('hear of the end of a task that was made by hand', async () => {
    const { loop, wakeups, noted } = turnsScene({
      peek: async () => ({ lookInMs: null, watching: true }),
      findEnds: async () => ({ ended: [], unfinished: [], last: null }),
    });
    loop.start();
    await loop.runOnce();
    const [mine, other] = ['mine', 'other'] as unknown as readonly [TaskId, TaskId];
    wakeups.publish('scheduled', { lookInMs: 0, watched: [mine] });
    await delivered();
    wakeups.publish('moved', { tasks: [{ taskId: mine, finished: false }] });
    await delivered();
    await loop.runOnce();
    assert.deepEqual(noted, []);
    wakeups.publish('moved', {
      tasks: [mine, other].map((taskId) => ({ taskId, finished: true })),
    });
    await delivered();
    await loop.runOnce();
    assert.deepEqual(noted, [mine]);
    await loop.stop();
  });
});
