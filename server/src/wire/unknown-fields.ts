/**
 * Finds in the bytes of a request what its decoder would drop or misread without a word.
 *
 * That is: unknown fields, unknown enum numbers, fields of another wire type, and text that is not UTF-8 or holds NUL.
 * A client that misspells a field, or is newer than the coordinator, must hear of it. The walk reads tags only: payload
 * bytes are skipped, and paths are built only for what is found.
 */
import { isUtf8 } from 'node:buffer';
import { loadContract } from '@muster/proto';
import type { Violation } from './status.ts';

/** What a message may hold, by field number. */
type Shape = ReadonlyMap<number, Field>;

type Field = {
  readonly name: string;
  readonly wireType: number;
  readonly repeated: boolean;
  readonly text: boolean;
  readonly enumNumbers: ReadonlySet<number> | null;
  readonly message: (() => Shape) | null;
  /** Entries of a map are named by their key, not by their place. */
  readonly map: boolean;
};

/** A message that is no protobuf at all. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

const reportedMax = 20;

/** Looks through the bytes of a message of this full name. Throws `MalformedMessage`. */
export function findUnknownFields(
  messageName: string,
  bytes: Buffer,
): { readonly violations: readonly Violation[]; readonly count: number } {
  const violations: Violation[] = [];
  let count = 0;
  walk(shapeOf(messageName), bytes, 0, bytes.length, '', (field, description) => {
    count += 1;
    if (violations.length < reportedMax) violations.push({ field, description });
  });
  return { violations, count };
}

type Report = (field: string, description: string) => void;

/** Walks the fields between two offsets; `path` ends in a dot, or is empty. */
function walk(
  shape: Shape,
  bytes: Buffer,
  start: number,
  end: number,
  path: string,
  report: Report,
) {
  const cursor = { at: start, end };
  // Made only where something repeats: there is a walk for every message within a message.
  let seen: Map<number, number> | null = null;
  while (cursor.at < end) {
    const tag = readVarint(bytes, cursor);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    const field = shape.get(number);
    const valueStart = skip(bytes, cursor, wireType);
    if (field === undefined) {
      report(
        `${path}${number}`,
        'is no field of this message; is the client newer than the coordinator?',
      );
      continue;
    }
    let place = 0;
    if (field.repeated) {
      seen ??= new Map();
      place = seen.get(number) ?? 0;
      seen.set(number, place + 1);
    }
    checkField(field, wireType, bytes, valueStart, cursor.at, path, place, report);
  }
}

function checkField(
  field: Field,
  wireType: number,
  bytes: Buffer,
  start: number,
  end: number,
  path: string,
  place: number,
  report: Report,
): void {
  const name = () => `${path}${field.name}${field.repeated && !field.map ? `[${place}]` : ''}`;
  const packed = field.repeated && wireType === 2 && field.wireType !== 2;
  if (wireType !== field.wireType && !packed) {
    report(name(), 'is encoded as another type; was the client generated from other .proto files?');
  } else if (field.enumNumbers !== null) {
    const cursor = { at: start, end };
    while (cursor.at < end) {
      const value = readVarint(bytes, cursor);
      if (!field.enumNumbers.has(value)) report(name(), `has the unknown enum number ${value}`);
    }
  } else if (field.text) {
    const flaw = textFlaw(bytes, start, end);
    if (flaw !== null) report(name(), flaw);
  } else if (field.message !== null) {
    const key = field.map ? mapKey(bytes, start, end) : '';
    // The decoder would take this key for the prototype of the map, and drop it.
    if (key === '"__proto__"') report(`${path}${field.name}[${key}]`, 'cannot be a key');
    const inner = field.map ? `${path}${field.name}[${key}].` : `${name()}.`;
    walk(field.message(), bytes, start, end, inner, report);
  }
}

/** Texts up to this many bytes are looked through here; the call into native code costs more. */
const shortTextBytes = 64;

function textFlaw(bytes: Buffer, start: number, end: number): string | null {
  if (end - start <= shortTextBytes) {
    let plain = true;
    for (let at = start; at < end && plain; at += 1) {
      const byte = bytes[at] ?? 0;
      plain = byte > 0 && byte < 0x80;
    }
    if (plain) return null;
  }
  const text = bytes.subarray(start, end);
  if (text.includes(0)) return 'holds a NUL character';
  return isUtf8(text) ? null : 'is not valid UTF-8; does it hold half a surrogate pair?';
}

