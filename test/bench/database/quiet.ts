// How many statements a coordinator sends when it has nothing to do.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Observer } from './observer.ts';
import { until } from './observer.ts';

/** At most so many statements in a second: nobody connects any more. */
const quietPerSecond = 5;
const limitMs = 60_000;

/** Waits until what came before has been dealt with. */
export async function untilQuiet(observer: Observer): Promise<void> {
  await until(async () => (await statementsIn(observer, 1)) <= quietPerSecond, {
    ...{ everyMs: 0, limitMs, what: 'A quiet second' },
  });
}

/** Statements of the coordinator in so many seconds from now. */
export async function statementsIn(observer: Observer, seconds: number): Promise<number> {
  await observer.resetStatistics();
  await sleep(seconds * 1_000);
  return (await observer.statistics())?.statements ?? 0;
}
