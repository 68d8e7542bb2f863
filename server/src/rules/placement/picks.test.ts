/** Strategies that remember nothing: by chance they are fair, by order they are exact, by load they prefer what is free. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Candidate } from './candidate.ts';
import { candidate, chiSquare, createBatches, fleet } from './scene.ts';
import type { Strategy } from './strategy.ts';

const oneOf = (strategy: Strategy, candidates: readonly Candidate[]) =>
  createBatches(strategy).next(candidates, 1)[0];
const full = { slots: 2, busy: 2 };

/** How often each of them is chosen, in their order. */
function countsOf(strategy: Strategy, candidates: readonly Candidate[], tasks: number): number[] {
  const chosen = createBatches(strategy, 7).next(candidates, tasks);
  return candidates.map(({ agentId }) => chosen.filter((id) => id === agentId).length);
}

describe('RANDOM', () => {
  it('chooses each of ten equally often: chi-square of 9 degrees below 27.88, which one of 1,000 exceeds', () => {
    const counts = countsOf({ name: 'RANDOM' }, fleet(10), 10_000);
    assert.ok(chiSquare(counts, Array(10).fill(1_000)) < 27.88, `${counts}`);
  });

  it('chooses only those with a free slot', () => {
    const candidates = [candidate('a', full), candidate('b'), candidate('c', full)];
    assert.deepEqual(countsOf({ name: 'RANDOM' }, candidates, 100), [0, 100, 0]);
  });
});

describe('WEIGHTED_RANDOM', () => {
  it('chooses each as its weight says: chi-square of 3 degrees below 16.27, which one of 1,000 exceeds', () => {
    const candidates = [1, 2, 3, 4].map((weight) => candidate(`agent-${weight}`, { weight }));
    const counts = countsOf({ name: 'WEIGHTED_RANDOM' }, candidates, 10_000);
    assert.ok(chiSquare(counts, [1_000, 2_000, 3_000, 4_000]) < 16.27, `${counts}`);
  });

  it('shares what a full one would get among the others by their weights', () => {
    const candidates = [
      candidate('a', { weight: 1 }),
      candidate('b', { weight: 1_000, ...full }),
      candidate('c', { weight: 3 }),
    ];
    const counts = countsOf({ name: 'WEIGHTED_RANDOM' }, candidates, 10_000);
    assert.equal(counts[1], 0);
    // One degree: one of 1,000 exceeds 10.83.
    assert.ok(chiSquare([counts[0] ?? 0, counts[2] ?? 0], [2_500, 7_500]) < 10.83, `${counts}`);
  });
});

describe('LEAST_LOADED', () => {
  const leastLoaded = { name: 'LEAST_LOADED' } as const;

  it('prefers the greatest share of free slots, not their number', () => {
    const candidates = [
      candidate('a', { slots: 100, busy: 50 }),
      candidate('b', { slots: 4, busy: 1 }),
    ];
    assert.equal(oneOf(leastLoaded, candidates), 'b');
  });

  it('prefers, of equal shares, the least load that is reported, and then who joined first', () => {
    const silent = candidate('a');
    const high = candidate('b', { load: 0.9 });
    const low = candidate('c', { load: 0.1 });
    assert.equal(oneOf(leastLoaded, [silent, high, low]), 'c');
    assert.equal(oneOf(leastLoaded, [silent, high]), 'b');
    assert.equal(oneOf(leastLoaded, [candidate('b'), silent]), 'a');
  });

  it('counts what it has just placed', () => {
    const candidates = [candidate('a', { slots: 4 }), candidate('b', { slots: 2 })];
    assert.deepEqual(
      createBatches(leastLoaded).next(candidates, 7),
      'a b a a b a ALL_BUSY'.split(' '),
    );
  });
});

describe('FIRST and LAST', () => {
  it('choose by time of joining, whatever the ids are', () => {
    const candidates = [
      candidate('a', { joinedAt: 2 }),
      candidate('b', { joinedAt: 3 }),
      candidate('c', { joinedAt: 1 }),
    ];
    assert.equal(oneOf({ name: 'FIRST' }, candidates), 'c');
    assert.equal(oneOf({ name: 'LAST' }, candidates), 'b');
  });

  it('wait for a full one, though others are free', () => {
    assert.equal(oneOf({ name: 'FIRST' }, [candidate('a', full), candidate('b')]), 'waits for a');
    assert.equal(oneOf({ name: 'LAST' }, [candidate('a'), candidate('b', full)]), 'waits for b');
  });
});

describe('FAILOVER', () => {
  const waiting = { name: 'FAILOVER', order: ['x', 'c'], waits: true } as const;
  const going = { ...waiting, waits: false };

  it('takes the first of its order that is there, and after them the others by id', () => {
    for (const strategy of [waiting, going]) {
      assert.equal(
        oneOf(
          strategy,
          ['a', 'b', 'c', 'x'].map((id) => candidate(id)),
        ),
        'x',
      );
      assert.equal(
        oneOf(
          strategy,
          ['a', 'b', 'c'].map((id) => candidate(id)),
        ),
        'c',
      );
      const joined = [candidate('b', { joinedAt: 1 }), candidate('a', { joinedAt: 2 })];
      assert.equal(oneOf(strategy, joined), 'a');
    }
  });

  it('waits for that one when it is full, or goes to the next one, as it is told', () => {
    const candidates = [candidate('a'), candidate('c'), candidate('x', full)];
    assert.equal(oneOf(waiting, candidates), 'waits for x');
    assert.equal(oneOf(going, candidates), 'c');
    const allFull = candidates.map((one) => ({ ...one, ...full }));
    assert.equal(oneOf(waiting, allFull), 'waits for x');
    assert.equal(oneOf(going, allFull), 'ALL_BUSY');
  });

  it('does not wait for one of two agents with the same id while the other is free', () => {
    const [one] = fleet(1, full);
    const other = candidate('agent-0', { sessionId: candidate('other').sessionId });
    assert.equal(oneOf({ ...waiting, order: ['agent-0'] }, [one ?? other, other]), 'agent-0');
  });
});

describe('BUSY_OVER', () => {
  it('takes the first of its order that runs nothing, each once in a batch, and then nobody', () => {
    const candidates = [
      candidate('a'),
      candidate('b'),
      candidate('c', { busy: 1 }),
      candidate('x'),
    ];
    assert.deepEqual(
      createBatches({ name: 'BUSY_OVER', order: ['x', 'c', 'b'] }).next(candidates, 4),
      ['x', 'b', 'a', 'ALL_BUSY'],
    );
  });

  it('does not take one that offers no slot', () => {
    assert.equal(
      oneOf({ name: 'BUSY_OVER', order: [] }, [candidate('a', { slots: 0 })]),
      'ALL_BUSY',
    );
  });
});
