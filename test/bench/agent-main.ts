// An agent process of a bench: node agent-main.ts ADDRESS SLOTS AGENTS. More than one agent in the process share its
// slots. Says `agents ready` when all sessions stand, and ends by SIGTERM.

import { createAgent } from '@muster/agent';
import { echo, noop, started } from './handlers.ts';

const [address = '', slots = '1', count = '1'] = process.argv.slice(2);
const agents = Array.from({ length: Number(count) }, (_, index) =>
  createAgent({
    address,
    agentId: `bench-${process.pid}-${index}`,
    slots: Math.ceil(Number(slots) / Number(count)),
    handlers: [noop, started, echo],
    drainGrace: '1s',
    logger: false,
  }),
);
// In groups, so that the coordinator's queue of connections is not overrun.
for (let at = 0; at < agents.length; at += 50)
  await Promise.all(agents.slice(at, at + 50).map((agent) => agent.start()));
console.log('agents ready');
await new Promise<void>((resolve) => {
  process.once('SIGTERM', () => resolve());
});
await Promise.all(agents.map((agent) => agent.drain()));
