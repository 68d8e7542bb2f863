// What a decoder would drop or misread without a word is found, with its path.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadContract } from '@muster/proto';
import { findUnknownFields, MalformedMessage } from './unknown-fields.ts';

const { messages } = loadContract();
const request = 'muster.v1.SubmitTasksRequest';

function encode(
  name: 'muster.v1.SubmitTasksRequest' | 'muster.v1.TaskSpec' | 'muster.v1.ListTasksRequest',
  value: object,
): Buffer {
  return messages[name].serialize(value as never);
}

function found(name: string, bytes: Buffer): string[] {
  return findUnknownFields(name, bytes).violations.map(
    ({ field, description }) => `${field}: ${description}`,
  );
}

/** A field of wire type 2. */
function wrapped(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(number * 8 + 2, bytes.length), bytes]);
}

describe('the walk over a request', () => {
  it('finds nothing in what the contract says', () => {
    const bytes = encode(request, {
      namespace: 'default',
      tasks: [
        {
          handler: 'email.send',
          input: { mediaType: 'application/json', data: Buffer.from([0, 255, 0]) },
          labels: { a: 'b', ü: 'ö' },
          startDelay: { seconds: 5 },
          retry: { maxAttempts: 3, jitter: 0.5, nonRetryableErrors: ['A', 'B'] },
          priority: -5,
        },
      ],
    });
    assert.deepEqual(findUnknownFields(request, bytes), { violations: [], count: 0 });
    const list = encode('muster.v1.ListTasksRequest', {
      filter: { states: ['TASK_STATE_READY', 'TASK_STATE_FAILED'] },
      view: 'TASK_VIEW_PAYLOADS',
    });
    assert.deepEqual(found('muster.v1.ListTasksRequest', list), []);
  });

  it('names unknown fields by their path, in the names of the .proto files', () => {
    const task = Buffer.concat([
      encode('muster.v1.TaskSpec', { handler: 'a' }),
      Buffer.of(0xf8, 0x06, 1), // field 111, varint
      wrapped(9, Buffer.of(0xa0, 0x06, 1)), // retry.100
      wrapped(14, Buffer.concat([wrapped(1, Buffer.from('k')), Buffer.of(0x18, 1)])), // labels["k"].3
    ]);
    const bytes = Buffer.concat([
      wrapped(2, encode('muster.v1.TaskSpec', {})),
      wrapped(2, task),
      Buffer.of(0x38, 1),
    ]);
    assert.deepEqual(
      findUnknownFields(request, bytes).violations.map(({ field }) => field),
      ['tasks[1].111', 'tasks[1].retry.100', 'tasks[1].labels["k"].3', '7'],
    );
  });

  it('finds unknown enum numbers, packed or not, and negative ones', () => {
    const list = 'muster.v1.ListTasksRequest';
    assert.match(found(list, Buffer.of(0x28, 9)).join(), /^view: has the unknown enum number 9/);
    const filter = wrapped(2, wrapped(2, Buffer.of(3, 42)));
    assert.match(
      found(list, filter).join(),
      /^filter\.states\[0\]: has the unknown enum number 42/,
    );
    const unpacked = wrapped(2, Buffer.of(0x10, 3, 0x10, 99));
    assert.match(
      found(list, unpacked).join(),
      /^filter\.states\[1\]: has the unknown enum number 99/,
    );
    const minusOne = Buffer.of(0x28, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
    assert.equal(found(list, minusOne).length, 1);
  });

  it('finds text that is not UTF-8, holds NUL, or comes from half a surrogate pair', () => {
    const key = (text: Buffer) => wrapped(2, wrapped(4, text));
    assert.match(
      found(request, key(Buffer.from('a\0b'))).join(),
      /tasks\[0\]\.idempotency_key: holds a NUL/,
    );
    assert.match(found(request, key(Buffer.of(0xed, 0xa0, 0x80))).join(), /half a surrogate pair/);
    assert.match(found(request, key(Buffer.alloc(100, 0xff))).join(), /not valid UTF-8/);
    const lone = encode(request, { tasks: [{ handler: 'a', labels: { a: '\ud800' } }] });
    assert.match(
      found(request, lone).join(),
      /tasks\[0\]\.labels\["a"\]\.value: is not valid UTF-8/,
    );
  });

  it('finds the key of a map that its decoder would drop', () => {
    const entry = wrapped(
      14,
      Buffer.concat([wrapped(1, Buffer.from('__proto__')), wrapped(2, Buffer.from('x'))]),
    );
    assert.match(
      found(request, wrapped(2, entry)).join(),
      /^tasks\[0\]\.labels\["__proto__"\]: cannot be a key/,
    );
  });

  it('finds a known field of another wire type', () => {
    assert.match(
      found(request, Buffer.of(0x08, 1)).join(),
      /^namespace: is encoded as another type/,
    );
  });

  it('counts everything and reports twenty', () => {
    const bytes = Buffer.concat(Array.from({ length: 50 }, () => Buffer.of(0x38, 1)));
    const { violations, count } = findUnknownFields(request, bytes);
    assert.deepEqual([violations.length, count], [20, 50]);
  });

  it('refuses what is no protobuf, and never reads beyond it', () => {
    const whole = encode(request, {
      namespace: 'abc',
      tasks: [{ handler: 'email.send', priority: 7 }],
    });
    for (let length = 1; length < whole.length; length += 1) {
      try {
        findUnknownFields(request, whole.subarray(0, length));
      } catch (error) {
        assert.ok(error instanceof MalformedMessage, `cut at ${length}`);
      }
    }
    for (const bytes of [[0x0a, 0xff], [0x0b], [0x0c], [0x80], Array(11).fill(0xff), [0x09, 1, 2]])
      assert.throws(() => findUnknownFields(request, Buffer.from(bytes)), MalformedMessage);
  });

  it('survives random bytes', () => {
    let seed = 12345;
    const next = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed;
    };
    for (let run = 0; run < 5000; run += 1) {
      const bytes = Buffer.from(Array.from({ length: next() % 40 }, () => next() % 256));
      try {
        findUnknownFields(request, bytes);
      } catch (error) {
        assert.ok(error instanceof MalformedMessage, bytes.toString('hex'));
      }
    }
  });
});
