/** How often waits look by themselves: seldom, but soon while other replicas cannot be heard; and what they are told. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { Config } from '../../config.ts';
import { type Awaiting, emptySlotPool, nobodyAwaits } from '../../rules/slot-pool.ts';
import type { NamespaceId, Task, TaskId } from '../../rules/task.ts';
import type { Time } from '../../rules/time.ts';
import type { Store } from '../../store/store.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { createWaiting, type Waiting } from './waiting.ts';

const config = {
  ...{ safetyPollIntervalMs: 5_000, peekIntervalMs: 1_000, waitsMax: 10, waitedTasksMax: 10 },
} as Config;
const waiter = { namespaceId: 1 as NamespaceId, ids: ['task' as TaskId], moved() {}, polled() {} };

function waitingOf(given: {
  readonly states: Store['tasks']['states'];
  readonly hearsOthers: () => boolean;
  readonly time: Time;
  readonly tell: (awaiting: Awaiting) => void;
}): Waiting {
  const { states, hearsOthers, time, tell } = given;
  return createWaiting({
    store: { tasks: { states } } as unknown as Store,
    wakeups: { subscribe: () => () => {}, hearsOthers } as unknown as Wakeups,
    pool: { ...emptySlotPool, tell },
    ...{ config, logger: pino({ level: 'silent' }), time },
  });
}

/** Looks of a wait in the first ten seconds, by a clock that is turned by hand. */
async function looksOf(hearsOthers: () => boolean): Promise<number> {
  let now = 0;
  let looks = 0;
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  const time = {
    now: () => now,
    random: () => 0,
    after(ms: number, action: () => void) {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  } as unknown as Time;
  const states = async () => {
    looks += 1;
    return new Map();
  };
  const waiting = waitingOf({ states, hearsOthers, time, tell: () => {} });
  waiting.start();
  const close = waiting.open(waiter);
  for (; now <= 10_000; now += 100) {
    for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.action();
    // Lets the run that began come to its end.
    await new Promise(setImmediate);
  }
  close();
  await waiting.stop();
  return looks;
}

describe('waits', () => {
  it('look by themselves at every safety poll', async () => {
    assert.equal(await looksOf(() => true), 3);
  });

  it('look every second while other replicas cannot be heard', async () => {
    assert.equal(await looksOf(() => false), 11);
  });

  it('are told of tasks that they want, and of nobody else’s', () => {
    let dispatch = nobodyAwaits;
    const waiting = waitingOf({
      ...{ states: async () => new Map(), hearsOthers: () => true, time: {} as Time },
      tell: (awaiting) => {
        dispatch = awaiting;
      },
    });
    const heard: string[] = [];
    const [plain, wanted] = ['plain' as TaskId, 'wanted' as TaskId];
    const ended = ({ id, namespaceId }: Task) => void heard.push(`${namespaceId} ${id}`);
    const closes = [
      waiting.open({ ...waiter, ids: [plain] }),
      waiting.open({ ...waiter, ids: [plain, wanted], ended }),
      waiting.open({ ...waiter, namespaceId: 2 as NamespaceId, ids: [wanted], ended }),
    ];
    closes[1]?.();
    assert.equal(dispatch.wants(plain), false);
    assert.equal(dispatch.wants(wanted), true);
    for (const namespaceId of [1, 2]) dispatch.ended({ id: wanted, namespaceId } as Task);
    assert.deepEqual(heard, ['2 wanted']);
    closes[2]?.();
    assert.equal(dispatch.wants(wanted), false);
  });
});
