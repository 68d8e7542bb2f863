// The examples run as they stand, and the README's first one is the very program in examples/.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { flow } from '../harness/flow.ts';
import { repositoryRoot, startNode, startProcess } from '../harness/processes.ts';

const examples = join(repositoryRoot, 'examples');

/** The first TypeScript block of the README. */
function readmeExample(): string {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  return code;
}

flow('examples', {}, (stage) => {
  const run = async (name: string) => {
    const env = { MUSTER_ADDRESS: stage.address };
    const example = await startNode(join(examples, 'src', name, 'main.ts'), [], { env });
    const exit = await example.exit;
    assert.deepEqual(exit, { code: 0, signal: null }, example.lines.join('\n'));
    return example.lines;
  };

  it('README: twenty lines that run, and the same as in examples/', async () => {
    const code = readmeExample();
    const lines = code.trim().split('\n');
    assert.ok(lines.length > 10 && lines.length <= 20, `${lines.length} lines`);
    const file = readFileSync(join(examples, 'src/hello/main.ts'), 'utf8');
    assert.equal(file.replace(/^(\/\/.*\n)+\n/, ''), code);
    const words = ['--input-type=module-typescript', '--eval', code] as const;
    const env = { MUSTER_ADDRESS: stage.address };
    const example = await startProcess([process.execPath, ...words], { cwd: examples, env });
    assert.equal((await example.exit).code, 0, example.lines.join('\n'));
    assert.ok(example.lines.includes('Hello, Ada!'), example.lines.join('\n'));
  });

  it('cancel-with-progress: is seen running, and ends cancelled', async () => {
    const lines = await run('cancel-with-progress');
    assert.ok(
      lines.some((line) => /^RUNNING \d+\/200$/.test(line)),
      lines.join('\n'),
    );
    assert.ok(lines.includes('CANCELLED: seen enough'), lines.join('\n'));
    assert.ok(lines.includes('logged: throwing half a film away'), lines.join('\n'));
  });

  it('pay-once: two submits and two attempts make one charge', async () => {
    const lines = await run('pay-once');
    for (const line of ['the same task: true', 'charged: 4200', 'attempts: 2, charges: 1'])
      assert.ok(lines.includes(line), lines.join('\n'));
  });
});
