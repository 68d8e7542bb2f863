// The first example of the README, which a test holds to these very lines: define a handler,
// run it, submit a task, await its result. Needs a coordinator: `muster server` in another terminal.

import { createAgent } from '@muster/agent';
import { createClient, defineHandler } from '@muster/sdk';

const greet = defineHandler({
  name: 'hello.greet',
  retry: { maxAttempts: 5 },
  async run(input: { name: string }) {
    return `Hello, ${input.name}!`;
  },
});

const agent = createAgent({ handlers: [greet] });
await agent.start();

const client = createClient();
const task = await client.submit(greet, { name: 'Ada' });
console.log(await task.result());

await client.close();
await agent.drain();
