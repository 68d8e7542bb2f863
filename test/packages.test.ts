// The packages as users get them: packed, installed in an empty folder, type-checked there,
// and running the README's first example against a coordinator.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { pack } from '../scripts/pack.ts';
import { repositoryRoot, startNode, startProcess } from './harness/processes.ts';
import { temporaryFolder } from './harness/reaper.ts';

const exampleLinesMax = 20;

describe('the packed packages in an empty folder', () => {
  const folder = temporaryFolder('packages');

  before(() => {
    const tarballs = pack(join(folder, 'tarballs'), ['proto', 'sdk', 'agent']);
    const manifest = { name: 'application', private: true, type: 'module' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    // With the types of Node, as any TypeScript application has them.
    const { devDependencies } = JSON.parse(readRepository('package.json'));
    const packages = [...tarballs, `@types/node@${devDependencies['@types/node']}`];
    const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    execFileSync('npm', ['install', ...flags, ...packages], { cwd: folder, stdio: 'pipe' });
    writeFileSync(join(folder, 'example.ts'), readmeExample());
  });

  it('declare types that a strict compiler accepts, their own declarations included', () => {
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] },
      ...{ skipLibCheck: false, exactOptionalPropertyTypes: true, erasableSyntaxOnly: true },
    };
    const files = ['example.ts'];
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    assert.equal(typeCheck(folder), '');
    // Were the declarations missing, everything would be `any`, and this would be accepted.
    writeFileSync(
      join(folder, 'wrong.ts'),
      `${readmeExample()}\nclient.submit(greet, { nam: 1 });\n`,
    );
    const wrong = { compilerOptions, files: ['wrong.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(wrong));
    assert.match(typeCheck(folder), /wrong\.ts.*error TS/);
  });

  it('run the first example of the README', async () => {
    const coordinator = await startNode('server/src/main.ts', [
      ...['--database', 'memory', '--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'],
    ]);
    const [, address] = await coordinator.line(/"grpcAddress":"([^"]+)"/, { timeoutMs: 60_000 });
    const example = await startProcess([process.execPath, 'example.ts'], {
      cwd: folder,
      // Its folder is another one each time: nothing that is kept of it would be used again.
      env: { MUSTER_ADDRESS: address, NODE_COMPILE_CACHE: undefined },
    });
    await example.line(/^Hello, Ada!$/, { timeoutMs: 60_000 });
    assert.deepEqual(await example.exit, { code: 0, signal: null });
    assert.deepEqual(await coordinator.end('SIGTERM'), { code: 0, signal: null });
  });
});

describe('the first example of the README', () => {
  it(`has at most ${exampleLinesMax} lines`, () => {
    assert.ok(readmeExample().trim().split('\n').length <= exampleLinesMax);
  });

  it('is the program examples/src/hello', () => {
    const program = readRepository('examples/src/hello/main.ts');
    assert.equal(readmeExample().trim(), program.slice(program.indexOf('import ')).trim());
  });
});

function readRepository(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** The first block of TypeScript in the README. */
function readmeExample(): string {
  const block = /^```ts\n(.*?)^```$/ms.exec(readRepository('README.md'))?.[1];
  assert.ok(block, 'README.md holds no block of TypeScript');
  return block;
}

/** What the compiler says about the project in the folder; empty if it is content. */
function typeCheck(folder: string): string {
  const compiler = join(repositoryRoot, 'node_modules', '.bin', 'tsc');
  const { stdout, stderr } = spawnSync(compiler, ['-p', folder], { encoding: 'utf8' });
  return stdout + stderr;
}
