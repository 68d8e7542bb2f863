// An agent process of a bench: node agent-main.ts ADDRESS SLOTS AGENTS. More than one agent in the process share its
// slots. They join and leave as they are told on standard input; the process ends by SIGTERM or when that is closed.

import { createInterface } from 'node:readline';
import { type Agent, createAgent } from '@muster/agent';
import { echo, noop, started } from './handlers.ts';
import type { AgentsWord } from './protocol.ts';

/** So many at a time, so that the coordinator's queue of connections is not overrun. */
const joinAtOnce = 50;

const [address = '', slots = '1', count = '1'] = process.argv.slice(2);
let agents: readonly Agent[] = [];

async function join(): Promise<void> {
  agents = Array.from({ length: Number(count) }, (_, index) =>
    createAgent({
      address,
      agentId: `bench-${process.pid}-${index}`,
      slots: Math.ceil(Number(slots) / Number(count)),
      handlers: [noop, started, echo],
      drainGrace: '1s',
      logger: false,
    }),
  );
  for (let at = 0; at < agents.length; at += joinAtOnce)
    await Promise.all(agents.slice(at, at + joinAtOnce).map((agent) => agent.start()));
}

async function leave(): Promise<void> {
  await Promise.all(agents.map((agent) => agent.drain()));
  agents = [];
}

const words = createInterface({ input: process.stdin });
process.once('SIGTERM', () => words.close());
console.log('agents started');
for await (const word of words) {
  if ((word as AgentsWord) === 'join') await join();
  else await leave();
  console.log(agents.length > 0 ? 'agents ready' : 'agents gone');
}
await leave();
