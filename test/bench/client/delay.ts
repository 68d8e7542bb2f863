// Submits tasks in a client process that are to start later, or that fail and are tried again later.

import type { Client } from '@muster/sdk';
import type { timed } from '../handlers.ts';
import type { Delayed, DelayOrder } from '../protocol.ts';
import { atRandom } from './latency.ts';

/** Submits them, and waits for none. */
export async function delay(by: Client, order: DelayOrder): Promise<Delayed> {
  const { least, most } = order.delayMs;
  let submitted = 0;
  await atRandom(order, async () => {
    const ms = Math.round(least + Math.random() * (most - least));
    const options = ms > 0 ? { delay: `${ms}ms` as const } : {};
    await by.submit<typeof timed>('bench.timed', { failures: order.failures }, options);
    submitted += 1;
  });
  return { submitted };
}
