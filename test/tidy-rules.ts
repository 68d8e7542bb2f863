// The rules of the house, as functions from source files to findings. They read text, not a
// syntax tree: TypeScript 7 has no stable API for one yet, and Biome keeps all files in a
// shape (statements at the beginning of a line) in which text is enough.

/** One source file; `path` is relative to the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One breach: `file:line: what is wrong and what to do`. */
export type Finding = string;

const fileLinesMax = 400;
const folderFilesMax = 15;

const forbiddenWords = new Set(
  ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'lib', 'misc'].concat([
    ...['types', 'interfaces', 'manager', 'managers'],
  ]),
);

/** What each workspace may import of the others. Whoever is not listed may import all. */
const packageImports: Readonly<Record<string, readonly string[]>> = {
  proto: [],
  server: ['proto'],
  sdk: ['proto'],
  agent: ['proto', 'sdk'],
  cli: ['proto', 'server', 'sdk', 'agent'],
};
const workspaces = ['proto', 'server', 'sdk', 'agent', 'cli', 'test', 'examples'];
const roles = ['api', 'scheduling', 'dispatch', 'monitoring'];

/** What each folder of server/src may import of the rest of server/src. `.` is its own files. */
const serverImports: Readonly<Record<string, readonly string[]>> = {
  rules: ['rules'],
  store: ['store', 'rules'],
  wire: ['wire', 'rules'],
  wakeups: ['wakeups', 'rules'],
  ...Object.fromEntries(
    roles.map((role) => [role, [role, '.', 'rules', 'store', 'wire', 'wakeups']]),
  ),
};
/** The files of server/src that put the roles together, and that nobody but they may import. */
const composition = new Set([
  ...['main.ts', 'roles.ts', 'index.ts', 'internal.ts', 'coordinator.ts', 'life.ts'],
]);

/** Which files may import a package: the paths of the shipped code that match. */
const reservedPackages: readonly {
  readonly packages: RegExp;
  readonly allowed: RegExp;
  readonly reason: string;
}[] = [
  {
    packages: /^(kysely|pg|@electric-sql\/pglite)(\/|$)/,
    allowed: /^server\/src\/store\//,
    reason: 'only server/src/store knows SQL',
  },
  {
    packages: /^nats(\/|$)/,
    allowed: /^server\/src\/(.*\/)?(nats|nats-stream|events|event-publisher)\.ts$/,
    reason: 'only wakeups/nats.ts, nats-stream.ts and the events publisher know NATS',
  },
  {
    packages: /^@opentelemetry\/(?!api$)/,
    allowed: /^server\/src\/telemetry\.ts$/,
    reason: 'only telemetry.ts knows the OpenTelemetry SDK; others use @opentelemetry/api',
  },
];

/** Packages that pure rules may use: they calculate and do nothing else. */
const purePackages = new Set(['cron-parser', 'node:buffer', 'node:crypto', 'node:util']);

/** What reads a clock, takes chance from the system, or touches the world. */
const impureCalls =
  /\b(Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|randomBytes|randomInt|getRandomValues|setTimeout|setInterval|setImmediate|process\.|fetch\(|console\.)/;

interface Import {
  readonly line: number;
  readonly from: string;
}

const importPatterns = [
  /^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
];

/** Every module that the file imports, statically, dynamically or for its types. */
export function importsOf({ text }: SourceFile): Import[] {
  return importPatterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      line: lineAt(text, match.index + match[0].length),
      from: match[1] ?? '',
    })),
  );
}

/** Workspaces import each other by name, never by path, and only downwards. */
export function packageFindings(file: SourceFile): Finding[] {
  const own = workspaceOf(file.path);
  if (!own) return [];
  const allowed = packageImports[own] ?? workspaces;
  return importsOf(file).flatMap(({ line, from }) => {
    const named = /^@muster\/([^/]+)/.exec(from)?.[1];
    if (named && named !== own && !allowed.includes(named)) {
      const may = allowed.length > 0 ? allowed.join(', ') : 'none of the others';
      return [
        `${file.path}:${line}: ${own} must not import @muster/${named}; it may import ${may}`,
      ];
    }
    const path = resolveRelative(file.path, from);
    const other = path && workspaceOf(path);
    if (!other || other === own) return [];
    if (isTest(file.path) && path.startsWith('test/harness/')) return [];
    return [`${file.path}:${line}: import @muster/${other} by its name, not by the path ${from}`];
  });
}

/** In server/src: rules ◀ store, wire, wakeups ◀ roles ◀ main; roles never import each other. */
export function serverLayerFindings(file: SourceFile): Finding[] {
  const own = serverFolder(file.path);
  if (own === undefined || isTest(file.path)) return [];
  const isComposition = own === '.' && composition.has(file.path.slice('server/src/'.length));
  return importsOf(file).flatMap(({ line, from }) => {
    const target = resolveRelative(file.path, from);
    const other = target && serverFolder(target);
    if (target === undefined || other === undefined || isComposition) return [];
    const where = `${file.path}:${line}`;
    if (other === '.' && composition.has(target.slice('server/src/'.length))) {
      return [`${where}: nobody imports ${target}, which puts everything together`];
    }
    if (own === '.') {
      if (!roles.includes(other)) return [];
      return [`${where}: only ${[...composition].join(', ')} know the roles, such as ${other}`];
    }
    const allowed = serverImports[own];
    if (!allowed || allowed.includes(other)) return [];
    const name = other === '.' ? target : `${other}/`;
    return [`${where}: ${own}/ must not import ${name}; it may import ${allowed.join(', ')}`];
  });
}

