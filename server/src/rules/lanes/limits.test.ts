/** Buckets: what they let pass in any span of time, and when. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Bucket,
  isLimited,
  noLimits,
  spent,
  timeOfTokens,
  tokensAt,
  wholeTokensAt,
} from './limits.ts';

const rate = fc.record({
  count: fc.integer({ min: 1, max: 1_000 }),
  windowMs: fc.integer({ min: 1_000, max: 86_400_000 }),
  burst: fc.integer({ min: 1, max: 1_000 }),
});

describe('a bucket', () => {
  it('is full at first, is emptied by hand-overs, and fills evenly up to its burst', () => {
    const limit = { count: 10, windowMs: 1_000, burst: 5 };
    const emptied = spent(limit, null, 0, 5);
    assert.equal(tokensAt(limit, emptied, 0), 0);
    assert.equal(tokensAt(limit, emptied, 150), 1.5);
    assert.equal(wholeTokensAt(limit, emptied, 150), 1);
    assert.equal(tokensAt(limit, emptied, 60_000), 5);
    assert.equal(timeOfTokens(limit, emptied, 1), 100);
    assert.equal(timeOfTokens(limit, emptied, 9), 500, 'it never holds more than its burst');
  });

  it('gives nothing a second time when the clock goes back', () => {
    const limit = { count: 1, windowMs: 1_000, burst: 3 };
    const later = spent(limit, null, 10_000, 3);
    const back = spent(limit, later, 5_000, 0);
    assert.deepEqual(back, later);
  });

  it('lets no more pass in any span than it holds and the span brings', () => {
    const steps = fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rate, steps, (limit, waits) => {
        let bucket: Bucket = null;
        let now = 0;
        const passed: { at: number; count: number }[] = [];
        for (const wait of waits) {
          now += wait;
          const count = wholeTokensAt(limit, bucket, now);
          bucket = spent(limit, bucket, now, count);
          passed.push({ at: now, count });
        }
        for (const [first, { at: from }] of passed.entries()) {
          let sum = 0;
          for (const { at, count } of passed.slice(first)) {
            sum += count;
            const allowed = limit.burst + ((at - from) * limit.count) / limit.windowMs;
            assert.ok(sum <= allowed + 1e-6, `${sum} in ${at - from} ms, ${allowed} allowed`);
          }
        }
      }),
    );
  });

  it('has a token when it says that it will, and not a millisecond earlier', () => {
    fc.assert(
      fc.property(rate, (limit) => {
        const emptied = spent(limit, null, 1_000, limit.burst);
        const at = timeOfTokens(limit, emptied, 1);
        assert.ok(wholeTokensAt(limit, emptied, at) >= 1);
        assert.ok(wholeTokensAt(limit, emptied, at - 1) < 1);
      }),
    );
  });
});

describe('a handler', () => {
  it('is limited by any of its limits', () => {
    assert.equal(isLimited(noLimits), false);
    const one = { count: 1, windowMs: 1_000, burst: 1 };
    for (const limits of [
      ...[{ concurrency: 1 }, { rate: one }, { keyConcurrency: 1 }, { keyRate: one }],
      ...[{ fair: true }, { names: ['a'] }, { priorityAgeingMs: 1_000 }],
    ])
      assert.equal(isLimited({ ...noLimits, ...limits }), true);
  });
});
