// The main job: count-files on a real folder tree. Its totals are those of find and wc, and it
// leaves no process and no folder behind, however it ends.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type RunningProcess, repositoryRoot, startNode } from '../harness/processes.ts';
import { temporaryFolder } from '../harness/reaper.ts';

const program = join(repositoryRoot, 'examples/src/count-files/main.ts');
/** A tree that takes long enough to be stopped midway. */
const large = join(repositoryRoot, 'node_modules');

/** Names and bytes that are easily got wrong. Every file ends in a newline. */
function writeFixture(folder: string): void {
  const words = ['alpha', 'beta,', 'x\u0001y', 'naïve', 'œuvre:1', '~', '日本a'];
  const spaces = [' ', '\t', '\n', '\v', '\f', '\r\n', '   '];
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (let file = 0; file < 450; file += 1) {
    const parts = Array.from(
      { length: (file * 7) % 90 },
      (_, at) =>
        `${words[(at * 5 + file) % words.length]}${spaces[(at + file * 3) % spaces.length]}`,
    );
    const folderOf = ['', 'deep', 'deep/er'][file % 3] ?? '';
    const extension = ['.txt', '.ts', '', '.d.ts', '.MD'][file % 5];
    writeFileSync(join(folder, folderOf, `file ${file}${extension}`), `${parts.join('')}\n`);
  }
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, '.hidden'), 'seen too\n');
  writeFileSync(join(folder, 'two\nlines.txt'), 'odd name\n');
  writeFileSync(Buffer.from(join(folder, 'caf\u00e9'), 'latin1'), 'a name that is not UTF-8\n');
  writeFileSync(join(folder, 'large.log'), 'no end '.repeat(100_000).concat('\n'));
  symlinkSync('.hidden', join(folder, 'link.txt'));
  symlinkSync('deep', join(folder, 'linked-folder'));
}

describe('count-files', { timeout: 180_000 }, () => {
  const folder = temporaryFolder('demo');
  const temporary = temporaryFolder('demo-tmp');
  const env = { TMPDIR: temporary };
  before(() => writeFixture(folder));

  it('counts what find and wc count, on three agents', async () => {
    const demo = await startNode(program, [folder], { env });
    const exit = await demo.exit;
    assert.deepEqual(exit, { code: 0, signal: null }, demo.lines.join('\n'));
    const shell = 'find "$1" -type f -print0 | xargs -0 cat | LC_ALL=C wc -lwc';
    const counted = execFileSync('sh', ['-c', shell, 'sh', folder], { encoding: 'utf8' });
    const total = demo.lines.find((line) => line.startsWith('total'));
    assert.deepEqual(total?.match(/\d+/g), counted.match(/\d+/g));
    assert.deepEqual(rowOf(demo, '.MD'), countOf(folder, '*.MD'));
    assert.ok(
      demo.lines.some((line) => /5\/5 tasks/.test(line)),
      demo.lines.join('\n'),
    );
    const tasks = ['counter-1', 'counter-2', 'counter-3'].map((name) => rowOf(demo, name)[0] ?? '');
    assert.equal(
      tasks.map(Number).reduce((a, b) => a + b),
      5,
      demo.lines.join('\n'),
    );
    assertSchedule(demo.lines);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('counts an empty folder', async () => {
    const demo = await startNode(program, [temporaryFolder('demo-empty')], { env });
    assert.deepEqual(await demo.exit, { code: 0, signal: null }, demo.lines.join('\n'));
    assert.deepEqual(rowOf(demo, 'total'), ['0', '0', '0']);
  });

  it('says what is wrong with a folder that is not there', async () => {
    const demo = await startNode(program, [join(folder, 'nowhere')], { env });
    assert.equal((await demo.exit).code, 1);
    assert.match(demo.lines.join('\n'), /nowhere/);
  });

  it('ends its processes when it is stopped midway', async () => {
    const demo = await startNode(program, [large], { env });
    const pids = await family(demo.pid);
    assert.equal((await demo.end('SIGTERM')).code, 1);
    assert.deepEqual(pids.filter(isAlive), []);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('is not outlived by its processes when it is killed', async () => {
    const demo = await startNode(program, [folder], { env: { TMPDIR: temporaryFolder('demo') } });
    const pids = await family(demo.pid);
    await demo.end('SIGKILL');
    await eventually(() => pids.filter(isAlive).length === 0);
  });
});

/** The numbers of the row that begins with `name`. */
function rowOf(demo: RunningProcess, name: string): string[] {
  const row = demo.lines.find((line) => line.startsWith(`${name} `));
  return row?.slice(name.length).match(/\d+/g) ?? [];
}

/** The schedule fired at the times that were foretold: those of the preview, or, if one had passed by then, of the rest. */
function assertSchedule(lines: readonly string[]): void {
  const foretold = lines.find((line) => line.startsWith('schedule recount: next at '));
  const fired = lines.filter((line) => line.startsWith('fired at '));
  const timesOf = (text = '') => text.match(/\d\d:\d\d:\d\d/g) ?? [];
  assert.equal(timesOf(foretold).length, 3, lines.join('\n'));
  assert.equal(fired.length, 3);
  const both = new Set([...timesOf(foretold), ...fired.flatMap(timesOf)]);
  assert.ok(both.size === 3 || both.size === 4, [...both].join(' '));
  for (const line of fired) assert.match(line, /: 100 files by counter-\d$/);
}

/** Lines, words and bytes of the files that match, by find and wc. */
function countOf(folder: string, pattern: string): string[] {
  const shell = 'find "$1" -type f -name "$2" -print0 | xargs -0 cat | LC_ALL=C wc -lwc';
  const counted = execFileSync('sh', ['-c', shell, 'sh', folder, pattern], { encoding: 'utf8' });
  return counted.match(/\d+/g) ?? [];
}

/** The processes of a running demo: a coordinator and three agents. */
function family(pid: number): Promise<number[]> {
  return eventually(
    () => childrenOf(pid),
    (found) => found.length === 4,
    { timeoutMs: 60_000, what: 'a coordinator and three agents' },
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}