/** Some packages belong to one place in the shipped code. */
export function reservedPackageFindings(file: SourceFile): Finding[] {
  if (!/^(server|sdk|agent|cli)\/src\//.test(file.path) || isTest(file.path)) return [];
  return importsOf(file).flatMap(({ line, from }) =>
    reservedPackages
      .filter(({ packages, allowed }) => packages.test(from) && !allowed.test(file.path))
      .map(({ reason }) => `${file.path}:${line}: ${from} is out of place here: ${reason}`),
  );
}

/** server/src/rules calculates: it imports nothing with I/O, and time and chance are passed in. */
export function pureRulesFindings(file: SourceFile): Finding[] {
  if (!file.path.startsWith('server/src/rules/') || isTest(file.path)) return [];
  const imports = importsOf(file)
    .filter(({ from }) => !from.startsWith('.') && !purePackages.has(from))
    .map(({ line, from }) => `${file.path}:${line}: pure rules must not import ${from}`);
  const calls = codeLines(file.text).flatMap((code, index) => {
    const found = impureCalls.exec(code)?.[1];
    return found
      ? [`${file.path}:${index + 1}: pure rules must not use ${found}; pass its value in`]
      : [];
  });
  return [...imports, ...calls];
}

/** A file has one reason to change, and fits in a head. */
export function fileLengthFindings({ path, text }: SourceFile): Finding[] {
  const lines = text.trimEnd().split('\n').length;
  if (!/\.(ts|js|py|proto|sql)$/.test(path) || isVendored(path) || lines <= fileLinesMax) return [];
  if (path.startsWith('proto/muster/')) return []; // Mostly documentation, read field by field.
  return [`${path}:${fileLinesMax + 1}: ${lines} lines, at most ${fileLinesMax}: split it`];
}

/** A folder can be taken in at a glance. Tests that lie beside the code do not count. */
export function folderSizeFindings(paths: readonly string[]): Finding[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    if (isVendored(path) || (isTest(path) && !path.startsWith('test/'))) continue;
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > folderFilesMax)
    .map(([folder, count]) => `${folder}: ${count} files, at most ${folderFilesMax}: group them`);
}

/** Names that say nothing about what is inside. */
export function nameFindings(paths: readonly string[]): Finding[] {
  return paths
    .filter((path) => !isVendored(path))
    .flatMap((path) => {
      const bad = path.split(/[/._-]/).find((word) => forbiddenWords.has(word.toLowerCase()));
      return bad ? [`${path}: "${bad}" says nothing: name it for what it does`] : [];
    });
}

const exported =
  /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|class|const|let|type|interface|namespace) (\w+)/;
const exportList = /^export (?:type )?\{([^}]*)\}(?! from)/gm;

/** Whoever reads an editor's hint sees what an export is for. */
export function docCommentFindings({ path, text }: SourceFile): Finding[] {
  if (!/\.ts$/.test(path) || isTest(path) || isVendored(path)) return [];
  const lines = text.split('\n');
  const listed = new Set(
    [...text.matchAll(exportList)].flatMap((match) =>
      (match[1] ?? '').split(',').map((name) => (name.trim().split(/\s+/).at(-1) ?? '').trim()),
    ),
  );
  const declaration = /^(?:abstract )?(?:async )?(function|class|const|let|type|interface) (\w+)/;
  return lines.flatMap((line, index) => {
    const direct = exported.exec(line)?.[2];
    const local = declaration.exec(line)?.[2];
    const name = direct ?? (local && listed.has(local) ? local : undefined);
    if (!name || hasDocComment(lines, index, name)) return [];
    return [`${path}:${index + 1}: export ${name} has no doc comment (/** … */)`];
  });
}

function hasDocComment(lines: readonly string[], index: number, name: string): boolean {
  let above = index - 1;
  while (above >= 0 && /^(\/\/|@)/.test(lines[above] ?? '')) above -= 1;
  const line = lines[above] ?? '';
  if (new RegExp(`^export (?:async )?function ${name}\\b.*;$`).test(line)) return true; // Overloads.
  if (!/\*\/\s*$/.test(line)) return false;
  while (above >= 0 && !/^\s*\/\*/.test(lines[above] ?? '')) above -= 1;
  return /^\s*\/\*\*/.test(lines[above] ?? '');
}

/** The lines without their comments, for rules about calls. */
function codeLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => (/^\s*(\/\/|\/\*|\*)/.test(line) ? '' : line.replace(/\s\/\/ .*$/, '')));
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

/** Generated, or published by somebody else. */
function isVendored(path: string): boolean {
  return /^proto\/(gen|google)\//.test(path);
}

function workspaceOf(path: string): string | undefined {
  const first = path.split('/')[0] ?? '';
  return workspaces.includes(first) ? first : undefined;
}

/** The folder of server/src in which a file lies: `rules`, …, or `.` for server/src itself. */
function serverFolder(path: string): string | undefined {
  const rest = /^server\/src\/(.+)$/.exec(path)?.[1];
  if (rest === undefined) return undefined;
  return rest.includes('/') ? rest.split('/')[0] : '.';
}

function resolveRelative(importer: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined;
  return new URL(from, `file:///${importer}`).pathname.slice(1);
}
