import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { loadHandler, loadHandlers } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-load-'));
const sdk = import.meta.resolve('@muster/sdk');

function module(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text.replace('SDK', sdk));
  return file;
}

describe('loading handlers', () => {
  after(() => rmSync(folder, { recursive: true }));

  test('finds what a file exports, each once, in arrays too, and remembers the file', async () => {
    const file = module(
      'good.mjs',
      `import { defineHandler } from 'SDK';
       const define = (name) => defineHandler({ name, run() {} });
       export const first = define('first');
       export const again = first;
       export const more = [define('second'), define('third')];
       export const other = 42;`,
    );
    const handlers = await loadHandlers(file);
    assert.deepEqual(handlers.map(({ name }) => name).sort(), ['first', 'second', 'third']);
    assert.match(String(handlers[0]?.file), /^file:.*good\.mjs$/);
    assert.equal((await loadHandler(file, 'third')).name, 'third');
  });

  test('refuses a file without handlers, one that throws, and one that is not there', async () => {
    const refused = (file: string, message: RegExp) =>
      assert.rejects(loadHandlers(file), { reason: 'OPTION_INVALID', message });
    await refused(module('none.mjs', 'export const x = 1;'), /none\.mjs exports no handlers/);
    await refused(module('bad.mjs', 'throw new Error("at load")'), /cannot be loaded: at load/);
    await refused(join(folder, 'missing.mjs'), /missing\.mjs cannot be loaded/);
  });
});
