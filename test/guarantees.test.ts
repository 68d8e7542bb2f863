// A promise names the test that tries to break it; here it is checked that each named test is there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/guarantees.md'), 'utf8');

/** Rows of the failure matrix: the file, and words from the name of one of its tests. */
const named = [...page.matchAll(/\| `([^`]+\.test\.ts)`: ([^|]+?) \|$/gm)].map(
  ([, file = '', words = '']) => ({ file, words }),
);

test('every row of the failure matrix names a test', () => {
  const rows = page.split('## Failure matrix')[1]?.match(/^\| .* \|$/gm) ?? [];
  assert.ok(rows.length > 10, 'the matrix is gone');
  assert.equal(named.length, rows.length - 1, 'a row names no test as `file`: words');
});

for (const { file, words } of named) {
  test(`${file} has a test about: ${words}`, () => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const names = [
      ...text.matchAll(/(?:\bit|\btest|\bdescribe|\bflow|eachEngine)\(\s*(['"`])(.*?)\1/gs),
    ];
    assert.ok(
      names.some(([, , name = '']) => name.includes(words)),
      `${file} names no test with "${words}". Its tests: ${names.map(([, , name]) => name).join(' | ')}`,
    );
  });
}
