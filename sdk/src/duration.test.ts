// Durations as text, in milliseconds and on the wire.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Duration,
  durationToMs,
  durationToWire,
  msToDuration,
  msToWire,
  wireToMs,
} from './duration.ts';

describe('durations', () => {
  it('are a number and a unit', () => {
    const cases: [Duration, number][] = [
      ['0s', 0],
      ['250ms', 250],
      ['0.5ms', 0.5],
      ['1.5s', 1_500],
      ['2m', 120_000],
      ['24h', 86_400_000],
      ['7d', 604_800_000],
    ];
    for (const [text, ms] of cases) assert.equal(durationToMs(text), ms, text);
  });

  it('are refused without a unit, negative, in exponents, or beyond all reason', () => {
    const bad = ['', '5', '-5s', '1e3s', 'Infinitys', ' 5s', '5 s', '5sec', '0x1s', '4000d'];
    for (const text of [...bad, 5, null]) {
      assert.throws(
        () => durationToMs(text as Duration, 'timeout'),
        (error: Error) => error.message.includes('timeout') && error.message.includes(String(text)),
        String(text),
      );
    }
  });

  it('come back from the wire as they were', () => {
    for (const ms of [0, 0.5, 1, 999.999999, 1_000, 1_001, 86_400_000, 0.1 + 0.2]) {
      const { seconds, nanos } = msToWire(ms);
      assert.ok(Number.isInteger(seconds) && Number.isInteger(nanos) && nanos < 1e9, `${ms}`);
      assert.ok(Math.abs((wireToMs({ seconds, nanos }) ?? -1) - ms) < 1e-6, `${ms}`);
    }
    assert.equal(durationToWire(undefined), undefined);
    assert.equal(wireToMs(null), undefined);
  });

  it('are written in the largest unit that holds them', () => {
    assert.deepEqual([0, 250, 90_000, 7_200_000, 86_400_000].map(msToDuration), [
      ...['0ms', '250ms', '90s', '2h', '1d'],
    ]);
  });
});
