/** The kept copy of what a new embedded database begins with: whole or not there, and never in the way. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../../../../test/harness/reaper.ts';
import { type Database, statement } from './database.ts';
import { initialDataFile, keepInitialData, readInitialData } from './initial-data.ts';
import { openPglite } from './pglite.ts';

const tar = new Blob(['as if this were a tar'.repeat(1_000)]);

describe('the copy of initial data', () => {
  test('is read as it was kept, in a folder of its own', async () => {
    const file = join(temporaryFolder('copy'), 'cache', 'muster', 'copy.tar.gz');
    assert.equal(readInitialData(file), null);
    await keepInitialData(file, async () => tar);
    assert.equal(await readInitialData(file)?.text(), await tar.text());
    assert.deepEqual(readdirSync(dirname(file)), ['copy.tar.gz']);
  });

  test('counts as missing when it is torn or changed', async () => {
    const file = join(temporaryFolder('copy'), 'copy.tar.gz');
    await keepInitialData(file, async () => tar);
    const whole = readFileSync(file);
    truncateSync(file, whole.length - 1);
    assert.equal(readInitialData(file), null);
    // The last eight bytes are the checksum and the length.
    whole[whole.length - 8] = (whole[whole.length - 8] ?? 0) ^ 1;
    writeFileSync(file, whole);
    assert.equal(readInitialData(file), null);
  });

  test('is not even made where it cannot be kept, and leaves nothing when it cannot be made', async () => {
    const folder = temporaryFolder('copy');
    writeFileSync(join(folder, 'file'), '');
    await keepInitialData(join(folder, 'file', 'copy.tar.gz'), () => assert.fail('made'));
    await keepInitialData(join(folder, 'copy.tar.gz'), () => Promise.reject(new Error('no')));
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  test('is kept beside the PGlite that it belongs to, under its version', () => {
    assert.match(
      initialDataFile() ?? '',
      /node_modules.\.cache.muster.pglite-\d+\.\d+\.\d+\.tar\.gz$/,
    );
  });
});

describe('a new embedded database [pglite]', () => {
  const identitySql = statement(
    'identity',
    'SELECT system_identifier::text AS identity FROM pg_control_system()',
  );
  const identityOf = async (database: Database) =>
    (await database.run<{ identity: string }>(identitySql))[0]?.identity;

  test('is made without a copy that is no database, and replaces it by one for those after it', async () => {
    const initialData = join(temporaryFolder('copy'), 'copy.tar.gz');
    await keepInitialData(initialData, async () => tarOf('PG_VERSION', '18\n'));
    const folder = temporaryFolder('data');
    const first = await openPglite({ folder, rewrite: null, initialData });
    const identity = await identityOf(first);
    await first.execute('CREATE TABLE public.here (a int)');
    await first.close();

    const again = await openPglite({ folder, rewrite: null, initialData });
    await again.execute('SELECT a FROM public.here');
    await again.close();
    const second = await openPglite({ folder: null, rewrite: null, initialData });
    assert.equal(await identityOf(second), identity);
    await assert.rejects(second.execute('SELECT a FROM public.here'));
    await second.close();
  });
});

/** A tar of one file, which PGlite unpacks and takes for a database. */
function tarOf(name: string, content: string): Blob {
  const blocks = Buffer.alloc(2_048);
  const put = (text: string, at: number) => blocks.write(text, at, 'latin1');
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  put(name, 0);
  put(octal(0o644, 7), 100);
  put(octal(content.length, 11), 124);
  put('        0', 148);
  put('ustar', 257);
  const sum = blocks.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0`, 148);
  put(content, 512);
  return new Blob([blocks]);
}
