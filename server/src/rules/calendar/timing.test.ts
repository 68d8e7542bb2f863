/** Nominal times: of several sources together, within bounds, without what is left out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readCron } from './cron.ts';
import { nextNominalTime, type Timing } from './timing.ts';
import { type Zone, zoneOf } from './zone.ts';

const hourMs = 3_600_000;
const at = (text: string) => Date.parse(text);

function zoneNamed(name: string): Zone {
  const zone = zoneOf(name);
  assert.ok(zone);
  return zone;
}

function timing(changes: Partial<Timing>): Timing {
  return {
    ...{ crons: [], zone: zoneNamed('UTC'), clockChanges: 'DEFAULT', rate: null, moments: [] },
    ...{ startAt: null, endAt: null, excludedDays: new Set(), leftOut: [] },
    ...changes,
  };
}

function listed(of: Timing, after: number, most = 6): string[] {
  const times: string[] = [];
  for (let next = nextNominalTime(of, after); next !== null && times.length < most; ) {
    times.push(new Date(next).toISOString().slice(0, 16));
    next = nextNominalTime(of, next);
  }
  return times;
}

describe('nominal times', () => {
  it('come from all sources, each moment once', () => {
    const of = timing({
      crons: [readCron('0 12 * * *', 'unix'), readCron('0 */6 * * *', 'unix')],
      moments: [at('2026-05-01T12:00Z'), at('2026-05-01T13:30Z')],
    });
    assert.deepEqual(listed(of, at('2026-05-01T06:00Z'), 4), [
      ...['2026-05-01T12:00', '2026-05-01T13:30', '2026-05-01T18:00', '2026-05-02T00:00'],
    ]);
  });

  it('of a fixed rate lie where they lie, whenever one asks', () => {
    const rate = { everyMs: 7 * hourMs, anchor: at('2026-05-01T01:00Z') };
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e10 }), (offset) => {
        const after = rate.anchor + offset;
        const next = nextNominalTime(timing({ rate }), after) ?? 0;
        assert.equal(Math.abs((next - rate.anchor) % rate.everyMs), 0);
        assert.ok(next > after && next <= after + rate.everyMs);
      }),
    );
  });

  it('lie between start and end: the first belongs to them, the last does not', () => {
    const of = timing({
      crons: [readCron('0 0 * * *', 'unix')],
      startAt: at('2026-05-03T00:00Z'),
      endAt: at('2026-05-05T00:00Z'),
    });
    assert.deepEqual(listed(of, at('2026-01-01T00:00Z')), ['2026-05-03T00:00', '2026-05-04T00:00']);
    assert.equal(nextNominalTime(timing({}), 0), null);
  });

  it('are left out by days of the zone, and by stretches of time', () => {
    const of = timing({
      crons: [readCron('0 */8 * * *', 'unix')],
      zone: zoneNamed('America/New_York'),
      excludedDays: new Set(['2026-12-24', '2026-12-25']),
      leftOut: [{ from: at('2026-12-26T05:00Z'), to: at('2026-12-26T13:00Z') }],
    });
    assert.deepEqual(listed(of, at('2026-12-23T20:00Z'), 4), [
      // 16:00 on the 23rd, 08:00 and 16:00 on the 26th, midnight.
      ...['2026-12-23T21:00', '2026-12-26T13:00', '2026-12-26T21:00', '2026-12-27T05:00'],
    ]);
  });

  it('of an excluded day are left out to its last moment, also if the clock is put back at midnight', () => {
    // 18 February 2018: at 24:00 of the 17th it was 23:00 again.
    const of = timing({
      crons: [readCron('*/30 * * * *', 'unix')],
      zone: zoneNamed('America/Sao_Paulo'),
      excludedDays: new Set(['2018-02-17']),
    });
    assert.deepEqual(listed(of, at('2018-02-17T01:00Z'), 3), [
      ...['2018-02-17T01:30', '2018-02-18T03:00', '2018-02-18T03:30'],
    ]);
  });
});
