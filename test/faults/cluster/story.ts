// A story about a cluster under load: what most tests of a cluster share.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type PostgresOptions, startPostgres } from '../../harness/postgres.ts';
import { Chance } from '../../simulation/world/chance.ts';
import { seeded } from '../chance.ts';
import { newHistory } from '../history.ts';
import {
  type Cluster,
  type ClusterShape,
  type StartOptions,
  startCluster,
} from './places/cluster.ts';
import { type Load, type LoadSettings, startLoad } from './play/load.ts';
import { text } from './play/seed.ts';
import { type Judgement, judge } from './verdict/judge.ts';

/** A cluster on a Postgres of its own, for one test. */
export interface StagedCluster {
  readonly cluster: Cluster;
  /** Begins to submit work whose every task should be run once. */
  load(settings?: Pick<LoadSettings, 'everyMs' | 'addition'>): Load;
  /**
   * Stops what submits, waits for the end of every task, and fails unless each was run once and nobody was told
   * otherwise.
   */
  expectOnce(loads: readonly Load[]): Promise<Judgement>;
}

/** Starts one; the test ends it. */
export async function stageCluster(
  t: TestContext,
  shape: ClusterShape,
  options: StartOptions & { readonly postgres?: PostgresOptions } = {},
): Promise<StagedCluster> {
  const postgres = await startPostgres(options.postgres);
  const cluster = await startCluster(postgres, shape, options);
  t.after(async () => {
    await cluster.stop();
    await postgres.stop('immediate');
  });
  const history = newHistory();
  const label = 'cluster';
  const chance = new Chance(Math.floor(seeded(t.name)() * 2 ** 31));
  return {
    cluster,
    load: (settings = {}) => {
      const patient = [cluster.connect('60s'), cluster.connect('60s')];
      return startLoad({
        patient,
        impatient: [],
        history,
        label,
        chance,
        isPlain: true,
        ...settings,
      });
    },
    async expectOnce(loads) {
      for (const load of loads) await load.stop();
      const judgement = await judge({ cluster, loads, history, label });
      const complaints = await cluster.stop();
      const refusals = loads.flatMap((load) => load.refusals);
      assert.deepEqual(refusals, [], 'what clients were told');
      const { breaches, attempts, runs, tasks } = judgement;
      const found = [...breaches.map(text), ...complaints];
      assert.deepEqual(found.slice(0, 10), [], `${found.length} in all`);
      assert.deepEqual(attempts.slice(0, 5), [], 'attempts that ended no task');
      assert.equal(runs.length, tasks.length, 'runs');
      assert.ok(tasks.every(({ state }) => state === 'SUCCEEDED'));
      return judgement;
    },
  };
}
