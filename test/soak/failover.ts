// How long it takes until what a dead agent ran is running again, and until the agents of a dead coordinator are at
// another one; and that nothing else is ever run again.

import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hit } from '../faults/cluster/play/journal.ts';
import type { Told } from '../faults/cluster/play/load.ts';
import { startLoad } from '../faults/cluster/play/load.ts';
import { type Attached, readAttached } from '../faults/cluster/verdict/evidence.ts';
import { clockMs, type Run, readRuns } from '../faults/history.ts';
import { recorded } from '../handlers/recorded.ts';
import { eventually } from '../harness/eventually.ts';
import { uuidV7 } from '../harness/task-ids.ts';
import { Chance } from '../simulation/world/chance.ts';
import { onStage, report, type SoakStage } from './stage.ts';
import type { Story } from './story.ts';

const rounds = 20;
const shape = { coordinators: 3, agents: 4, slots: 20 };
/** Three agents must have room for all of them. */
const tasksPerRound = 56;
const movedMaxMs = 10_000;
const outageMs = 60_000;

/** Kills in rounds, and an outage of Postgres. */
export const failover: Story = {
  name: 'failover',
  about: `${rounds} times kill -9 of a coordinator and of an agent; Postgres down for 60 s`,
  async run() {
    const killed = await onStage(shape, killInRounds);
    const away = await onStage({ ...shape, coordinators: 2 }, stopPostgres);
    return killed && away;
  },
};

/** What one round has shown. */
interface Round {
  /** From the death of the coordinator to the last agent at another one, in milliseconds. */
  readonly attachedMs: number;
  /** From the death of the agent to the start of the last of its tasks elsewhere. */
  readonly movedMs: number;
  readonly moved: number;
}

async function killInRounds(stage: SoakStage): Promise<boolean> {
  const told = new Map<string, Told>();
  const hits: Hit[] = [];
  const results: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const result = await playRound(stage, round, told, hits);
    results.push(result);
    const { attachedMs, movedMs, moved } = result;
    console.log(
      `round ${round + 1}: agents at another coordinator after ${attachedMs} ms; ${moved} tasks of the dead agent run again after ${movedMs} ms`,
    );
  }
  const { breaches, runs, attempts } = await stage.end([{ told }], hits);
  const worst = (value: (round: Round) => number) => Math.max(...results.map(value));
  const moved = results.reduce((sum, each) => sum + each.moved, 0);
  const again = runs.length - told.size;
  return [
    report(
      worst(({ movedMs }) => movedMs) < movedMaxMs,
      `a dead agent's tasks: worst ${worst(({ movedMs }) => movedMs)} ms`,
    ),
    report(
      worst(({ attachedMs }) => attachedMs) < movedMaxMs,
      `a dead coordinator's agents: worst ${worst(({ attachedMs }) => attachedMs)} ms`,
    ),
    report(
      again === moved && attempts.length === moved,
      `${told.size} attempts lost their connection or coordinator, ${again - moved} of them were run again`,
    ),
    report(breaches.length === 0, `${breaches.length} promises broken in all`),
  ].every(Boolean);
}

/** Fills the agents with tasks, cuts everybody off, kills a coordinator and then an agent, and lets all end. */
async function playRound(
  stage: SoakStage,
  round: number,
  told: Map<string, Told>,
  hits: Hit[],
): Promise<Round> {
  const { cluster, history } = stage;
  const gate = `${history}.gate-${round}`;
  const ids = await submitGated(stage, gate, told);
  const mine = () => readRuns(history).filter(({ taskId }) => ids.has(taskId));
  await eventually(mine, (runs) => runs.length === ids.size, { what: 'all tasks to run' });

  const coordinator = cluster.coordinators[round % shape.coordinators];
  const before = await readAttached(cluster.databaseUrl);
  const cutAt = clockMs();
  for (const wire of cluster.wires.agents.flat()) wire.cut();
  await coordinator?.kill();
  await eventually(
    () => readAttached(cluster.databaseUrl),
    (now) => before.every((agent) => now.some((each) => isLater(each, agent))),
    { timeoutMs: 30_000, what: 'all agents to be attached' },
  );
  const attachedMs = Math.round(clockMs() - cutAt);

  const agent = cluster.agents[round % shape.agents];
  const pid = agent?.pid;
  const stuck = new Set(
    mine()
      .filter((run) => run.pid === pid)
      .map(({ taskId }) => taskId),
  );
  hits.push({ from: Date.now(), to: Infinity, agentId: `${agent?.name}.${agent?.life}` });
  const killedAt = clockMs();
  await agent?.kill();
  const second = ({ taskId, attempt }: Run) => attempt > 1 && stuck.has(taskId);
  const again = await eventually(
    () => mine().filter(second),
    (runs) => runs.length === stuck.size,
    {
      timeoutMs: 60_000,
      what: 'the tasks of the dead agent to run again',
    },
  );
  const movedMs = Math.round(Math.max(killedAt, ...again.map(({ beganAt }) => beganAt)) - killedAt);

  writeFileSync(gate, '');
  await eventually(
    mine,
    (runs) => runs.filter(({ end }) => end === 'finished').length === ids.size,
    {
      timeoutMs: 30_000,
      what: 'all tasks to end',
    },
  );
  await Promise.all([coordinator?.start(), agent?.start()]);
  return { attachedMs, movedMs, moved: stuck.size };
}

const isLater = (now: Attached, before: Attached) =>
  now.agentId === before.agentId && now.attachment > before.attachment;

async function submitGated(
  { cluster, history, label }: SoakStage,
  gate: string,
  told: Map<string, Told>,
) {
  const client = cluster.connect('60s');
  const ids = new Set(Array.from({ length: tasksPerRound }, () => uuidV7()));
  await Promise.all(
    [...ids].map(async (id) => {
      await client.submit(recorded, { history, gate }, { id, labels: { story: label } });
      told.set(id, { id, failures: 0, acknowledged: true, cancelled: false, seen: undefined });
    }),
  );
  return ids;
}

async function stopPostgres({ cluster, history, label, end }: SoakStage): Promise<boolean> {
  const load = startLoad({
    patient: [cluster.connect('60s'), cluster.connect('60s')],
    impatient: [],
    ...{ history, label, chance: new Chance(1), everyMs: 100 },
  });
  await eventually(() => load.told.size > 200);
  await load.stop();
  await cluster.postgres.stop('fast');
  const more = startLoad({
    patient: [cluster.connect('60s')],
    impatient: [cluster.connect('0s')],
    ...{ history, label, chance: new Chance(2), everyMs: 500 },
  });
  await sleep(outageMs);
  await cluster.postgres.start();
  await more.stop();
  const { breaches, attempts, tasks } = await end([load, more]);
  const lost = attempts.filter(({ outcome }) => outcome === 'LOST').length;
  return [
    report(
      lost === 0,
      `Postgres down for ${outageMs / 1000} s: ${tasks.length} tasks, ${lost} run again`,
    ),
    report(breaches.length === 0, `${breaches.length} promises broken in all`),
  ].every(Boolean);
}
