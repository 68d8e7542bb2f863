// Generates proto/gen from the .proto files. What comes out:
//   muster.json    the contract as protobuf JSON, loaded at run time
//   muster.binpb   the same as a FileDescriptorSet with comments, for server reflection
//   muster/, google/, index.ts   TypeScript types of messages, enums and services
// `node scripts/generate.ts DIR` writes elsewhere, so that `check` can compare.

import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const protoDir = join(root, 'proto');
const bin = join(root, 'node_modules', '.bin');

/** The folders of .proto files whose content becomes part of the contract. */
const sources = ['muster/v1', 'google/rpc'];

/** Writes everything generated into `outDir`, which is emptied first. */
export function generate(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const files = globSync(
    sources.map((folder) => `${folder}/*.proto`),
    { cwd: protoDir },
  ).sort();
  const contract = parse(files);
  writeFileSync(join(outDir, 'muster.json'), `${JSON.stringify(contract.toJSON(), null, 1)}\n`);
  writeDescriptorSet(outDir);
  writeTypes(outDir, files);
  writeFileSync(join(outDir, 'index.ts'), index(contract));
}

function parse(files: string[]): protobuf.Root {
  const contract = new protobuf.Root();
  contract.resolvePath = (_origin, target) =>
    protobuf.common.get(target) === null ? join(protoDir, target) : target;
  contract.loadSync(files, { keepCase: false });
  contract.resolveAll();
  return contract;
}

function writeDescriptorSet(outDir: string): void {
  const out = join(outDir, 'muster.binpb');
  execFileSync(join(bin, 'buf'), ['build', '--as-file-descriptor-set', '-o', out], {
    cwd: protoDir,
    stdio: 'inherit',
  });
}

/** These options must match `loaderOptions` in proto/src/contract.ts. */
function writeTypes(outDir: string, files: string[]): void {
  const options = ['--longs=Number', '--enums=String', '--bytes=Buffer', '--defaults', '--oneofs'];
  const output = ['--includeComments', '--importFileExtension=.ts', '--grpcLib=@grpc/grpc-js'];
  const args = [...options, ...output, '-I', '.', '-O', outDir, ...files];
  execFileSync(join(bin, 'proto-loader-gen-types'), args, { cwd: protoDir, stdio: 'inherit' });
  // One file per .proto file with its own partial root type: index.ts holds the whole instead.
  for (const entry of readdirSync(outDir)) {
    if (entry.endsWith('.ts')) rmSync(join(outDir, entry));
  }
}

type Definition = { readonly name: string; readonly kind: 'message' | 'enum' | 'service' };

function definitions(contract: protobuf.Root, packageName: string): Definition[] {
  const namespace = contract.lookup(packageName);
  if (!(namespace instanceof protobuf.Namespace)) return [];
  return namespace.nestedArray
    .flatMap((item): Definition[] => {
      if (item instanceof protobuf.Service) return [{ name: item.name, kind: 'service' }];
      if (item instanceof protobuf.Type) return [{ name: item.name, kind: 'message' }];
      if (item instanceof protobuf.Enum) return [{ name: item.name, kind: 'enum' }];
      return [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Exports under their plain names; those of google.rpc get the prefix Rpc. */
function index(contract: protobuf.Root): string {
  const packages = [
    { name: 'google.protobuf', prefix: '' },
    { name: 'google.rpc', prefix: 'Rpc' },
    { name: 'muster.v1', prefix: '' },
  ].map((each) => ({ ...each, definitions: definitions(contract, each.name) }));
  const all = packages.flatMap(({ name, prefix, definitions }) =>
    definitions.map(({ name: plain, kind }) => ({
      ...{ kind, plain, exported: prefix + plain },
      ...{ full: `${name}.${plain}`, path: `./${name.replaceAll('.', '/')}/${plain}.ts` },
    })),
  );
  const messages = all.filter(({ kind }) => kind === 'message');
  const services = all.filter(({ kind }) => kind === 'service');
  return [
    '// Everything that the contract defines: for each message M, what may be sent (M) and',
    '// what is received (M__Output); for each enum, its values; for each service, its client,',
    '// its handlers and its definition.',
    "import type { ServiceConstructor } from '../src/contract.ts';",
    "import type { MessageTypeDefinition } from '@grpc/proto-loader';",
    ...messages.flatMap(({ plain, exported, path }) => [
      `import type { ${plain} as ${exported}, ${plain}__Output as ${exported}__Output } from '${path}';`,
      `export type { ${plain} as ${exported}, ${plain}__Output as ${exported}__Output } from '${path}';`,
    ]),
    ...all
      .filter(({ kind }) => kind === 'enum')
      .flatMap(({ plain, exported, path }) => [
        `export { ${plain} as ${exported} } from '${path}';`,
        `export type { ${plain}__Output as ${exported}__Output } from '${path}';`,
      ]),
    ...services.flatMap(({ plain, path }) => [
      `import type { ${plain}Client, ${plain}Definition } from '${path}';`,
      `export type { ${plain}Client, ${plain}Handlers, ${plain}Definition } from '${path}';`,
    ]),
    '',
    '/** The services of muster.v1: a client constructor each, with the definition that a server adds. */',
    'export interface Services {',
    ...services.map(
      ({ plain }) => `  readonly ${plain}: ServiceConstructor<${plain}Client, ${plain}Definition>;`,
    ),
    '}',
    '',
    '/** Every message by its full name, to be encoded and decoded by itself. */',
    'export interface Messages {',
    ...messages.map(
      ({ exported, full }) =>
        `  readonly '${full}': MessageTypeDefinition<${exported}, ${exported}__Output>;`,
    ),
    '}',
    '',
  ].join('\n');
}

if (import.meta.main) {
  generate(resolve(process.argv[2] ?? join(protoDir, 'gen')));
}
