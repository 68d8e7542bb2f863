/** How agents are spread: whatever the start, a cluster comes to rest, even, and by few moves. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AgentLoad, createSpreadRule, patienceLooks, placesFor, shuffled } from './spread.ts';

const loadsOf = (counts: readonly number[], but: number): AgentLoad[] =>
  counts.flatMap((sessions, n) => (n === but ? [] : [{ address: `c${n}`, sessions }]));

/** A chance that a seed repeats. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lets a cluster look until nobody moves for long; others are seen as they were `lag` looks ago. */
function settle(start: readonly number[], seed: number, lag: number) {
  const random = chance(seed);
  const rules = start.map(() => createSpreadRule(random));
  const past = [[...start]];
  let counts = [...start];
  let moves = 0;
  let quiet = 0;
  for (let look = 0; quiet < 20; look += 1) {
    assert.ok(look < 5000, `it never comes to rest: ${counts}`);
    const seen = past[Math.max(0, past.length - 1 - lag)] ?? start;
    const next = [...counts];
    quiet += 1;
    rules.forEach((rule, own) => {
      const others = loadsOf(seen, own);
      const asked = rule(counts[own] ?? 0, others);
      for (let n = 0; n < asked; n += 1) {
        const place = placesFor(counts[own] ?? 0, others, random)[0];
        if (place === undefined) continue;
        next[own] = (next[own] ?? 0) - 1;
        next[Number(place.slice(1))] = (next[Number(place.slice(1))] ?? 0) + 1;
        moves += 1;
        quiet = 0;
      }
    });
    counts = next;
    past.push(counts);
  }
  return { counts, moves };
}

const anyCluster = fc.array(fc.nat({ max: 300 }), { minLength: 2, maxLength: 6 });
const totalOf = (counts: readonly number[]) => counts.reduce((sum, n) => sum + n, 0);
/** Moves without which no spread would be even. */
const leastMoves = (counts: readonly number[]) => {
  const most = Math.ceil(totalOf(counts) / counts.length);
  return counts.reduce((sum, n) => sum + Math.max(0, n - most), 0);
};

describe('the spread of agents', () => {
  it('comes to rest with nobody clearly above its share, and nobody is lost on the way', () => {
    fc.assert(
      fc.property(anyCluster, fc.nat(), fc.nat({ max: 3 }), (start, seed, lag) => {
        const { counts } = settle(start, seed, lag);
        const most = Math.ceil(totalOf(start) / start.length);
        assert.equal(totalOf(counts), totalOf(start));
        for (const n of counts) assert.ok(n - most < Math.max(1, most * 0.1), `${counts}`);
      }),
    );
  });

  it('takes little more moves than it must, also when all look at what is past', () => {
    fc.assert(
      fc.property(anyCluster, fc.nat(), fc.nat({ max: 3 }), (start, seed, lag) => {
        const { moves } = settle(start, seed, lag);
        const least = leastMoves(start);
        assert.ok(
          moves <= least + Math.ceil(least * 0.5) + 2,
          `${moves} moves instead of ${least}`,
        );
      }),
    );
  });

  it('makes 3 and 3 of 6 and 0, and leaves 4 and 3, or 105 and 95, as they are', () => {
    assert.deepEqual(settle([6, 0], 1, 0), { counts: [3, 3], moves: 3 });
    assert.deepEqual(settle([4, 3], 1, 0), { counts: [4, 3], moves: 0 });
    assert.deepEqual(settle([105, 95], 1, 0), { counts: [105, 95], moves: 0 });
  });

  it('moves half of ten thousand in fewer than a hundred looks', () => {
    const rule = createSpreadRule(() => 0.5);
    let [own, other, looks] = [10_000, 0, 0];
    for (; own - other > 1000; looks += 1) {
      const asked = rule(own, [{ address: 'other', sessions: other }]);
      own -= asked;
      other += asked;
    }
    assert.ok(looks < 100, `${looks} looks`);
  });

  it('asks nobody at first, nor for one uneven look among even ones', () => {
    const rule = createSpreadRule(() => 0);
    for (let n = 0; n < 20; n += 1) {
      for (let look = 1; look < patienceLooks; look += 1)
        assert.equal(rule(9, [{ address: 'other', sessions: 0 }]), 0);
      assert.equal(rule(9, [{ address: 'other', sessions: 9 }]), 0);
    }
  });

  it('asks nobody where there is no other coordinator', () => {
    const rule = createSpreadRule(() => 0);
    for (let look = 0; look < 50; look += 1) assert.equal(rule(1000, []), 0);
  });

  it('names those with room only, and each of them first now and then', () => {
    const others = [
      { address: 'empty', sessions: 0 },
      { address: 'half', sessions: 2 },
      { address: 'full', sessions: 9 },
    ];
    const random = chance(3);
    const firsts = Array.from({ length: 100 }, () => placesFor(9, others, random));
    for (const places of firsts) assert.deepEqual([...places].sort(), ['empty', 'half']);
    assert.deepEqual(new Set(firsts.map(([first]) => first)), new Set(['empty', 'half']));
  });

  it('keeps every address when it takes them in another order', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(), (addresses, seed) => {
        assert.deepEqual(shuffled(addresses, chance(seed)).sort(), [...addresses].sort());
      }),
    );
  });
});
