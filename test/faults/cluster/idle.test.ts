// hatchet#2538: an idle system sent 300,000 queries a day. Postgres itself counts what two idle coordinators send.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../../harness/eventually.ts';
import { stageCluster } from './story.ts';

const seconds = 20;
/** Of each coordinator. */
const statementsMaxPerSecond = 2;
/** Loops that look seldom; each may fall into the window once more than its share. */
const seldomLoops = 6;
/** Statements in a second, when what came before has been dealt with. */
const quiet = 10;

describe('an idle cluster [postgres]', () => {
  it('hatchet#2538: sends Postgres at most two statements a second for each coordinator', async (t) => {
    const settings = { shared_preload_libraries: 'pg_stat_statements' };
    const shape = { coordinators: 2, agents: 3, slots: 4, withoutNats: true };
    const { cluster, load, expectOnce } = await stageCluster(t, shape, { postgres: { settings } });
    const work = load();
    await eventually(() => work.told.size > 50);
    await work.stop();
    const counter = await startCounter(cluster.databaseUrl);
    t.after(() => counter.end());
    await eventually(
      () => counter.countFor(1_000),
      (count) => count <= quiet,
      { timeoutMs: 20_000, intervalMs: 0, what: 'a quiet second' },
    );
    const count = await counter.countFor(seconds * 1_000);
    const each = count / shape.coordinators;
    const told = `${each} statements of each coordinator in ${seconds} s`;
    console.log(told);
    const most = await counter.mostFrequent();
    assert.ok(each <= seconds * statementsMaxPerSecond + seldomLoops, `${told}: ${most}`);
    assert.ok(count > 0, 'somebody was counted');
    await expectOnce([work]);
  });
});

/** Counts statements in one database, by another. */
async function startCounter(databaseUrl: string) {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {});
  await client.connect();
  await client.query('CREATE EXTENSION pg_stat_statements');
  return {
    async countFor(ms: number): Promise<number> {
      await client.query('SELECT pg_stat_statements_reset()');
      await sleep(ms);
      const { rows } = await client.query<{ calls: string }>(
        `SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements s
         JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1`,
        [name],
      );
      return Number(rows[0]?.calls);
    },
    /** What was sent most often since the last count began. */
    async mostFrequent(): Promise<string> {
      const { rows } = await client.query<{ told: string }>(
        `SELECT calls || ' × ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 90) AS told
         FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1
         ORDER BY calls DESC LIMIT 12`,
        [name],
      );
      return rows.map(({ told }) => told).join('\n');
    },
    end: () => client.end(),
  };
}
