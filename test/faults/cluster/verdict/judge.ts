// The end of a story: calm, in which every task must end and every wait be answered, and then the verdict.

import { eventually } from '../../../harness/eventually.ts';
import { type Run, readRuns } from '../../history.ts';
import type { Cluster } from '../places/cluster.ts';
import { defaultReach, type Hit, isExcused } from '../play/journal.ts';
import type { Load } from '../play/load.ts';
import { countUnfinished, type Evidence, readEvidence } from './evidence.ts';
import { type Breach, breachesOf, type Witnessed } from './verdict.ts';

/** What is known when all is over. */
export interface Judgement extends Evidence {
  readonly breaches: readonly Breach[];
  readonly witnessed: readonly Witnessed[];
  readonly runs: readonly Run[];
}

/** What was played. */
export interface Played {
  readonly cluster: Cluster;
  /** They have stopped. */
  readonly loads: readonly Pick<Load, 'told'>[];
  readonly history: string;
  readonly label: string;
  /** Whom faults kept from whom. Default: nobody. */
  readonly hits?: readonly Hit[];
}

/** Everything has ended so long after the last fault. */
const calmMs = 60_000;
/** Waits get a moment more than tasks: they are told by a look of their own. */
const waitsMs = 10_000;

/** Waits until every task has ended, or should have, and judges. */
export async function judge({
  cluster,
  loads,
  history,
  label,
  hits = [],
}: Played): Promise<Judgement> {
  const { databaseUrl, agents } = cluster;
  const reach = { ...defaultReach, coordinators: cluster.coordinators.length };
  // What has not ended by then is found below, task by task.
  await eventually(
    () => countUnfinished(databaseUrl, label),
    (count) => count === 0,
    { timeoutMs: calmMs, intervalMs: 250 },
  ).catch(() => {});
  const witnessed = (await Promise.all(loads.map(bearWitness))).flat();
  const evidence = await readEvidence(databaseUrl, label);
  const runs = readRuns(history);
  const asked = new Set(
    agents.flatMap(({ name, askedToStop }) => [...askedToStop].map((life) => `${name}.${life}`)),
  );
  const breaches = breachesOf({
    ...{ ...evidence, witnessed, runs },
    isExcused: (agentId, lostAt) => isExcused(hits, agentId, lostAt, reach),
    wasAskedToStop: (agentId) => asked.has(agentId),
  });
  return { ...evidence, witnessed, runs, breaches };
}

async function bearWitness({ told }: Pick<Load, 'told'>): Promise<Witnessed[]> {
  const timeout = new Promise<'pending'>((resolve) => {
    setTimeout(resolve, waitsMs, 'pending' as const).unref();
  });
  return Promise.all(
    [...told.values()].map(async ({ seen, ...rest }) => ({
      ...rest,
      seen: seen && (await Promise.race([seen, timeout])),
    })),
  );
}
