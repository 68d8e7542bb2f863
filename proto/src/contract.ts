// The contract at run time: services and messages loaded from the generated protobuf
// JSON, and the descriptors that server reflection hands out. Nothing is parsed from
// .proto text; both files are read once per process, when first asked for.

import { readFileSync } from 'node:fs';
import type { ChannelCredentials, ClientOptions } from '@grpc/grpc-js';
import { type GrpcObject, loadPackageDefinition } from '@grpc/grpc-js';
import { fromJSON, type Options, type PackageDefinition } from '@grpc/proto-loader';
import type { Messages, Services } from '../gen/index.ts';
import { withQuickCodecs } from './codec/hot-methods.ts';

/**
 * How messages become objects: fields in camelCase, 64-bit integers as numbers (exact up
 * to 2^53), enums as their names, bytes as Buffers, absent fields as defaults (`null` for
 * messages; absent `optional` scalars are missing), and for each oneof a field with its
 * name that says which member is set. The generated types assume exactly these.
 */
export const loaderOptions = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
} as const satisfies Options;

/** What grpc-js makes of a service: `new` gives a client, `service` is what a server adds. */
export interface ServiceConstructor<Client, Definition> {
  new (address: string, credentials: ChannelCredentials, options?: ClientOptions): Client;
  readonly service: Definition;
}

/** The loaded contract. */
export interface Contract {
  /** The services of `muster.v1`, by name. */
  readonly muster: Services;
  /** Every message by its full name, `google.rpc` included, with `serialize` and `deserialize`. */
  readonly messages: Messages;
  /** The same as proto-loader sees it. Reflection takes `reflectionDefinition()` instead. */
  readonly packageDefinition: PackageDefinition;
}

let loaded: Contract | undefined;

/** Loads the contract; every call returns the same value. */
export function loadContract(): Contract {
  loaded ??= load();
  return loaded;
}

/** The URL of the generated file `name`. The package keeps gen/ beside src/ and dist/gen/ beside dist/src/. */
function generated(name: string): URL {
  return new URL(`../gen/${name}`, import.meta.url);
}

function load(): Contract {
  const json = JSON.parse(readFileSync(generated('muster.json'), 'utf8'));
  const packageDefinition = withQuickCodecs(json, fromJSON(json, loaderOptions));
  const { v1 } = loadPackageDefinition(packageDefinition).muster as GrpcObject;
  return Object.freeze({
    muster: v1 as unknown as Services,
    messages: packageDefinition as unknown as Messages,
    packageDefinition,
  });
}

/** The serialized `google.protobuf.FileDescriptorSet` of the contract, comments and imports included. */
export function readDescriptorSet(): Buffer {
  return readFileSync(generated('muster.binpb'));
}

/**
 * What `new ReflectionService(...)` of `@grpc/reflection` takes: the .proto files as they were
 * written. (Made from `packageDefinition`, it would list camelCase names and no comments.)
 */
export function reflectionDefinition(): PackageDefinition {
  // Reflection reads nothing but the descriptors of an entry.
  const fileDescriptorProtos = splitDescriptorSet(readDescriptorSet());
  return { 'muster.v1': { fileDescriptorProtos } } as unknown as PackageDefinition;
}

/** A FileDescriptorSet holds nothing but field 1, repeated: (tag 0x0a, length, file). */
function splitDescriptorSet(set: Buffer): Buffer[] {
  const files: Buffer[] = [];
  let at = 0;
  while (at < set.length) {
    if (set[at] !== 0x0a)
      throw new Error(`muster.binpb is damaged at byte ${at}: run "make generate"`);
    at += 1;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = set[at] ?? 0;
      at += 1;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}
