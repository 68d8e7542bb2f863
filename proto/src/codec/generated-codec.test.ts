// The quick codecs against the general ones of protobufjs, over random messages: the same bytes,
// the same objects, the same refusals.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fromJSON, type MessageTypeDefinition } from '@grpc/proto-loader';
import { loaderOptions } from '../contract.ts';
import { unusual } from './byte-writer.ts';
import { generateCodec } from './generated-codec.ts';
import { hotMethods, quickCodec } from './hot-methods.ts';
import { type FieldShape, type MessageShape, shapeOf } from './shapes.ts';

const root = JSON.parse(readFileSync(new URL('../../gen/muster.json', import.meta.url), 'utf8'));
const messages = fromJSON(root, loaderOptions) as Readonly<
  Record<string, MessageTypeDefinition<object, object>>
>;
const names = Object.values(hotMethods)
  .flatMap((methods) => Object.values(methods).flat())
  .map((name) => `muster.v1.${name}`);

/** Chance that can be repeated. */
function chanceFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    pick: <Value>(values: readonly Value[]) => values[below(values.length)] as Value,
  };
}

type Chance = ReturnType<typeof chanceFrom>;

const texts = ['', 'a', 'bench.noop', 'application/json', '0199c0de-0000-7000-8000-0123456789ab'];
const strings = [...texts, 'é', 'ü€', 'x'.repeat(39), 'ü'.repeat(41), 'y'.repeat(300), '\0', '😀'];
const oddStrings = ['\ud800', 5, true, {}, Buffer.from('x')];
const longs = [0, 1, 127, 128, 2 ** 31, 2 ** 32 + 5, 2 ** 40, Number.MAX_SAFE_INTEGER];
const oddLongs = [-1, 1.5, '7', Number.NaN, 2 ** 60, { low: 1, high: 1, unsigned: false }];
const ints = [0, 1, 100, 2 ** 31 - 1, -1, -100, -(2 ** 31)];
const usual = {
  string: strings,
  bytes: [0, 1, 10, 300].map((length) => Buffer.alloc(length, 7)),
  bool: [true, false],
  int32: ints,
  int64: longs,
  double: [0, -0, 1.5, 1e300, Number.POSITIVE_INFINITY],
  map: [{}, { a: 'b' }, { a: '', '': 'c', é: 'ü', z: 'z'.repeat(200) }],
};
const odd = {
  string: oddStrings,
  bytes: ['AQID', [1, 2], new Uint8Array([1, 2, 3])],
  bool: [1, 0, 'x'],
  int32: [1.5, 2 ** 31, '3', Number.NaN],
  int64: oddLongs,
  double: ['1.5', 'NaN'],
  map: [{ a: 5 }, 'x', [], JSON.parse('{"__proto__":"x"}')],
};

function fieldValue(field: FieldShape, chance: Chance, oddity: number, depth: number): unknown {
  const isOdd = chance.below(1000) < oddity;
  if (field.message) return isOdd ? 5 : messageOf(field.message, chance, oddity, depth + 1);
  if (field.values) {
    const known = Object.keys(field.values);
    return isOdd ? chance.pick([99, 1, 'NOBODY', 'toString']) : chance.pick(known);
  }
  const { kind } = field as { kind: keyof typeof usual };
  return chance.pick<unknown>(isOdd ? odd[kind] : usual[kind]);
}

function messageOf(shape: MessageShape, chance: Chance, oddity: number, depth = 0): object {
  const message: Record<string, unknown> = {};
  for (const field of shape.fields) {
    const turn = chance.below(10);
    if (turn < 3) continue;
    if (turn === 3) message[field.name] = chance.pick([null, undefined]);
    else if (field.repeated) {
      const count = chance.pick(depth > 1 ? [0, 1, 2] : [0, 1, 3, 40]);
      const list = Array.from({ length: count }, () => fieldValue(field, chance, oddity, depth));
      message[field.name] = chance.below(1000) < oddity ? 'no list' : list;
    } else message[field.name] = fieldValue(field, chance, oddity, depth);
  }
  return message;
}

