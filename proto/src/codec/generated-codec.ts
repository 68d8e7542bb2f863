// Encoders and decoders of messages as JavaScript that is written when the contract is loaded,
// one function per message, as protobufjs does it. The difference: plain objects go straight to
// bytes and back. The general way makes an instance of a class on the way, and on the way out a
// list of operations; for a hundred tasks it took three to four times as long.

import { ByteReader } from './byte-reader.ts';
import { ByteWriter, unusual } from './byte-writer.ts';
import type { FieldShape, MessageShape } from './shapes.ts';

/** Both ways of one message. Each throws `unusual` where only the general way knows what to do. */
export interface GeneratedCodec {
  encode(message: unknown): Buffer;
  decode(bytes: Buffer): unknown;
}

/** Wire types by kind; everything else comes with its length. */
const wireTypes: Readonly<Partial<Record<FieldShape['kind'], number>>> = {
  ...{ bool: 0, int32: 0, int64: 0, enum: 0, double: 1 },
};

/** What an absent field is read as, as source text; fields of oneofs are left out. */
const absent: Readonly<Record<FieldShape['kind'], string>> = {
  ...{ string: "''", bytes: 'Buffer.alloc(0)', bool: 'false', int32: '0', int64: '0' },
  ...{ double: '0', message: 'null', map: '{}', enum: '' },
};

const writer = new ByteWriter();

/** Makes the codec of a message and of all messages in it. */
export function generateCodec(shape: MessageShape): GeneratedCodec {
  const shapes = [...reachable(shape)];
  const source = [
    '"use strict";',
    ...shapes.flatMap((each, index) => [
      encoderOf(each, index, shapes),
      decoderOf(each, index, shapes),
    ]),
    'return { encode: encode0, decode: decode0 };',
  ].join('\n');
  const make = new Function('unusual', 'enums', source);
  const made = make(unusual, enumsOf(shapes)) as {
    encode(writer: ByteWriter, message: unknown): void;
    decode(reader: ByteReader, end: number): unknown;
  };
  return {
    encode(message) {
      writer.begin();
      made.encode(writer, message);
      return writer.finish();
    },
    decode: (bytes) => made.decode(new ByteReader(bytes), bytes.length),
  };
}

function reachable(shape: MessageShape, found = new Set<MessageShape>()): Set<MessageShape> {
  if (found.has(shape)) return found;
  found.add(shape);
  for (const { message } of shape.fields) if (message) reachable(message, found);
  return found;
}

/** Numbers by name, and names by number, of every enum, by the field that has it. */
function enumsOf(shapes: readonly MessageShape[]) {
  return shapes.map(({ fields }) =>
    fields.map(({ values }) => {
      if (!values) return undefined;
      const names: string[] = [];
      for (const [name, number] of Object.entries(values)) names[number] ??= name;
      return { numbers: values, names };
    }),
  );
}

function encoderOf({ fields }: MessageShape, own: number, shapes: readonly MessageShape[]): string {
  const hints = fields.map((_, index) => `let hint${own}_${index} = 1;`);
  const body = fields.map((field, index) => {
    const place = `${own}_${index}`;
    const write = (value: string) => writeValue(field, value, place, shapes);
    const v = `value = message.${field.name};`;
    if (field.kind === 'map')
      return `${v} if (value != null) { if (typeof value !== 'object') throw unusual; for (const key of Object.keys(value)) { if (key === '__proto__') throw unusual; ${write('value[key]')} } }`;
    if (field.repeated)
      return `${v} if (value != null) { if (!Array.isArray(value)) throw unusual; for (let index = 0; index < value.length; index += 1) { const item = value[index]; ${write('item')} } }`;
    return `${v} if (value != null) { ${write('value')} }`;
  });
  return `${hints.join(' ')}
function encode${own}(writer, message) {
  if (typeof message !== 'object' || message === null) throw unusual;
  let value;
  ${body.join('\n  ')}
}`;
}

