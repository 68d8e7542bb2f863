// A promise names the test that tries to break it; here it is checked that each named test is there. That it has run is
// told at the end of a whole run (`run.ts`).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './harness/processes.ts';
import { readPromises } from './promises.ts';

const { named, rows } = readPromises();

test('every row of the failure matrix names a test', () => {
  assert.ok(rows > 10, 'the matrix is gone');
  assert.equal(named.length, rows, 'a row names no test as `file`: words');
});

for (const { file, words } of named) {
  test(`${file} has a test about: ${words}`, () => {
    const text = readFileSync(path.join(repositoryRoot, file), 'utf8');
    const names = [
      ...text.matchAll(/(?:\bit|\btest|\bdescribe|\bflow|eachEngine)\(\s*(['"`])(.*?)\1/gs),
    ];
    assert.ok(
      names.some(([, , name = '']) => name.includes(words)),
      `${file} names no test with "${words}". Its tests: ${names.map(([, , name]) => name).join(' | ')}`,
    );
  });
}
