// A newcomer's first minutes: a fresh clone in an empty folder, git, make, the machine's own Node with
// npm, and `make demo`. Everything else must come from the project's own files.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

/** The environment without anything of this checkout: no node_modules on PATH, no npm or test variables. */
function strangersEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_|MUSTER_|NODE_TEST|NODE_OPTIONS|MAKE|MFLAGS)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const PATH = folders.filter((folder) => !folder.includes('node_modules')).join(path.delimiter);
  return { ...Object.fromEntries(kept), PATH };
}

/** A tree of text files with awkward names and odd bytes. Every word holds an ASCII letter: newer `wc` counts no other. */
async function writeFixture(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'deep', 'er'), { recursive: true });
  const files: Record<string, string> = {
    'plain.txt': 'one two three\nfour\n',
    'with space.txt': '  leading\tand\vodd\fspaces \r\n\n',
    'deep/no-extension': 'alpha\nbeta gamma\n',
    'deep/er/ümläut.md': 'Größe, naïve, x日本語\n',
    'deep/er/.hidden': 'secret words here\n',
    'empty.log': '',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  for (let index = 0; index < 200; index++) {
    const lines = Array.from({ length: index }, (_, line) => `line ${line} of file ${index}\n`);
    await writeFile(path.join(folder, 'deep', `file-${index}.js`), lines.join(''));
  }
}

describe('a fresh clone', {
  skip: existsSync(path.join(root, '.git')) ? false : 'no git folder',
}, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'muster-clone-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('make demo sets itself up and counts what find and wc count', {
    timeout: 400_000,
  }, async () => {
    const clone = path.join(folder, 'clone');
    const fixture = path.join(folder, 'fixture');
    const env = strangersEnvironment();
    await run('git', ['clone', '--quiet', root, clone], { env });
    await writeFixture(fixture);
    const demo = await run('make', ['demo', `DIR=${fixture}`], {
      cwd: clone,
      env,
      maxBuffer: 64 << 20,
    });
    const counted = await run(
      'sh',
      ['-c', 'find "$1" -type f -print0 | xargs -0 cat | LC_ALL=C wc -lwc', 'sh', fixture],
      { env },
    );
    const totals = counted.stdout.trim().split(/\s+/);
    const row = demo.stdout.split('\n').find((line) => /^\W*total\b/i.test(line));
    assert.ok(row !== undefined, `no total row in:\n${demo.stdout}`);
    assert.deepEqual(row.match(/\d+/g)?.slice(-3), totals);
  });
});
