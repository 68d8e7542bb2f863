/** UUIDv7: order, uniqueness, and the time inside. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createIdGenerator, isUuid, isUuidV7, leastIdAt, makeId, timeOfId } from './ids.ts';

const times = fc.integer({ min: 0, max: 2 ** 48 - 2 });

describe('ids', () => {
  test('are UUIDv7 and give their time back', () => {
    fc.assert(
      fc.property(
        times,
        fc.nat(0xfff),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (time, n, random) => {
          const id = makeId(time, n, Buffer.from(random));
          assert.ok(isUuidV7(id) && isUuid(id), id);
          assert.equal(timeOfId(id), time);
          assert.ok(leastIdAt(time) <= id && id < leastIdAt(time + 1));
        },
      ),
    );
  });

  test('rise strictly, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 50 }),
        (steps) => {
          let clock = 1_800_000_000_000;
          const next = createIdGenerator({ now: () => clock, random: randomBytes });
          let last = '';
          for (const step of steps) {
            clock += step;
            for (let at = 0; at < 3; at += 1) {
              const id = next();
              assert.ok(id > last, `${id} after ${last}`);
              last = id;
            }
          }
        },
      ),
    );
  });

  test('do not run out within a millisecond', () => {
    const next = createIdGenerator({ now: () => 5, random: randomBytes });
    const ids = Array.from({ length: 20_000 }, next);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(ids, ids.toSorted());
    assert.ok(timeOfId(ids.at(-1) ?? '') < 15);
  });

  test('that are none are told', () => {
    for (const text of ['', 'x', '018F0000-0000-7000-8000-000000000000', `${leastIdAt(1)}0`])
      assert.ok(!isUuid(text), text);
    assert.ok(!isUuidV7('018f0000-0000-4000-8000-000000000000'));
  });
});
