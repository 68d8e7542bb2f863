// A payment that is made once, although it is asked for twice and its first attempt fails
// at the worst moment: after the bank has taken the money.
//
// Two keys do it. The idempotency key makes two submits one task; the task's id, the same in every attempt, makes
// two requests to the bank one charge.
//
// Needs a coordinator: `muster server --database memory` in another terminal.

import { createAgent } from '@muster/agent';
import { createClient, defineHandler } from '@muster/sdk';

/** A bank, as many are: it takes a key with each charge, and makes one charge per key. */
const charges = new Map<string, number>();

const pay = defineHandler({
  name: 'payment.charge',
  retry: { maxAttempts: 5, initialDelay: '50ms' },
  run({ cents }: { order: string; cents: number }, { taskId, attempt }) {
    if (!charges.has(taskId)) charges.set(taskId, cents);
    if (attempt === 1) throw new Error('the connection to the bank broke');
    return { charged: cents };
  },
});

const agent = createAgent({ handlers: [pay], logger: false });
await agent.start();
const client = createClient();

// The customer presses the button twice.
const order = `order-${process.pid}-${Date.now()}`;
const press = () => client.submit(pay, { order, cents: 4_200 }, { idempotencyKey: order });
const [first, second] = await Promise.all([press(), press()]);
console.log(`the same task: ${first.id === second.id}`);

console.log(`charged: ${(await first.result()).charged}`);
const { attempt } = await first.get();
console.log(`attempts: ${attempt}, charges: ${charges.size}`);

await client.close();
await agent.drain();
