// Descriptors of a foreign service as types whose messages read like JSON: fields named in camelCase,
// and maps as objects. By themselves descriptors name fields as the .proto file does, and hold a map as a
// list of entries.

import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

/** What is read and changed of a `DescriptorProto`. */
interface MessageDescriptor {
  readonly name: string;
  readonly field?: { name: string; jsonName?: string }[];
  readonly nestedType?: MessageDescriptor[];
  readonly options?: { readonly mapEntry?: boolean };
}

/** What is read of a `FileDescriptorProto`. */
interface FileDescriptor {
  readonly package?: string;
  readonly messageType?: MessageDescriptor[];
}

interface FileDescriptorSet {
  readonly file: readonly FileDescriptor[];
}

/** The types in a `FileDescriptorSet`, imports included. */
export function typesOfFiles(set: Buffer): protobuf.Root {
  const { file } = descriptor.FileDescriptorSet.decode(set) as unknown as FileDescriptorSet;
  const entries: string[] = [];
  for (const { package: scope = '', messageType = [] } of file) {
    for (const message of messageType) nameAsJson(message, scope, entries);
  }
  const root = fromDescriptor({ file });
  root.resolveAll();
  for (const entry of entries) restoreMap(root.lookupType(entry));
  root.resolveAll();
  return root;
}

/** The extension of protobufjs that reads descriptors is not part of its typings. */
const { fromDescriptor } = protobuf.Root as unknown as {
  fromDescriptor(set: FileDescriptorSet): protobuf.Root;
};

/** Renames the fields, and notes the full names of the messages that are entries of maps. */
function nameAsJson(message: MessageDescriptor, scope: string, entries: string[]): void {
  const { name, field = [], nestedType = [], options } = message;
  const fullName = `${scope}.${name}`;
  if (options?.mapEntry) entries.push(fullName.replace(/^\./, ''));
  for (const each of field) each.name = each.jsonName || camelCase(each.name);
  for (const nested of nestedType) nameAsJson(nested, fullName, entries);
}

function camelCase(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Puts a map in the place of the list of its entries. */
function restoreMap(entry: protobuf.Type): void {
  const parent = entry.parent as protobuf.Type;
  const list = parent.fieldsArray.find(({ resolvedType }) => resolvedType === entry);
  const { key, value } = entry.fields;
  if (!list || !key || !value) return;
  const valueType = value.resolvedType?.fullName ?? value.type;
  parent.remove(list);
  parent.remove(entry);
  parent.add(new protobuf.MapField(list.name, list.id, key.type, valueType));
}
