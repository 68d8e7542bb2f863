// The house is in order: imports, sizes, names and comments. Each rule is shown to be able
// to fail on a small sample, and then held against every file.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  docCommentFindings,
  type Finding,
  fileLengthFindings,
  folderSizeFindings,
  importsOf,
  nameFindings,
  packageFindings,
  pureRulesFindings,
  reservedPackageFindings,
  type SourceFile,
  serverLayerFindings,
} from './tidy-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const skippedFolders = new Set(['node_modules', 'dist', '__pycache__', 'build']);

function findPaths(folder = ''): string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return skippedFolders.has(entry.name) || entry.name.startsWith('.')
      ? []
      : findPaths(`${path}/`);
  });
}

const paths = findPaths();
const files: SourceFile[] = paths
  .filter((path) => /\.(ts|js|py|proto|sql)$/.test(path) && !path.startsWith('proto/gen/'))
  .map((path) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') }));

function assertNone(findings: Finding[]): void {
  if (findings.length === 0) return;
  const error = new Error(`\n  ${findings.join('\n  ')}\n`);
  error.stack = error.message; // Where the rule is called says nothing.
  throw error;
}

/** The findings of a rule on a file that consists of these lines. */
function on(rule: (file: SourceFile) => Finding[], path: string, ...lines: string[]): string {
  return rule({ path, text: lines.join('\n') }).join('\n');
}

describe('imports', () => {
  it('are found in every form', () => {
    const text = [
      "import a from 'a';",
      'import {\n  type B,\n} from "b";',
      "import 'c';",
      "export { d } from 'd';",
      "const e = await import('e');",
      "type F = import('f').F;",
      "// import g from 'g';",
    ].join('\n');
    const found = importsOf({ path: 'x.ts', text }).map(({ line, from }) => `${from}${line}`);
    assert.deepEqual(found.sort(), ['a1', 'b4', 'c5', 'd6', 'e7', 'f8']);
  });

  it('between packages go by name, and only downwards', () => {
    const rule = packageFindings;
    assert.match(
      on(rule, 'server/src/a.ts', '', "import { x } from '@muster/sdk';"),
      /^server\/src\/a\.ts:2: server must not import @muster\/sdk/,
    );
    assert.match(on(rule, 'sdk/src/a.ts', "import '@muster/agent';"), /sdk must not import/);
    assert.match(on(rule, 'agent/src/a.ts', "import '@muster/server/x';"), /must not import/);
    assert.match(
      on(rule, 'test/flows/a.test.ts', "import '../../server/src/a.ts';"),
      /by its name/,
    );
    assert.equal(on(rule, 'agent/src/a.ts', "import '@muster/sdk';", "import './b.ts';"), '');
    assert.equal(on(rule, 'server/src/a.test.ts', "import '../../test/harness/ports.ts';"), '');
    assertNone(files.flatMap(rule));
  });

  it('inside the server go from roles to store and wire to rules', () => {
    const rule = serverLayerFindings;
    const imports = (from: string, path: string) =>
      on(rule, `server/src/${from}`, `import '${path}';`);
    assert.match(imports('api/a.ts', '../dispatch/b.ts'), /:1: api\/ must not import dispatch\//);
    assert.match(imports('rules/a.ts', '../store/b.ts'), /rules\/ must not import store\//);
    assert.match(imports('store/deep/a.ts', '../../wire/b.ts'), /store\/ must not import wire\//);
    assert.match(imports('wire/a.ts', '../config.ts'), /wire\/ must not import server/);
    assert.match(imports('dispatch/a.ts', '../main.ts'), /nobody imports server\/src\/main\.ts/);
    assert.match(imports('loop.ts', './api/a.ts'), /know the roles/);
    assert.equal(imports('roles.ts', './api/api.ts'), '');
    assert.equal(imports('dispatch/a.ts', '../store/b.ts'), '');
    assertNone(files.flatMap(rule));
  });

  it('keep SQL, NATS and the OpenTelemetry SDK in their places', () => {
    const rule = reservedPackageFindings;
    const path = 'server/src/dispatch/a.ts';
    assert.match(on(rule, path, "import { sql } from 'kysely';"), /only server\/src\/store/);
    assert.match(
      on(rule, path, "import '@electric-sql/pglite/worker';"),
      /only server\/src\/store/,
    );
    assert.match(on(rule, path, "import { connect } from 'nats';"), /know NATS/);
    assert.match(on(rule, path, "import '@opentelemetry/sdk-trace-node';"), /only telemetry\.ts/);
    assert.equal(on(rule, path, "import { trace } from '@opentelemetry/api';"), '');
    assert.equal(on(rule, 'server/src/wakeups/nats.ts', "import { connect } from 'nats';"), '');
    assertNone(files.flatMap(rule));
  });

  it('of pure rules touch neither the world nor the clock', () => {
    const rule = pureRulesFindings;
    const path = 'server/src/rules/a.ts';
    assert.match(on(rule, path, "import { readFile } from 'node:fs';"), /must not import node:fs/);
    assert.match(on(rule, path, '', 'const now = Date.now();'), /a\.ts:2: .*Date\.now/);
    assert.match(on(rule, path, 'const d = Math.random() * 2;'), /Math\.random/);
    assert.equal(on(rule, path, '// not Date.now()', "import { b } from './b.ts';"), '');
    assertNone(files.flatMap(rule));
  });
});

describe('sizes', () => {
  it('of files are at most 400 lines', () => {
    const long = Array.from({ length: 401 }, () => 'a();');
    assert.match(on(fileLengthFindings, 'sdk/src/a.ts', ...long), /401 lines, at most 400/);
    assert.equal(on(fileLengthFindings, 'sdk/src/a.ts', ...long.slice(1)), '');
    assertNone(files.flatMap(fileLengthFindings));
  });

  it('of folders are at most 15 files', () => {
    const many = Array.from({ length: 16 }, (_, index) => `sdk/src/a${index}.ts`);
    assert.deepEqual(folderSizeFindings(many), ['sdk/src: 16 files, at most 15: group them']);
    assert.deepEqual(folderSizeFindings(many.slice(1)), []);
    assertNone(folderSizeFindings(paths));
  });
});

describe('names', () => {
  it('say what is inside', () => {
    assert.equal(nameFindings(['sdk/src/task-utils.ts', 'agent/src/common/a.ts']).length, 2);
    assert.deepEqual(nameFindings(['server/src/store/engines/pglite.ts', 'sdk/src/task.ts']), []);
    assertNone(nameFindings(paths));
  });
});

describe('comments', () => {
  it('document every export', () => {
    const rule = docCommentFindings;
    const path = 'sdk/src/a.ts';
    assert.match(on(rule, path, '// not one', 'export const a = 1;'), /a\.ts:2: export a has no/);
    assert.match(on(rule, path, '/* nor this */', 'export interface B {}'), /export B has no/);
    assert.match(on(rule, path, 'const c = 1;', 'export { c };'), /export c has no/);
    assert.equal(on(rule, path, '/** Good. */', 'export async function d() {}'), '');
    assert.equal(on(rule, path, '/**', ' * Good.', ' */', 'export class E {}'), '');
    assert.equal(on(rule, path, "export { f } from './f.ts';"), '');
    assertNone(files.flatMap(rule));
  });
});
