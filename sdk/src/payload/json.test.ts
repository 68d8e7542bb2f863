// The JSON rules: what is written comes back equal, and what would not is refused with its path.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import type { MusterError } from '../errors.ts';
import { encodeJson } from './json.ts';

class Point {
  x = 1;
}

const cyclic: { self?: unknown } = {};
cyclic.self = { list: [cyclic] };

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

describe('JSON', () => {
  it('comes back as it was', () => {
    const shared = { a: 1 };
    const values = [
      null,
      true,
      '',
      'text \u2028 \ud800 \u0000 "',
      -1.5e300,
      [],
      [[1, null], 'x'],
      { a: { b: [{ c: 'd' }] }, 'odd key': 1, __proto: 2 },
      Object.assign(Object.create(null), { a: 1 }),
      [shared, shared],
      runInNewContext('({ a: [1, 2] })'),
      nested(500),
    ];
    for (const value of values) {
      const read = JSON.parse(encodeJson(value, 'Input'));
      assert.equal(JSON.stringify(read), JSON.stringify(value));
    }
  });

  it('leaves out properties that are undefined', () => {
    assert.equal(encodeJson({ a: undefined, b: 1 }, 'Input'), '{"b":1}');
  });

  it('refuses what would not come back, naming the path', () => {
    const cases: [unknown, string][] = [
      [{ at: new Date() }, 'at'],
      [{ items: [{ price: 1n }] }, 'items[0].price'],
      [[1, undefined], '[1]'],
      [Number.NaN, ''],
      [{ a: { 'odd key': Infinity } }, 'a["odd key"]'],
      [{ f: () => 1 }, 'f'],
      [{ s: Symbol('x') }, 's'],
      [{ [Symbol('x')]: 1 }, ''],
      [new Map(), ''],
      [{ set: new Set([1]) }, 'set'],
      [new Point(), ''],
      [[new Error('x')], '[0]'],
      [{ bytes: Buffer.from('x') }, 'bytes'],
      [{ bytes: new Uint8Array(1) }, 'bytes'],
      [new ArrayBuffer(1), ''],
      [Object(1), ''],
      [{ toJSON: () => 1 }, ''],
      // biome-ignore lint/suspicious/noSparseArray: the hole is the point.
      [[1, , 2], ''],
      [Object.assign([1], { extra: 1 }), ''],
      [cyclic, 'self.list[0]'],
      [nested(501), '[0]'.repeat(500)],
      [undefined, ''],
    ];
    for (const [value, path] of cases) {
      assert.throws(
        () => encodeJson(value, 'Input'),
        (error: MusterError) => {
          assert.equal(error.reason, 'PAYLOAD_NOT_JSON', error.stack);
          assert.equal(error.metadata.path, path, error.message);
          assert.match(error.message, /^Input/);
          return true;
        },
        `path ${path}`,
      );
    }
  });

  it('says what to do instead', () => {
    assert.throws(
      () => encodeJson({ user: { born: new Date(0) } }, 'Input of email.send'),
      /^MusterError: Input of email\.send at user\.born is a Date.*pass date\.toISOString\(\)\.$/,
    );
  });
});
