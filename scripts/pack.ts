// Packs the workspaces as they would be published: JavaScript and declarations in dist/,
// with a manifest whose exports point there.
//   node scripts/pack.ts OUTDIR [WORKSPACE ...]     default: proto sdk agent server cli
// Each package is compiled against the declarations of those before it, so that what users
// will see is what is checked. Paths inside a package stay as they are under dist/: a file that
// reads `../gen/x` relative to itself finds it in both places.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');

/** In the order in which they depend on each other. */
const packable = ['proto', 'sdk', 'agent', 'server', 'cli'] as const;

type Workspace = (typeof packable)[number];

/** Files that the code reads relative to itself, besides the compiled ones. */
const assets: Readonly<Record<Workspace, readonly string[]>> = {
  proto: ['gen/muster.json', 'gen/muster.binpb'],
  sdk: [],
  agent: [],
  server: ['migrations'],
  cli: [],
};

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly [key: string]: unknown;
}

interface Staged {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Packs the workspaces into `outDir` and returns the paths of the tarballs. */
export function pack(outDir: string, workspaces: readonly Workspace[] = packable): string[] {
  // Inside the repository, so that the packages' dependencies are found.
  const stage = join(root, 'dist', `pack-${process.pid}`);
  mkdirSync(outDir, { recursive: true });
  try {
    const staged: Staged[] = [];
    return workspaces.map((workspace) => {
      const next = compile(workspace, join(stage, workspace), staged);
      staged.push(next);
      return tarball(next.folder, outDir);
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function compile(workspace: Workspace, folder: string, before: readonly Staged[]): Staged {
  const source = join(root, workspace);
  const manifest: Manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  mkdirSync(folder, { recursive: true });
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true },
      ...{ rootDir: source, outDir: join(folder, 'dist'), paths: paths(before) },
    },
    include: ['src', 'gen'].map((part) => join(source, part, '**', '*.ts')),
    exclude: [join(source, '**', '*.test.ts'), join(source, 'node_modules')],
  };
  const configFile = join(folder, 'tsconfig.json');
  writeFileSync(configFile, JSON.stringify(config, null, 2));
  execFileSync(join(bin, 'tsc'), ['-p', configFile], { stdio: ['ignore', 2, 2] });
  rmSync(configFile);
  for (const asset of assets[workspace]) {
    cpSync(join(source, asset), join(folder, 'dist', asset), { recursive: true });
  }
  for (const file of (manifest.files ?? []).filter((file) => existsSync(join(source, file)))) {
    cpSync(join(source, file), join(folder, file), { recursive: true });
  }
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const published = publishedManifest(manifest);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  for (const target of Object.values(published.exports).flatMap((each) => Object.values(each))) {
    if (existsSync(join(folder, target))) continue;
    throw new Error(`${manifest.name} exports ${target}, which its sources do not produce.`);
  }
  return { folder, manifest };
}

/** The compiler finds the packages before by these, and not by their sources. */
function paths(before: readonly Staged[]): Record<string, string[]> {
  return Object.fromEntries(
    before.flatMap(({ folder, manifest }) =>
      Object.entries(manifest.exports).map(([name, target]) => [
        join(manifest.name, name),
        [join(folder, compiled(target, '.d.ts'))],
      ]),
    ),
  );
}

type Target = { readonly types?: string; readonly default: string };

function publishedManifest({ devDependencies: _, ...manifest }: Manifest) {
  const exports = Object.entries(manifest.exports).map(([name, target]): [string, Target] => [
    name,
    target.endsWith('.ts')
      ? { types: `./${compiled(target, '.d.ts')}`, default: `./${compiled(target, '.js')}` }
      : { default: target },
  ]);
  return { ...manifest, exports: Object.fromEntries(exports) };
}

/** `./src/a.ts` becomes `dist/src/a.js` or `dist/src/a.d.ts`. */
function compiled(target: string, extension: string): string {
  return join('dist', target.replace(/\.ts$/, extension));
}

function tarball(folder: string, outDir: string): string {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', outDir];
  const output = execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(outDir, filename);
}

if (import.meta.main) {
  const [outDir, ...wanted] = process.argv.slice(2);
  const unknown = wanted.find((name) => !(packable as readonly string[]).includes(name));
  if (outDir === undefined || unknown !== undefined) {
    if (unknown) console.error(`There is no workspace "${unknown}" to pack.`);
    console.error(`Usage: node scripts/pack.ts OUTDIR [${packable.join('|')} ...]`);
    process.exit(2);
  }
  const chosen = packable.filter((name) => wanted.length === 0 || wanted.includes(name));
  for (const path of pack(resolve(outDir), chosen)) console.log(path);
}
