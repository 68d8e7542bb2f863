// How long a task takes, seen from a client process: one after the other, or at random moments. The handler answers with
// the moment at which it began, by the clock that all processes of the machine share.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@muster/sdk';
import type { started } from '../handlers.ts';
import { type Latencies, type LatencyOrder, preciseNow } from '../protocol.ts';
import { percentilesOf } from '../result.ts';
import { inputOf } from './submit.ts';

/** Later than this, the client itself was too busy. */
const lateMs = 10;

/** Submits, awaits and measures. */
export async function race(by: Client, order: LatencyOrder): Promise<Latencies> {
  const input = inputOf(order.inputBytes);
  const toStart: number[] = [];
  const toResult: number[] = [];
  let asked = 0;
  const one = async (askedAt: number) => {
    const key = order.keys?.[asked % order.keys.length];
    asked += 1;
    const options = key === undefined ? {} : { key };
    const task = await by.submit<typeof started>('bench.started', input, options);
    const { startedAt } = await task.result();
    toStart.push(startedAt - askedAt);
    toResult.push(preciseNow() - askedAt);
  };
  const late = order.perSecond === 0 ? await inTurn(order, one) : await atRandom(order, one);
  return {
    tasks: toStart.length,
    toStart: percentilesOf(toStart),
    toResult: percentilesOf(toResult),
    late,
  };
}

type One = (askedAt: number) => Promise<void>;

async function inTurn({ tasks, forMs }: LatencyOrder, one: One): Promise<number> {
  const endAt = preciseNow() + forMs;
  for (let n = 0; n < tasks && preciseNow() < endAt; n += 1) await one(preciseNow());
  return 0;
}

/** Poisson: each wait has nothing to do with the one before. Answers how many were late because the client was too busy. */
export async function atRandom(
  { tasks, forMs, perSecond }: Pick<LatencyOrder, 'tasks' | 'forMs' | 'perSecond'>,
  one: One,
): Promise<number> {
  const underWay: Promise<void>[] = [];
  let late = 0;
  let next = preciseNow();
  const endAt = next + forMs;
  for (let n = 0; n < tasks; n += 1) {
    next += (-Math.log(1 - Math.random()) / perSecond) * 1000;
    if (next > endAt) break;
    const wait = next - preciseNow();
    if (wait > 0) await sleep(wait);
    if (preciseNow() - next > lateMs) late += 1;
    // Counted from the moment at which it was to be submitted, so that a stall is not left out.
    underWay.push(one(next));
  }
  await Promise.all(underWay);
  return late;
}
