// Counting without a coordinator: what a line, a word and a file are.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runHandler } from '@muster/sdk/testing';
import { countFiles, toLatin1 } from './handlers.ts';
import { listFiles, split } from './tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'count-files-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Lines, words and bytes of a file with this content. */
async function count(content: string | Buffer): Promise<number[]> {
  writeFileSync(join(folder, 'file.txt'), content);
  const { output } = await runHandler(countFiles, { folder, files: ['file.txt'] });
  const { lines = 0, words = 0, bytes = 0 } = output.extensions['.txt'] ?? {};
  return [lines, words, bytes];
}

describe('files.count', () => {
  it('counts newlines, and words between ASCII white space', async () => {
    assert.deepEqual(await count(''), [0, 0, 0]);
    assert.deepEqual(await count('one two\nthree'), [1, 3, 13]);
    assert.deepEqual(await count(' \t\n\v\f\r '), [1, 0, 7]);
    assert.deepEqual(await count('a\vb\fc\rd\te f\n'), [1, 6, 12]);
  });

  it('takes every other byte for a part of a word', async () => {
    assert.deepEqual(await count('naïve œuvre — 日本語\n'), [1, 4, 28]);
    assert.deepEqual(
      await count(Buffer.from([0, 1, 32, 0x1c, 0x7f, 10, 0x80, 0xa0, 0x85])),
      [1, 3, 9],
    );
  });

  it('counts words that lie across two reads once', async () => {
    const content = `${'x'.repeat(256 * 1024 - 2)} abc\n`;
    assert.deepEqual(await count(content), [1, 2, content.length]);
  });

  it('tells extensions apart, and names what cannot be read', async () => {
    for (const name of ['a.test.ts', 'Makefile', '.hidden', 'größe.é']) {
      writeFileSync(join(folder, name), 'x\n');
    }
    const files = ['a.test.ts', 'Makefile', '.hidden', toLatin1('größe.é'), 'gone.ts'];
    const { output } = await runHandler(countFiles, { folder, files });
    const { extensions, unreadable } = output;
    assert.deepEqual(Object.keys(extensions), ['.ts', '', '.é']);
    assert.equal(extensions['']?.files, 2);
    assert.deepEqual(unreadable, ['gone.ts: ENOENT']);
  });
});

describe('a folder tree', () => {
  it('is its regular files, without following links', async () => {
    const root = join(folder, 'tree');
    mkdirSync(join(root, 'sub/empty'), { recursive: true });
    for (const name of ['a', 'sub/b', 'sub/größe']) writeFileSync(join(root, name), '');
    writeFileSync(Buffer.from(`${root}/caf\u00e9`, 'latin1'), '');
    symlinkSync('a', join(root, 'link'));
    symlinkSync('sub', join(root, 'sub-link'));
    const { files, unreadable } = await listFiles(root);
    const expected = ['a', 'caf\u00e9', 'sub/b', toLatin1('sub/größe')];
    assert.deepEqual([...files].sort(), expected.sort());
    assert.deepEqual(unreadable, []);
    await assert.rejects(listFiles(join(root, 'nowhere')), { code: 'ENOENT' });
  });

  it('is split into parts of some files each', () => {
    assert.deepEqual(split([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(split([], 2), []);
  });
});
