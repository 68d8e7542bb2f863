/** Connections to Postgres that break while somebody uses them: an error for that one, and nothing for the process. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from 'kysely';
import { eachEngine } from '../../../../test/harness/engines.ts';
import { eventually } from '../../../../test/harness/eventually.ts';
import { startProxy } from '../../../../test/harness/proxy.ts';
import { StoreUnavailable } from '../errors.ts';
import { openStoreAndDatabase } from '../open.ts';
import { statement } from './database.ts';

const sleep = 'SELECT pg_sleep(60)';
const sleepSql = statement('test_sleep', sleep);
const sleepersSql = statement(
  'test_sleepers',
  `SELECT count(*)::int4 AS count FROM pg_stat_activity WHERE state = 'active' AND query LIKE '${sleep}%'
     AND datname = current_database()`,
);

eachEngine('a connection that breaks', (engine) => {
  // The embedded database has none.
  if (engine.name === 'pglite') return;

  it('fails whatever runs over it, and nobody else', async (t) => {
    const url = new URL(engine.databaseUrl ?? '');
    const watcher = await openStoreAndDatabase({ database: url.href });
    t.after(() => watcher.store.close());
    const proxy = await startProxy({ targetPort: Number(url.port), targetHost: url.hostname });
    t.after(() => proxy.close());
    url.host = proxy.address;
    const { store, database } = await openStoreAndDatabase({ database: url.href });
    t.after(() => store.close());

    const sleepers = [
      database.cold((kysely) => sql.raw(sleep).execute(kysely)),
      database.run(sleepSql, []),
      database.transaction(({ run }) => run(sleepSql, [])),
    ];
    const settled = Promise.allSettled(sleepers);
    await eventually(
      () => watcher.database.run<{ count: number }>(sleepersSql, []),
      ([row]) => row?.count === sleepers.length,
    );
    assert.ok(proxy.cut() >= sleepers.length);
    for (const each of await settled)
      assert.ok(each.status === 'rejected' && each.reason instanceof StoreUnavailable);
    await database.execute('SELECT 1');
  });
});