/** The key of a map entry as a path shows it. */
function mapKey(bytes: Buffer, start: number, end: number): string {
  const cursor = { at: start, end };
  while (cursor.at < end) {
    const tag = readVarint(bytes, cursor);
    const valueStart = skip(bytes, cursor, tag % 8);
    if (tag === 0x0a)
      return JSON.stringify(
        bytes.toString('utf8', valueStart, Math.min(cursor.at, valueStart + 64)),
      );
  }
  return '""';
}

type Cursor = { at: number; readonly end: number };

/** Moves past one value and answers where its content begins. */
function skip(bytes: Buffer, cursor: Cursor, wireType: number): number {
  let start = cursor.at;
  if (wireType === 0) readVarint(bytes, cursor);
  else if (wireType === 1) cursor.at += 8;
  else if (wireType === 5) cursor.at += 4;
  else if (wireType === 2) {
    const length = readVarint(bytes, cursor);
    start = cursor.at;
    cursor.at += length;
  } else throw new MalformedMessage(`wire type ${wireType} at byte ${start}`);
  if (cursor.at > cursor.end || cursor.at < start)
    throw new MalformedMessage(`a value ends after byte ${cursor.end}`);
  return start;
}

/** Reads at most ten bytes; what does not fit 53 bits becomes a large number, which no field or enum has. */
function readVarint(bytes: Buffer, cursor: Cursor): number {
  let value = 0;
  let factor = 1;
  for (let count = 0; count < 10; count += 1) {
    if (cursor.at >= cursor.end)
      throw new MalformedMessage(`a number ends after byte ${cursor.end}`);
    const byte = bytes[cursor.at] ?? 0;
    cursor.at += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
  throw new MalformedMessage(`a number of more than ten bytes before byte ${cursor.at}`);
}

/** The part of a `google.protobuf.DescriptorProto` that shapes are made from. */
type Descriptor = {
  readonly name: string;
  readonly field: readonly {
    readonly name: string;
    readonly number: number;
    readonly label: string;
    readonly type: string;
    readonly typeName: string;
  }[];
  readonly nestedType: readonly (Descriptor & {
    readonly options: { readonly mapEntry?: boolean } | null;
  })[];
};

const shapes = new Map<string, Shape>();

function shapeOf(messageName: string): Shape {
  const known = shapes.get(messageName);
  if (known !== undefined) return known;
  const shape = shapeFrom(definition(messageName) as Descriptor);
  shapes.set(messageName, shape);
  return shape;
}

function definition(name: string): unknown {
  const { packageDefinition } = loadContract();
  const found = packageDefinition[name] ?? packageDefinition[`muster.v1.${name}`];
  if (found === undefined || !('type' in found))
    throw new Error(`The contract has no type "${name}".`);
  return found.type;
}

function shapeFrom(descriptor: Descriptor): Shape {
  return new Map(descriptor.field.map((field) => [field.number, fieldFrom(descriptor, field)]));
}

function fieldFrom(parent: Descriptor, field: Descriptor['field'][number]): Field {
  const typeName = field.typeName.replace(/^\./, '');
  const nested = parent.nestedType.find(({ name }) => typeName.split('.').at(-1) === name);
  let nestedShape: Shape | undefined;
  return {
    name: field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    wireType: wireTypes[field.type] ?? 0,
    repeated: field.label === 'LABEL_REPEATED',
    text: field.type === 'TYPE_STRING',
    enumNumbers: field.type === 'TYPE_ENUM' ? enumNumbers(typeName) : null,
    message:
      field.type !== 'TYPE_MESSAGE'
        ? null
        : () => {
            nestedShape ??= nested === undefined ? shapeOf(typeName) : shapeFrom(nested);
            return nestedShape;
          },
    map: nested?.options?.mapEntry === true,
  };
}

/** Wire types of the types that are not varints. */
const wireTypes: Readonly<Record<string, number>> = {
  TYPE_STRING: 2,
  TYPE_BYTES: 2,
  TYPE_MESSAGE: 2,
  TYPE_DOUBLE: 1,
  TYPE_FIXED64: 1,
  TYPE_SFIXED64: 1,
  TYPE_FLOAT: 5,
  TYPE_FIXED32: 5,
  TYPE_SFIXED32: 5,
};

function enumNumbers(typeName: string): ReadonlySet<number> {
  const { value } = definition(typeName) as {
    readonly value: readonly { readonly number: number }[];
  };
  return new Set(value.map(({ number }) => number));
}
