// What an idle agent costs the coordinator: processor time, memory and statements, with many against few.

import { statementsIn, untilQuiet } from '../database/quiet.ts';
import { megabytes, processorShareOf } from '../figures.ts';
import { type BenchAgents, startBenchAgents } from '../processes/agents.ts';
import { type Result, round } from '../result.ts';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

/** What is compared with. */
const fewMost = 10;
/** The others are shared out among so many processes. */
const processes = 4;

/** One result for few agents, one for all. Every agent has a connection of its own. */
export const agents: Scenario = {
  name: 'agents',
  about: 'connected agents that have nothing to do',
  extent: { agents: 2_000, seconds: 20 },
  engines: ['postgres'],
  beside: 'nothing',
  run: measure,
};

function measure({ server, nats, agents: count, seconds }: ScenarioContext): Promise<Result[]> {
  const few = Math.min(fewMost, Math.ceil(count / 10));
  return withSystem({ server, nats }, { slots: few, agents: few }, async (system) => {
    await system.agents.join();
    const before = await look(system, seconds);
    const others: BenchAgents[] = [];
    try {
      const each = Math.ceil((count - few) / processes);
      for (let left = count - few; left > 0; left -= each) {
        const options = { slots: Math.min(each, left), agents: Math.min(each, left) };
        others.push(await startBenchAgents(system.coordinator.address, options));
      }
      await Promise.all(others.map((process) => process.join()));
      await requireSessions(system, count);
      const after = await look(system, seconds);
      await requireSessions(system, count);
      const perAgent = (bytes: number) => round(bytes / (count - few) / 1024, 1);
      const costs = {
        'resident KB/agent': perAgent(after.residentBytes - before.residentBytes),
        'heap and buffers KB/agent': perAgent(after.heldBytes - before.heldBytes),
      };
      const result = { scenario: 'agents', database: server.engine, tasks: 0 };
      return [
        { ...result, variant: `${few} agents`, ...before.figures },
        {
          ...{ ...result, ...after.figures, variant: `${count} agents` },
          facts: { ...after.figures.facts, ...costs },
        },
      ];
    } finally {
      await Promise.all(others.map((process) => process.stop()));
    }
  });
}

/** Memory is read after garbage collection, when nobody connects any more. */
async function look({ coordinator, observer }: System, seconds: number) {
  await untilQuiet(observer);
  const processorShare = processorShareOf(coordinator.pid);
  const { count: statements, mostFrequent } = await statementsIn(observer, seconds);
  const share = processorShare();
  const { residentBytes, heapBytes, externalBytes } = await coordinator.ask('collect');
  const facts = {
    'statements a second': round(statements / seconds, 2),
    'coordinator, % of a processor': share,
    'resident MB after collection': megabytes(residentBytes),
    'most frequent': mostFrequent,
  };
  return {
    ...{ residentBytes, heldBytes: heapBytes + externalBytes },
    figures: { statements, memoryMb: megabytes(residentBytes), facts },
  };
}

async function requireSessions({ observer }: System, count: number): Promise<void> {
  const [row] = await observer.run<{ attached: string }>(
    'SELECT count(*) AS attached FROM sessions WHERE state = 1',
  );
  if (Number(row?.attached) === count) return;
  throw new Error(`${count} agents should be attached; ${row?.attached} are.`);
}