/** Source text that writes a tag and a value. */
function writeValue(
  field: FieldShape,
  value: string,
  place: string,
  shapes: readonly MessageShape[],
): string {
  const tag = `writer.uint32(${tagOf(field)});`;
  const inside = (content: string) =>
    `${tag} const place${place} = writer.open(hint${place}); ${content} hint${place} = writer.close(place${place}, hint${place});`;
  if (field.kind === 'map')
    return inside(
      `writer.uint32(10); writer.string(key); writer.uint32(18); writer.string(${value});`,
    );
  if (field.message) return inside(`encode${shapes.indexOf(field.message)}(writer, ${value});`);
  if (field.kind === 'enum') return `${tag} writer.enum(${value}, ${enumOf(place)}.numbers);`;
  return `${tag} writer.${field.kind}(${value});`;
}

function decoderOf({ fields }: MessageShape, own: number, shapes: readonly MessageShape[]): string {
  const lasts = fields.map(({ kind }, index) =>
    kind === 'string' ? `let last${own}_${index} = '';` : '',
  );
  const locals = fields.map(({ repeated, kind, oneof }, index) => {
    const late = kind === 'bytes' || kind === 'enum' || oneof !== undefined;
    return `let field${index} = ${repeated ? '[]' : late ? 'undefined' : absent[kind]};`;
  });
  const cases = fields.map((field, index) => {
    const read = readValue(field, index, `${own}_${index}`, shapes);
    return `case ${tagOf(field)}: ${read} break;`;
  });
  const always = fields.flatMap(({ name, kind, oneof }, index) => {
    if (oneof !== undefined) return [];
    const late = kind === 'bytes' ? ` ?? ${absent.bytes}` : '';
    const zero = kind === 'enum' ? ` ?? (${enumOf(`${own}_${index}`)}.names[0] ?? 0)` : '';
    return [`${name}: field${index}${late}${zero}`];
  });
  const chosen = fields.flatMap(({ name, oneof }, index) =>
    oneof === undefined
      ? []
      : [
          `if (field${index} !== undefined) { read.${name} = field${index}; read.${oneof} = ${JSON.stringify(name)}; }`,
        ],
  );
  const numbers = fields.map(({ number }) => `case ${number}:`).join(' ');
  return `${lasts.join(' ')}
function decode${own}(reader, end) {
  ${locals.join(' ')}
  while (reader.at < end) {
    const tag = reader.uint31();
    switch (tag) {
      ${cases.join('\n      ')}
      default: switch (tag >>> 3) { case 0: ${numbers} throw unusual; default: reader.skip(tag); }
    }
  }
  if (reader.at !== end) throw unusual;
  const read = { ${always.join(', ')} };
  ${chosen.join('\n  ')}
  return read;
}`;
}

/** Source text that reads a value into its local. */
function readValue(
  { kind, repeated, message }: FieldShape,
  index: number,
  place: string,
  shapes: readonly MessageShape[],
): string {
  const into = (value: string) =>
    repeated ? `field${index}.push(${value});` : `field${index} = ${value};`;
  if (kind === 'map') return `{ ${readEntry(index)} }`;
  if (message) return into(`decode${shapes.indexOf(message)}(reader, reader.end(end))`);
  if (kind === 'enum') return into(`reader.enum(${enumOf(place)}.names)`);
  if (kind === 'string') return into(`last${place} = reader.string(last${place})`);
  return into(`reader.${kind}()`);
}

/** Only entries in their usual form: key, then value. */
function readEntry(index: number): string {
  return `const last = reader.end(end); if (reader.uint31() !== 10) throw unusual; const key = reader.string('');
        if (key === '__proto__' || reader.uint31() !== 18) throw unusual; field${index}[key] = reader.string(''); if (reader.at !== last) throw unusual;`;
}

function tagOf({ number, kind }: FieldShape): number {
  return number * 8 + (wireTypes[kind] ?? 2);
}

function enumOf(place: string): string {
  const [message, field] = place.split('_');
  return `enums[${message}][${field}]`;
}
