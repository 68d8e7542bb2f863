// Everything that can be said about the source without running it: house rules, lint and
// format, types, contract, generated code. All steps run even if one fails; a failed step
// shows its output.

import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const gen = join(root, 'proto', 'gen');
const released = join(root, 'proto', 'released.binpb');

interface Step {
  readonly name: string;
  /** Resolves to undefined if all is well, or else to what is wrong. */
  readonly run: () => Promise<string | undefined>;
}

const steps: Step[] = [
  command('house rules', 'node', ['--test', '--test-reporter=spec', 'test/tidy.test.ts']),
  command('lint and format', 'biome', ['check', '--error-on-warnings', '.']),
  command('types', 'tsc', ['--pretty', String(process.stdout.isTTY === true), '-p', '.']),
  command('contract lint', 'buf', ['lint', 'proto']),
  ...(existsSync(released)
    ? [command('contract compatibility', 'buf', ['breaking', 'proto', '--against', released])]
    : []),
  { name: 'generated code', run: generatedCode },
];

function command(name: string, file: string, args: string[]): Step {
  const run = () =>
    new Promise<string | undefined>((resolve, reject) => {
      const child = spawn(join(root, 'node_modules', '.bin', file), args, { cwd: root });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      child.once('error', reject);
      child.once('close', (code) => resolve(code === 0 ? undefined : output));
    });
  return { name, run };
}

/** Generates into a temporary folder and compares. */
async function generatedCode(): Promise<string | undefined> {
  const fresh = mkdtempSync(join(tmpdir(), 'muster-generated-'));
  try {
    generate(fresh);
    const [before, after] = [contents(gen), contents(fresh)];
    const names = new Set([...before.keys(), ...after.keys()]);
    const stale = [...names].filter((name) => before.get(name) !== after.get(name)).sort();
    if (stale.length === 0) return undefined;
    return `proto/gen does not match the .proto files: run "make generate".\n  ${stale.join('\n  ')}\n`;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function contents(folder: string): Map<string, string> {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}

let failures = 0;
for (const { name, run } of steps) {
  const begin = performance.now();
  const wrong = await run();
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${wrong === undefined ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
  if (wrong !== undefined) {
    failures += 1;
    console.log(wrong);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
