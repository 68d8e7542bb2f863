// The one loop: it never overlaps, hears nudges, survives outages, and stops.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { createLoop, type LoopReport } from './loop.ts';
import { StoreUnavailable } from './store/errors.ts';
import { systemTime } from './time.ts';

/** Loops take their whole interval. */
const unhurried = { ...systemTime, random: () => 0 };

function harness(runOnce: () => Promise<LoopReport>, intervalMs = 60_000, restMs = 0) {
  const lines: { level: number; msg: string }[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => lines.push(JSON.parse(line)) },
  );
  return {
    lines,
    loop: createLoop({ name: 'test', intervalMs, restMs, logger, runOnce, time: unhurried }),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('the loop', () => {
  it('runs at once, and again no later than asked', async () => {
    let runs = 0;
    const { loop } = harness(async () => ({ did: 0, nextInMs: ++runs < 3 ? 1 : 60_000 }));
    loop.start();
    await until(() => runs >= 3);
    await loop.stop();
  });

  it('follows a run with another one if it was nudged meanwhile, and never overlaps', async () => {
    let runs = 0;
    let open = 0;
    let finish = () => {};
    const { loop } = harness(async () => {
      runs += 1;
      open += 1;
      assert.equal(open, 1);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      open -= 1;
      return { did: 1 };
    });
    loop.start();
    await until(() => runs >= 1);
    for (let count = 0; count < 10; count += 1) loop.nudge();
    finish();
    await until(() => runs >= 2);
    const stopped = loop.stop();
    finish();
    await stopped;
    loop.nudge();
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(runs, 2);
  });

  it('wakes for the nearest of several nudges, and rests between runs', async () => {
    const at: number[] = [];
    const { loop } = harness(
      async () => {
        at.push(performance.now());
        return { did: 0 };
      },
      60_000,
      30,
    );
    loop.start();
    await until(() => at.length >= 1);
    loop.nudgeIn(50_000);
    loop.nudgeIn(1);
    await until(() => at.length >= 2);
    assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 20, `${at}`);
    await loop.stop();
  });

  it('logs an outage of the database once, survives it, and says when it is over', async () => {
    let runs = 0;
    const { loop, lines } = harness(async () => {
      runs += 1;
      if (runs <= 3) throw new StoreUnavailable('gone');
      return { did: 0 };
    }, 2);
    loop.start();
    await until(() => runs >= 5);
    await loop.stop();
    assert.deepEqual(
      lines.map(({ level, msg }) => [level, msg]),
      [
        [40, 'the database cannot be reached; the loop goes on trying'],
        [30, 'the database answers again'],
      ],
    );
  });

  it('goes on after any other error', async () => {
    let runs = 0;
    const { loop, lines } = harness(async () => {
      runs += 1;
      throw new Error('a defect');
    }, 1);
    loop.start();
    await until(() => runs >= 3);
    await loop.stop();
    assert.ok(lines.length >= 2 && lines.every(({ level }) => level === 50));
  });
});
