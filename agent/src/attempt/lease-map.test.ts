import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LeaseMap } from './lease-map.ts';

const value = (taskId: string, leaseEpoch: number) => ({ ref: { taskId, leaseEpoch } });

describe('lease map', () => {
  test('does what a map by task and epoch does, whatever the order', () => {
    let seed = 7;
    const chance = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const map = new LeaseMap<ReturnType<typeof value>>();
    const plain = new Map<string, ReturnType<typeof value>>();
    for (let step = 0; step < 20_000; step += 1) {
      const each = value(`t${chance(5)}`, chance(4));
      const key = `${each.ref.taskId} ${each.ref.leaseEpoch}`;
      assert.equal(map.get(each.ref), plain.get(key));
      assert.equal(map.has(each.ref), plain.has(key));
      const turn = chance(100);
      if (turn < 50) {
        map.set(each);
        plain.set(key, each);
      } else if (turn < 99) assert.equal(map.delete(each.ref), plain.delete(key));
      else {
        map.clear();
        plain.clear();
      }
      assert.equal(map.size, plain.size);
    }
    assert.deepEqual(new Set(map.values()), new Set(plain.values()));
  });
});
