// The client process of a bench: node client-main.ts ADDRESS RETRY-TIMEOUT CLIENTS. Reads orders from its standard input,
// one JSON object a line, and answers each with one line. More clients than one take turns with calls at a rate. Ends in order when that is closed, or by SIGTERM: then a profile of it is
// written.

import { createInterface } from 'node:readline';
import { createClient, type Duration } from '@muster/sdk';
import { delay } from './client/delay.ts';
import { race } from './client/latency.ts';
import { settle } from './client/settle.ts';
import { submit, submitAtRate } from './client/submit.ts';
import type { Order } from './protocol.ts';

const [address = '', retryTimeout = '60s', count = '1'] = process.argv.slice(2);
const options = { address, retryTimeout: retryTimeout as Duration };
const client = createClient(options);
const others = Array.from({ length: Number(count) - 1 }, () => createClient(options));
const orders = createInterface({ input: process.stdin });
process.once('SIGTERM', () => orders.close());

async function obey(order: Order): Promise<object> {
  if (order.order === 'latency') return race(client, order);
  if (order.order === 'settle') return settle(client);
  // Loaded when asked for: `--against` runs this beside commits that have no schedules.
  if (order.order === 'apply') return (await import('./client/apply.ts')).apply(client, order);
  if (order.order === 'delay') return delay(client, order);
  if (order.order === 'limit') return client.limits.setHandler(order.handler, order.limits);
  return order.perSecond === undefined
    ? submit(client, order)
    : submitAtRate([client, ...others], order, order.perSecond);
}

console.log('client ready');
for await (const line of orders) {
  console.log(JSON.stringify({ answer: await obey(JSON.parse(line) as Order) }));
}
await Promise.all([client, ...others].map((each) => each.close()));
