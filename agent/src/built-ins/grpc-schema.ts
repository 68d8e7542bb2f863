// How the messages of a foreign gRPC method look: from the service's own reflection (v1, then
// v1alpha), from .proto text, or from a descriptor set.

import { type Client, type Metadata, status } from '@grpc/grpc-js';
import {
  fromJSON,
  type MethodDefinition,
  type Options,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { typesOfFiles } from './grpc-descriptors.ts';
import { InputError } from './input.ts';

/** A unary method: JSON in, JSON out. */
export type UnaryMethod = MethodDefinition<object, object>;

/** Messages as JSON: 64-bit integers and enums as text, bytes as base64. */
const loaderOptions: Options = { longs: String, enums: String, bytes: String, json: true };

/** Files that one schema may consist of. */
const filesMax = 1000;

/** Finds `service/method` in a schema. Throws an InputError that names what there is. */
export function methodOf(
  schema: PackageDefinition,
  { service, method }: { service: string; method: string },
): UnaryMethod {
  const found = schema[service];
  if (!found || 'format' in found) {
    const services = Object.keys(schema).filter(
      (name) => schema[name] && !('format' in schema[name]),
    );
    throw new InputError(`There is no service "${service}". There are: ${services.join(', ')}.`);
  }
  const methods = found as ServiceDefinition;
  const definition = methods[method] as UnaryMethod | undefined;
  if (!definition) {
    const names = Object.keys(methods).join(', ');
    throw new InputError(`Service "${service}" has no method "${method}". It has: ${names}.`);
  }
  if (definition.requestStream || definition.responseStream) {
    throw new InputError(
      `Method "${service}/${method}" streams; only unary methods can be called.`,
    );
  }
  return definition;
}

/** The schema in the text of one .proto file, which may import only Google's well-known types. */
export function schemaOfText(text: string): PackageDefinition {
  try {
    const { root } = protobuf.parse(text, new protobuf.Root());
    for (const file of Object.keys(protobuf.common as unknown as Record<string, unknown>)) {
      const known = protobuf.common.get(file);
      if (known?.nested && text.includes(file)) root.addJSON(known.nested);
    }
    root.resolveAll();
    return toSchema(root);
  } catch (thrown) {
    throw new InputError(`"proto" cannot be read: ${(thrown as Error).message}`);
  }
}

/** The schema in a base64 `FileDescriptorSet`, imports included. */
export function schemaOfDescriptorSet(base64: string): PackageDefinition {
  try {
    return toSchema(typesOfFiles(Buffer.from(base64, 'base64')));
  } catch (thrown) {
    throw new InputError(`"descriptorSet" cannot be read: ${(thrown as Error).message}`);
  }
}

/** The types from which schemas were made. */
const typesOf = new WeakMap<PackageDefinition, protobuf.Root>();

function toSchema(types: protobuf.Root): PackageDefinition {
  const schema = fromJSON(types.toJSON(), loaderOptions);
  typesOf.set(schema, types);
  return schema;
}

/** Refuses a request with a field, at any depth, that its message does not have: it would be dropped in silence. */
export function checkFields(
  schema: PackageDefinition,
  { service, method, request }: { service: string; method: string; request: object },
): void {
  const type = typesOf.get(schema)?.lookupService(service).methods[method]?.resolvedRequestType;
  if (type) checkMessage(type, request, '');
}

function checkMessage(type: protobuf.Type, message: object, path: string): void {
  // `google.protobuf.Any` holds the fields of the message that `@type` names.
  if ('@type' in message) return;
  for (const [key, value] of Object.entries(message)) {
    const field = type.fields[key];
    if (!field) {
      const known = Object.keys(type.fields).join(', ');
      throw new InputError(`${type.name} has no field "${path}${key}". It has: ${known}.`);
    }
    const inner = field.resolvedType;
    if (!(inner instanceof protobuf.Type) || typeof value !== 'object' || value === null) continue;
    const isMany = field.repeated || field.map;
    const items = isMany ? Object.entries(value) : [['', value]];
    for (const [index, item] of items) {
      const itemPath = isMany ? `${path}${key}.${index}.` : `${path}${key}.`;
      if (typeof item === 'object' && item !== null) checkMessage(inner, item, itemPath);
    }
  }
}

/** The schema of a service as its server tells it. */
export async function schemaByReflection(
  client: Client,
  service: string,
  call: { metadata: Metadata; deadline: Date | number; signal: AbortSignal },
): Promise<PackageDefinition> {
  try {
    return await reflect(client, 'v1', service, call);
  } catch (thrown) {
    if ((thrown as { code?: number }).code !== status.UNIMPLEMENTED) throw thrown;
    return reflect(client, 'v1alpha', service, call);
  }
}

interface ReflectionAnswer {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string };
}

