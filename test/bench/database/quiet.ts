// How many statements a coordinator sends when it has nothing to do.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Observer } from './observer.ts';
import { until } from './observer.ts';

/** At most so many statements in a second: nobody connects any more. */
const quietPerSecond = 5;
const limitMs = 60_000;
/** Statements that are named, and how much of each. */
const shown = 5;
const shownLength = 60;

/** Waits until what came before has been dealt with. */
export async function untilQuiet(observer: Observer): Promise<void> {
  await until(async () => (await statementsIn(observer, 1)).count <= quietPerSecond, {
    ...{ everyMs: 0, limitMs, what: 'A quiet second' },
  });
}

/** Statements of the coordinator in so many seconds from now, and which were sent most often. */
export async function statementsIn(
  observer: Observer,
  seconds: number,
): Promise<{ readonly count: number; readonly mostFrequent: string }> {
  await observer.resetStatistics();
  await sleep(seconds * 1_000);
  const { statements = 0, top = [] } = (await observer.statistics()) ?? {};
  const mostFrequent = top
    .toSorted((a, b) => b.calls - a.calls)
    .slice(0, shown)
    .map(({ calls, text }) => `${calls} × ${text.slice(0, shownLength)}`);
  return { count: statements, mostFrequent: mostFrequent.join('; ') };
}
