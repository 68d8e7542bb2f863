// The client process of a bench: node client-main.ts ADDRESS. Reads orders from its standard input, one JSON object a
// line, and answers each with one line. Ends in order when that is closed, or by SIGTERM: then a profile of it is written.

import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, MusterError } from '@muster/sdk';
import type { started } from './handlers.ts';
import {
  type Latencies,
  type LatencyOrder,
  type Order,
  preciseNow,
  type SubmitOrder,
  type Submitted,
} from './protocol.ts';
import { percentilesOf } from './result.ts';

const client = createClient({ address: process.argv[2] ?? '', retryTimeout: '60s' });
const orders = createInterface({ input: process.stdin });
process.once('SIGTERM', () => orders.close());
console.log('client ready');
for await (const line of orders) {
  const order = JSON.parse(line) as Order;
  const answer = order.order === 'submit' ? await submit(client, order) : await race(client, order);
  console.log(JSON.stringify({ answer }));
}
await client.close();

/** An input that takes so many bytes as JSON. */
function inputOf(bytes: number): { text: string } {
  return { text: 'x'.repeat(Math.max(0, bytes - '{"text":""}'.length)) };
}

async function submit(by: Client, order: SubmitOrder): Promise<Submitted> {
  const { handler, tasks, callTasks, inFlight } = order;
  const input = inputOf(order.inputBytes);
  const inputs = Array.from({ length: callTasks }, () => input);
  const refused: Record<string, number> = {};
  const beganAt = Date.now();
  const endAt = beganAt + (order.forMs ?? Number.POSITIVE_INFINITY);
  let left = tasks;
  let submitted = 0;
  const loop = async () => {
    while (left > 0 && Date.now() < endAt) {
      const count = Math.min(left, callTasks);
      left -= count;
      try {
        if (callTasks === 1) await by.submit(handler, input);
        else await by.submitMany(handler, count === callTasks ? inputs : inputs.slice(0, count));
        submitted += count;
      } catch (error) {
        const reason = error instanceof MusterError ? error.reason : String(error);
        refused[reason] = (refused[reason] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return { submitted, refused, beganAt, endedAt: Date.now() };
}

/** The handler answers with the moment at which it began. */
async function race(by: Client, order: LatencyOrder): Promise<Latencies> {
  const { tasks, perSecond } = order;
  const input = inputOf(order.inputBytes);
  const toStart: number[] = [];
  const toResult: number[] = [];
  let late = 0;
  const one = async (askedAt: number) => {
    const task = await by.submit<typeof started>('bench.started', input);
    const { startedAt } = await task.result();
    toStart.push(startedAt - askedAt);
    toResult.push(preciseNow() - askedAt);
  };
  if (perSecond === 0) for (let n = 0; n < tasks; n += 1) await one(preciseNow());
  else {
    const underWay: Promise<void>[] = [];
    let next = preciseNow();
    for (let n = 0; n < tasks; n += 1) {
      next += (-Math.log(1 - Math.random()) / perSecond) * 1000;
      const wait = next - preciseNow();
      if (wait > 0) await sleep(wait);
      if (preciseNow() - next > 10) late += 1;
      // Counted from the moment at which it was to be submitted, so that a stall is not left out.
      underWay.push(one(next));
    }
    await Promise.all(underWay);
  }
  return { toStart: percentilesOf(toStart), toResult: percentilesOf(toResult), late };
}
