/** Migrations: once, in order, and never under a newer or another schema. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eachEngine } from '../../../test/harness/engines.ts';
import type { Database } from './engines/database.ts';
import { SchemaChanged, SchemaNewer, SchemaOlder } from './errors.ts';
import { migrate, readMigrations } from './migrations.ts';
import { openStore, openStoreAndDatabase } from './open.ts';
import type { Store } from './store.ts';

eachEngine('migrations', (engine) => {
  let store: Store;
  let database: Database;
  before(async () => {
    const where = (await engine.freshDatabase()) ?? 'memory';
    ({ store, database } = await openStoreAndDatabase({ database: where }));
  });
  after(() => store.close());

  const known = readMigrations();
  const migrateWith = (migrations = known) =>
    database.migrate((connection) => migrate(connection, 'all', migrations));

  test('are applied once', async () => {
    let applied: readonly number[] = [0];
    await database.migrate(async (connection) => {
      applied = await migrate(connection, 'new only');
    });
    assert.deepEqual(applied, []);
  });

  test('are not applied to an older schema that may not be changed, naming both versions', async () => {
    const next = { number: known.length + 9, name: 'next', sql: '', checksum: 'next' };
    const refused = database.migrate((connection) =>
      migrate(connection, 'new only', [...known, next]),
    );
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof SchemaOlder);
      const versions = `version ${known.length}, this Muster needs ${known.length + 9}`;
      assert.match(error.message, new RegExp(`${versions}.*--migrate`));
      return true;
    });
  });

  test('that are missing are applied in order, and one that fails leaves nothing behind', async () => {
    const next = (number: number, sql: string) => ({
      number,
      name: 'next',
      sql,
      checksum: `${number}`,
    });
    const last = known.length;
    const bad = next(last + 2, 'CREATE TABLE second (a int); SELECT nonsense');
    const good = next(last + 1, 'CREATE TABLE first (a int)');
    await assert.rejects(migrateWith([...known, good, bad]));
    await database.execute('SELECT a FROM first');
    await assert.rejects(database.execute('SELECT a FROM second'));
  });

  test('of a newer Muster are refused, naming both versions', async () => {
    const newest = known.length + 1;
    await assert.rejects(migrateWith(), (error) => {
      assert.ok(error instanceof SchemaNewer);
      assert.match(
        error.message,
        new RegExp(`version ${newest}, this Muster knows ${known.length}`),
      );
      return true;
    });
  });

  test('that were edited after they were applied are refused, naming the file', async () => {
    const [first, ...rest] = known;
    assert.ok(first);
    const edited = { ...first, checksum: 'f'.repeat(64) };
    const newer = {
      number: known.length + 1,
      name: 'next',
      sql: '',
      checksum: `${known.length + 1}`,
    };
    await assert.rejects(migrateWith([edited, ...rest, newer]), (error) => {
      assert.ok(error instanceof SchemaChanged);
      assert.match(error.message, /Migration 1 \(tasks\)/);
      return true;
    });
  });
});

eachEngine('a database', (engine) => {
  test('is opened by two coordinators at the same time, unless it is embedded', async () => {
    const url = await engine.freshDatabase();
    const folder = engine.freshFolder();
    const opened = await Promise.allSettled([
      openStore({ database: url ?? folder }),
      openStore({ database: url ?? folder }),
    ]);
    const stores = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(stores.length, url === undefined ? 1 : 2);
    for (const store of stores) await store.close();
  });
});