/** What a function gives, or that it throws. */
function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (thrown) {
    assert.notEqual(thrown, unusual);
    return `threw ${String(thrown)}`;
  }
}

for (const name of names) {
  describe(`the quick codec of ${name}`, () => {
    const general = messages[name] as MessageTypeDefinition<object, object>;
    const quick = quickCodec(root, name, general);
    const shape = shapeOf(root, name);

    test('writes and reads usual messages itself, as the general one does', () => {
      const { encode, decode } = generateCodec(shape);
      const chance = chanceFrom(11);
      for (let round = 0; round < 600; round += 1) {
        const message = messageOf(shape, chance, 0);
        const bytes = encode(message);
        assert.ok(bytes.equals(general.serialize(message)));
        assert.deepStrictEqual(decode(bytes), general.deserialize(bytes));
      }
    });

    test('means the same by odd values, or refuses them with the same words', () => {
      const chance = chanceFrom(12);
      for (let round = 0; round < 600; round += 1) {
        const message = messageOf(shape, chance, 30);
        assert.deepStrictEqual(
          attempt(() => quick.serialize(message)),
          attempt(() => general.serialize(message)),
        );
      }
    });

    test('reads damaged bytes as the general one does', () => {
      const chance = chanceFrom(13);
      for (let round = 0; round < 1_500; round += 1) {
        const bytes = Buffer.from(general.serialize(messageOf(shape, chance, 0)));
        const damaged = bytes.subarray(
          0,
          chance.pick([bytes.length, chance.below(bytes.length + 1)]),
        );
        for (let hits = chance.below(3); hits > 0 && damaged.length > 0; hits -= 1)
          damaged[chance.below(damaged.length)] = chance.below(256);
        assert.deepStrictEqual(
          attempt(() => quick.deserialize(damaged)),
          attempt(() => general.deserialize(damaged)),
        );
      }
    });

    test('leaves out fields of a later version, as the general one does', () => {
      const later = [
        ...[Buffer.from([0x98, 0x06, 0x05]), Buffer.from([0x9a, 0x06, 0x02, 0x61, 0x62])],
        ...[
          Buffer.from([0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
          Buffer.from([0x9d, 0x06, 1, 2, 3, 4]),
        ],
      ];
      const chance = chanceFrom(14);
      const { decode } = generateCodec(shape);
      for (let round = 0; round < 200; round += 1) {
        const bytes = general.serialize(messageOf(shape, chance, 0));
        const longer = Buffer.concat([chance.pick(later), bytes, chance.pick(later)]);
        assert.deepStrictEqual(decode(longer), general.deserialize(longer));
      }
    });
  });
}

test('a message of megabytes is written, and the buffer given up after it', () => {
  const name = 'muster.v1.SubmitTasksRequest';
  const { encode } = generateCodec(shapeOf(root, name));
  const general = messages[name] as MessageTypeDefinition<object, object>;
  for (const length of [3 * 2 ** 20, 10, 2 ** 21 - 1, 2 ** 21, 2 ** 14]) {
    const input = { mediaType: 'x', data: Buffer.alloc(length, 1) };
    const message = { tasks: [{ input }, { id: 'b'.repeat(length) }] };
    assert.ok(encode(message).equals(general.serialize(message)));
  }
});

test('a text is not taken for the one before it whose characters are its bytes', () => {
  const name = 'muster.v1.SubmitTasksRequest';
  const { encode, decode } = generateCodec(shapeOf(root, name));
  for (const namespace of ['a', 'Ã©', 'é', 'Ã©', 'b']) {
    const read = decode(encode({ namespace })) as { readonly namespace: string };
    assert.equal(read.namespace, namespace);
  }
});
