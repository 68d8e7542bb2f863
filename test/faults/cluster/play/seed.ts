// How a seed is played: start a cluster, begin steady work, let everything go wrong that the seed has planned, mend it
// all, wait in calm until every task has ended, and hold what happened to the promises.

import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresServer } from '../../../harness/postgres.ts';
import { Chance } from '../../../simulation/world/chance.ts';
import { newHistory } from '../../history.ts';
import { type Cluster, type ClusterShape, startCluster } from '../places/cluster.ts';
import { judge } from '../verdict/judge.ts';
import type { Breach } from '../verdict/verdict.ts';
import type { PlannedFault } from './fault-kinds.ts';
import { type PlayedFaults, playFaults } from './faults.ts';
import { startLoad } from './load.ts';
import { planFaults, type Trouble } from './plan.ts';

/** What came of a seed. */
export interface SeedResult {
  readonly seed: number;
  /** The kinds of the faults that happened. */
  readonly faults: readonly string[];
  /** Tasks that were submitted, and those of which the submit returned. */
  readonly tasks: number;
  readonly acknowledged: number;
  readonly runs: number;
  readonly lostAttempts: number;
  readonly breaches: readonly Breach[];
  /** What processes complained of, and what else was not in order. */
  readonly complaints: readonly string[];
  /** Where logs, faults and breaches lie, if any promise was broken. */
  readonly folder: string | undefined;
}

/** What is played. */
export interface Play {
  readonly shape: ClusterShape;
  readonly trouble: Trouble;
  /** Told of each step, while it is played. Default: nobody. */
  readonly say?: (step: string) => void;
}

/** The cluster and the trouble of a long soak. */
export const longPlay: Play = {
  shape: { coordinators: 3, agents: 6, slots: 10 },
  trouble: { faultyMs: 45_000, everyMs: 5_000, lastsMaxMs: 14_000 },
};

const label = 'seed';

/** Plays one seed on a database of its own. */
export async function playSeed(
  postgres: PostgresServer,
  seed: number,
  play: Play,
): Promise<SeedResult> {
  const { shape, trouble, say = () => {} } = play;
  const faults = planFaults(new Chance(seed), trouble, shape);
  say('starting the cluster');
  const cluster = await startCluster(postgres, shape, { random: new Chance(seed + 1).number });
  try {
    return await playOn(cluster, seed, faults, say);
  } finally {
    await cluster.stop();
  }
}

async function playOn(
  cluster: Cluster,
  seed: number,
  faults: readonly PlannedFault[],
  say: (step: string) => void,
): Promise<SeedResult> {
  const history = newHistory();
  const load = startLoad({
    patient: [cluster.connect('60s'), cluster.connect('60s')],
    impatient: [cluster.connect('0s')],
    ...{ history, label, chance: new Chance(seed + 2) },
  });
  const played = await playFaults(cluster, faults, say);
  say('nothing goes wrong any more');
  await load.stop();
  say('nothing more is submitted');
  const judgement = await judge({ cluster, loads: [load], history, label, hits: played.hits });
  say('every task and every wait has ended, or should have');
  const complaints = [...load.refusals, ...(await cluster.stop())];
  const { breaches, witnessed, runs, attempts } = judgement;
  const isBad = breaches.length > 0 || complaints.length > 0;
  return {
    ...{ seed, breaches, complaints, runs: runs.length, faults: played.kinds },
    tasks: witnessed.length,
    acknowledged: witnessed.filter(({ acknowledged }) => acknowledged).length,
    lostAttempts: attempts.filter(({ outcome }) => outcome === 'LOST').length,
    folder: isBad ? keep(seed, cluster, played, [...complaints, ...breaches.map(text)]) : undefined,
  };
}

/** One line about a breach. */
export function text({ rule, taskId, told }: Breach): string {
  return `${rule}: ${taskId} ${told}`;
}

function keep(
  seed: number,
  cluster: Cluster,
  { told, hits }: PlayedFaults,
  found: readonly string[],
): string {
  const folder = join(tmpdir(), `muster-soak-${seed}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'found'),
    [...told, ...hits.map((hit) => JSON.stringify(hit)), ...found].join('\n'),
  );
  for (const { name, lines } of [...cluster.coordinators, ...cluster.agents])
    writeFileSync(join(folder, `${name}.log`), lines.join('\n'));
  return folder;
}
