import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Chance } from '../../../simulation/world/chance.ts';
import { faultKinds } from './fault-kinds.ts';
import { tell } from './faults.ts';
import { planFaults } from './plan.ts';

const shape = { coordinators: 3, agents: 4, slots: 10 };
const trouble = { faultyMs: 45_000, everyMs: 5_000, lastsMaxMs: 8_000 };
const planOf = (seed: number, changes: { withoutNats?: boolean } = {}) =>
  planFaults(new Chance(seed), trouble, { ...shape, ...changes });

describe('what will go wrong', () => {
  it('is decided by the seed', () => {
    assert.deepEqual(planOf(7).map(tell), planOf(7).map(tell));
    assert.notDeepEqual(planOf(7).map(tell), planOf(8).map(tell));
  });

  it('comes at the given rhythm and lasts no longer than it may', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const faults = planOf(seed);
      assert.ok(faults.length >= 6 && faults.length <= 20, `${faults.length} faults`);
      for (const { atMs, lastsMs } of faults)
        assert.ok(atMs < trouble.faultyMs && lastsMs <= trouble.lastsMaxMs);
    }
  });

  it('is of every kind, sooner or later, and never of NATS where there is none', () => {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed + 1);
    const kinds = new Set(seeds.flatMap((seed) => planOf(seed)).map(({ kind }) => kind));
    assert.equal(kinds.size, faultKinds.length);
    const without = seeds.flatMap((seed) => planOf(seed, { withoutNats: true }));
    assert.ok(without.every(({ kind }) => !kind.needsNats));
  });
});
