// Wakeups within a process: gathered, bounded, and indifferent to a listener that throws.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { HandlerId, TaskId } from '../rules/task.ts';
import { createInProcessWakeups } from './in-process.ts';
import type { Hints } from './wakeups.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const moved = (id: string, finished: boolean): Hints['moved'] => ({
  tasks: [{ taskId: id as TaskId, finished }],
});

function harness() {
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, wakeups: createInProcessWakeups(logger) };
}

describe('wakeups in process', () => {
  it('gather the hints of one turn into one', async () => {
    const { wakeups } = harness();
    const heard: Hints[keyof Hints][] = [];
    for (const name of ['ready', 'delayed', 'moved'] as const)
      wakeups.subscribe(name, (hint) => heard.push(hint));
    wakeups.publish('ready', { handlerIds: [1 as HandlerId, 2 as HandlerId] });
    wakeups.publish('ready', { handlerIds: [2 as HandlerId, 3 as HandlerId] });
    wakeups.publish('delayed', { dueInMs: 500 });
    wakeups.publish('delayed', { dueInMs: 20 });
    wakeups.publish('moved', moved('a', false));
    wakeups.publish('moved', moved('a', true));
    assert.deepEqual(heard, []);
    await turn();
    assert.deepEqual(heard, [
      { handlerIds: [1, 2, 3], newest: false },
      { dueInMs: 20 },
      moved('a', true),
    ]);
  });

  it('log a listener that throws, and call the others', async () => {
    const { wakeups, lines } = harness();
    let heard = 0;
    wakeups.subscribe('dictionaries', () => {
      throw new Error('a defect');
    });
    wakeups.subscribe('dictionaries', () => {
      heard += 1;
    });
    wakeups.publish('dictionaries', {});
    await turn();
    assert.equal(heard, 1);
    assert.match(lines[0]?.msg ?? '', /a listener of wakeups threw/);
  });

  it('are not heard after listening has ended, or the whole has stopped', async () => {
    const { wakeups } = harness();
    let heard = 0;
    const stop = wakeups.subscribe('dictionaries', () => {
      heard += 1;
    });
    wakeups.publish('dictionaries', {});
    await turn();
    stop();
    wakeups.publish('dictionaries', {});
    await turn();
    assert.equal(heard, 1);
    wakeups.subscribe('dictionaries', () => assert.fail('It was heard.'));
    await wakeups.stop();
    wakeups.publish('dictionaries', {});
    await turn();
  });

  it('keep a bounded number, and say that they dropped some', async () => {
    const { wakeups, lines } = harness();
    let heard = 0;
    wakeups.subscribe('moved', ({ tasks }) => {
      heard += tasks.length;
    });
    for (let run = 0; run < 30; run += 1)
      wakeups.publish('moved', {
        tasks: Array.from({ length: 10_000 }, (_, n) => ({
          taskId: `${run}-${n}` as TaskId,
          finished: true,
        })),
      });
    await turn();
    assert.equal(heard, 200_000);
    assert.match(lines[0]?.msg ?? '', /dropped/);
  });
});
