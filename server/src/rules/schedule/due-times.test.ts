/** Times looked for from the end are those that are found by walking. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { timingOf } from './clockwork.ts';
import { newestTimes, timesBetween } from './due-times.ts';
import { at, timingSpec } from './scene.ts';

describe('the newest times before a moment', () => {
  it('are the last of all of them', () => {
    const crons = fc.constantFrom(
      '* * * * *',
      '*/7 * * * *',
      '0 3 * * *',
      '* * * * 1',
      '0 0 29 2 *',
    );
    const start = at('2026-01-01T00:00Z');
    fc.assert(
      fc.property(crons, fc.nat(3_000), fc.nat(60), (cron, hours, most) => {
        const timing = timingOf(timingSpec({ cron: [cron], zone: 'Europe/Berlin' }), start);
        const before = start + hours * 1_700_000;
        const all = timesBetween(timing, start, before, Number.POSITIVE_INFINITY);
        assert.deepEqual(
          newestTimes(timing, start, before, most),
          most === 0 ? [] : all.slice(-most),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('lie within both ends, neither included', () => {
    const timing = timingOf(timingSpec({ cron: ['* * * * *'] }), 0);
    const [from, to] = [at('2026-05-01T12:00Z'), at('2026-05-01T12:02Z')];
    assert.deepEqual(newestTimes(timing, from, to, 10), [at('2026-05-01T12:01Z')]);
    assert.deepEqual(newestTimes(timing, from, from + 1, 10), []);
  });
});
