// An agent process of a bench: node agent-main.ts ADDRESS SLOTS AGENTS. More than one agent in the process share its
// slots. They join and leave, and tell what they have noted, as they are told on standard input; the process ends by SIGTERM or
// when that is closed.

import { createInterface } from 'node:readline';
import { type Agent, createAgent } from '@muster/agent';
import { echo, noop, started, takeStarts, timed } from './handlers.ts';
import type { AgentsWord, Noted } from './protocol.ts';

/** So many at a time, so that the coordinator's queue of connections is not overrun. */
const joinAtOnce = 50;
/** Timers are set shortly before their moment, as a program would that has nothing else to do. */
const timerAheadMs = 900;

const [address = '', slots = '1', count = '1'] = process.argv.slice(2);
let agents: readonly Agent[] = [];
let timers: number[] = [];

async function join(): Promise<void> {
  agents = Array.from({ length: Number(count) }, (_, index) =>
    createAgent({
      address,
      agentId: `bench-${process.pid}-${index}`,
      slots: Math.ceil(Number(slots) / Number(count)),
      handlers: [noop, started, echo, timed],
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

/** What Node itself allows in this process: nothing that is told to start at these moments starts sooner. */
function setTimers([from = 0, moments = 0, each = 0]: readonly number[]): void {
  const note = (at: number) => void timers.push(Date.now() - at);
  const set = (at: number) => {
    for (let n = 0; n < each; n += 1) setTimeout(note, at - Date.now(), at);
  };
  for (let moment = 0; moment < moments; moment += 1) {
    const at = from + moment * 1_000;
    setTimeout(set, at - timerAheadMs - Date.now(), at);
  }
}

function take(): string {
  const noted: Noted = { starts: takeStarts(), timers };
  timers = [];
  return JSON.stringify({ noted });
}

async function obey(word: AgentsWord): Promise<string> {
  if (word === 'take') return take();
  if (word === 'join') await join();
  else if (word === 'leave') await leave();
  else {
    setTimers(word.split(' ').slice(1).map(Number));
    return 'timers set';
  }
  return agents.length > 0 ? 'agents ready' : 'agents gone';
}

const words = createInterface({ input: process.stdin });
process.once('SIGTERM', () => words.close());
console.log('agents started');
for await (const word of words) console.log(await obey(word as AgentsWord));
await leave();