async function reflect(
  client: Client,
  version: 'v1' | 'v1alpha',
  service: string,
  {
    metadata,
    deadline,
    signal,
  }: { metadata: Metadata; deadline: Date | number; signal: AbortSignal },
): Promise<PackageDefinition> {
  const { path, requestSerialize, responseDeserialize } = reflectionMethod(version);
  const call = client.makeBidiStreamRequest(
    path,
    requestSerialize as (request: object) => Buffer,
    responseDeserialize as (bytes: Buffer) => ReflectionAnswer,
    metadata,
    { deadline },
  );
  const stop = () => call.cancel();
  signal.addEventListener('abort', stop, { once: true });
  const answers = call[Symbol.asyncIterator]() as AsyncIterator<ReflectionAnswer>;
  const files = new Map<string, Buffer>();
  try {
    await collect({ fileContainingSymbol: service }, files, async (request) => {
      call.write(request);
      const { value, done } = await answers.next();
      if (done) throw new Error('The server ended its reflection early.');
      return value;
    });
  } finally {
    signal.removeEventListener('abort', stop);
    call.end();
    call.cancel();
  }
  return toSchema(typesOfFiles(toSet([...files.values()])));
}

/** Asks for a file and, in turn, for each import that did not come with it. */
async function collect(
  first: object,
  files: Map<string, Buffer>,
  ask: (request: object) => Promise<ReflectionAnswer>,
): Promise<void> {
  const wanted: object[] = [first];
  const asked = new Set<string>();
  for (let request = wanted.shift(); request !== undefined; request = wanted.shift()) {
    const { fileDescriptorResponse, errorResponse } = await ask(request);
    if (errorResponse) throw new InputError(`Reflection said: ${errorResponse.errorMessage}`);
    const imports: string[] = [];
    for (const bytes of fileDescriptorResponse?.fileDescriptorProto ?? []) {
      const file = descriptor.FileDescriptorProto.decode(bytes) as unknown as {
        name: string;
        dependency?: string[];
      };
      files.set(file.name, Buffer.from(bytes));
      imports.push(...(file.dependency ?? []));
    }
    for (const name of imports) {
      if (files.has(name) || asked.has(name)) continue;
      asked.add(name);
      wanted.push({ fileByFilename: name });
    }
    if (files.size > filesMax) throw new InputError(`The schema has more than ${filesMax} files.`);
  }
}

/** A FileDescriptorSet is nothing but field 1, repeated. */
function toSet(files: readonly Buffer[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const file of files) writer.uint32(0x0a).bytes(file);
  return Buffer.from(writer.finish());
}

/** The part of `grpc.reflection` that is needed here; both versions have the same messages. */
function reflectionMethod(version: 'v1' | 'v1alpha'): UnaryMethod {
  const messages = {
    ServerReflection: {
      methods: {
        ServerReflectionInfo: {
          ...{ requestType: 'ServerReflectionRequest', requestStream: true },
          ...{ responseType: 'ServerReflectionResponse', responseStream: true },
        },
      },
    },
    ServerReflectionRequest: {
      fields: {
        fileByFilename: { type: 'string', id: 3 },
        fileContainingSymbol: { type: 'string', id: 4 },
      },
      oneofs: { messageRequest: { oneof: ['fileByFilename', 'fileContainingSymbol'] } },
    },
    ServerReflectionResponse: {
      fields: {
        fileDescriptorResponse: { type: 'FileDescriptorResponse', id: 4 },
        errorResponse: { type: 'ErrorResponse', id: 7 },
      },
    },
    FileDescriptorResponse: {
      fields: { fileDescriptorProto: { rule: 'repeated', type: 'bytes', id: 1 } },
    },
    ErrorResponse: {
      fields: { errorCode: { type: 'int32', id: 1 }, errorMessage: { type: 'string', id: 2 } },
    },
  };
  const json = {
    nested: { grpc: { nested: { reflection: { nested: { [version]: { nested: messages } } } } } },
  };
  const definition = fromJSON(json as protobuf.INamespace, {});
  const service = definition[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
  return service.ServerReflectionInfo as UnaryMethod;
}
