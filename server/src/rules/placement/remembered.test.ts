/** Strategies with a memory: the order is exact, newcomers find their place, and nobody is remembered for ever. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Candidate } from './candidate.ts';
import { placementLimits } from './limits.ts';
import { asks, candidate, createBatches, fleet } from './scene.ts';

const named = (ids: string, changes: Partial<Candidate> = {}) =>
  ids.split(' ').map((id) => candidate(id, changes));
const full = { slots: 1, busy: 1 };

describe('ROUND_ROBIN', () => {
  it('takes one after the other, also from batch to batch', () => {
    const batches = createBatches({ name: 'ROUND_ROBIN' });
    const candidates = named('a b c');
    assert.deepEqual(batches.next(candidates, 4), ['a', 'b', 'c', 'a']);
    assert.deepEqual(batches.next(candidates.toReversed(), 4), ['b', 'c', 'a', 'b']);
  });

  it('goes on from where it was when agents go, come, or are full', () => {
    const batches = createBatches({ name: 'ROUND_ROBIN' });
    assert.deepEqual(batches.next(named('a b d'), 2), ['a', 'b']);
    assert.deepEqual(batches.next(named('a c d'), 1), ['c']);
    assert.deepEqual(batches.next([...named('a e'), candidate('d', full)], 2), ['e', 'a']);
    assert.deepEqual(batches.next(named('a b d'), 1), ['b']);
  });

  it('knows two that joined at the same time apart', () => {
    const candidates = named('a b c', { joinedAt: 5 });
    const batches = createBatches({ name: 'ROUND_ROBIN' });
    const chosen = Array.from({ length: 6 }, () => batches.next(candidates, 1)[0]);
    assert.deepEqual(chosen, ['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('is as even as can be over any number of tasks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(100), (agents, tasks) => {
        const chosen = createBatches({ name: 'ROUND_ROBIN' }).next(fleet(agents), tasks);
        for (const { agentId } of fleet(agents)) {
          const count = chosen.filter((id) => id === agentId).length;
          assert.ok(Math.abs(count - tasks / agents) < 1);
        }
      }),
    );
  });
});

describe('WEIGHTED_ROUND_ROBIN', () => {
  const weighted = (weights: Readonly<Record<string, number>>) =>
    Object.entries(weights).map(([id, weight]) => candidate(id, { weight }));

  it('mixes 5, 1 and 1 as nginx does, batch by batch', () => {
    const batches = createBatches({ name: 'WEIGHTED_ROUND_ROBIN' });
    const candidates = weighted({ a: 5, b: 1, c: 1 });
    assert.deepEqual(batches.next(candidates, 7), 'a a b a c a a'.split(' '));
    assert.deepEqual(batches.next(candidates, 3), 'a a b'.split(' '));
    assert.deepEqual(batches.next(candidates, 4), 'a c a a'.split(' '));
  });

  it('gives each its weight in every round', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(weights, (given) => {
        const candidates = fleet(given.length).map((one, n) => ({ ...one, weight: given[n] ?? 1 }));
        const round = given.reduce((sum, weight) => sum + weight, 0);
        const chosen = createBatches({ name: 'WEIGHTED_ROUND_ROBIN' }).next(candidates, round);
        for (const { agentId, weight } of candidates)
          assert.equal(chosen.filter((id) => id === agentId).length, weight);
      }),
    );
  });

  it('lets nobody save turns while it is full', () => {
    const batches = createBatches({ name: 'WEIGHTED_ROUND_ROBIN' });
    const [a, b] = [candidate('a', { weight: 1 }), candidate('b', { weight: 1 })];
    assert.deepEqual(batches.next([a, { ...b, ...full }], 5), ['a', 'a', 'a', 'a', 'a']);
    assert.deepEqual(batches.next([a, b], 4), ['a', 'b', 'a', 'b']);
  });
});

describe('LEAST_RECENTLY_USED', () => {
  it('takes the one that waited longest, and newcomers before all others', () => {
    const batches = createBatches({ name: 'LEAST_RECENTLY_USED' });
    assert.deepEqual(batches.next(named('a b c'), 3), ['a', 'b', 'c']);
    assert.deepEqual(batches.next([candidate('a', full), ...named('b c')], 1), ['b']);
    assert.deepEqual(batches.next(named('a b c d'), 5), ['d', 'a', 'c', 'b', 'd']);
  });

  it('counts one that comes back as a newcomer', () => {
    const batches = createBatches({ name: 'LEAST_RECENTLY_USED' });
    assert.deepEqual(batches.next(named('a b'), 2), ['a', 'b']);
    assert.deepEqual(batches.next(named('a'), 1), ['a']);
    assert.deepEqual(batches.next(named('a b'), 2), ['b', 'a']);
  });
});

describe('LEAST_FREQUENTLY_USED', () => {
  it('takes the one that was chosen least often', () => {
    const batches = createBatches({ name: 'LEAST_FREQUENTLY_USED' });
    assert.deepEqual(batches.next([...named('a'), candidate('b', full)], 3), ['a', 'a', 'a']);
    assert.deepEqual(batches.next(named('a b'), 5), ['b', 'b', 'b', 'a', 'b']);
  });

  it('lets a newcomer begin at the least count of the others, so that it takes its turn like them', () => {
    const batches = createBatches({ name: 'LEAST_FREQUENTLY_USED' });
    batches.next(named('a b'), 1_000);
    assert.deepEqual(batches.next(named('a b c'), 6), ['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('compares a newcomer only with those that its tasks may run on', () => {
    const batches = createBatches({ name: 'LEAST_FREQUENTLY_USED' });
    const [a, b, c] = [candidate('a'), candidate('b'), candidate('c')];
    const onlyA = Array.from({ length: 100 }, () => ({ key: null, tiers: [[a]] }));
    batches.next([a, b], [{ key: null, tiers: [[b]] }, ...onlyA]);
    const aOrC = Array.from({ length: 4 }, () => ({ key: null, tiers: [[a, c]] }));
    assert.deepEqual(batches.next([a, b, c], aOrC), ['a', 'c', 'a', 'c']);
  });
});

describe('STICKY', () => {
  const slotted = (busy: Readonly<Record<string, number>>) =>
    Object.entries(busy).map(([id, taken]) => candidate(id, { slots: 4, busy: taken }));

  it('keeps a key where it is, and waits there, until its agent has gone', () => {
    const batches = createBatches({ name: 'STICKY' });
    assert.deepEqual(batches.next(slotted({ a: 2, b: 1, c: 2 }), asks(1, 'k')), ['b']);
    assert.deepEqual(batches.next(slotted({ a: 0, b: 3, c: 1 }), asks(2, 'k')), [
      'b',
      'waits for b',
    ]);
    assert.deepEqual(batches.next(slotted({ a: 1, c: 0 }), asks(1, 'k')), ['c']);
    assert.deepEqual(batches.next(slotted({ a: 0, b: 0, c: 3 }), asks(1, 'k')), ['c']);
  });

  it('keeps a key through a restart of its agent', () => {
    const batches = createBatches({ name: 'STICKY' });
    assert.deepEqual(batches.next(slotted({ a: 0, b: 1 }), asks(1, 'k')), ['a']);
    assert.deepEqual(batches.next(slotted({ b: 1 }), asks(1, 'other')), ['b']);
    const sessionId = candidate('another session').sessionId;
    const again = candidate('a', { sessionId, slots: 4, busy: 3, joinedAt: 900 });
    assert.deepEqual(batches.next([again, ...slotted({ b: 1 })], asks(1, 'k')), ['a']);
  });

  it('knows keys apart, and sends a task without a key to the least loaded', () => {
    const batches = createBatches({ name: 'STICKY' });
    const candidates = slotted({ a: 0, b: 0 });
    const keys = ['k', 'l', 'k', 'l', null, null].map((key) => ({ key, tiers: null }));
    assert.deepEqual(batches.next(candidates, keys), ['a', 'b', 'a', 'b', 'a', 'b']);
    assert.equal(batches.state()?.agents.length, 2);
  });

  it('does not leave its agent for one that is preferred', () => {
    const batches = createBatches({ name: 'STICKY' });
    const [a, b] = [candidate('a'), candidate('b')];
    assert.deepEqual(batches.next([a], asks(1, 'k')), ['a']);
    const prefersB = (key: string) => [{ key, tiers: [[b], [a]] }];
    assert.deepEqual(batches.next([a, b], prefersB('k')), ['a']);
    assert.deepEqual(batches.next([a, b], prefersB('l')), ['b']);
  });

  it('remembers so many keys, and forgets those that were not used for longest', () => {
    const batches = createBatches({ name: 'STICKY' });
    const keyed = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => ({ key: `k${from + n}`, tiers: null }));
    const { keysMax } = placementLimits;
    batches.next([candidate('a')], keyed(0, keysMax));
    batches.next([candidate('a')], [...keyed(0, 1), ...keyed(keysMax, keysMax + 1)]);
    assert.equal(batches.state()?.agents.length, keysMax);
    const [a, b] = [candidate('a', { slots: 9, busy: 5 }), candidate('b', { slots: 9 })];
    assert.deepEqual(batches.next([a, b], [...keyed(0, 1), ...keyed(2, 3)]), ['a', 'a']);
    assert.deepEqual(batches.next([a, b], keyed(1, 2)), ['b']);
  });
});
