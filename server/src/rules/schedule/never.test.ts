/** Timings that ask for nothing are found, and the fault names the field. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timingFault } from './never.ts';
import { at, scheduleWith } from './scene.ts';
import type { TimingSpec } from './schedule.ts';

const now = at('2026-05-01T12:00Z');
const faultOf = (timing: Partial<TimingSpec>) => {
  const fault = timingFault(scheduleWith({ timing }), now);
  return fault === null ? null : `${fault.field} ${fault.description}`;
};

describe('a timing', () => {
  it('that asks has no fault', () => {
    for (const timing of [
      { cron: ['0 0 29 2 *'] },
      { cron: [], rateMs: 1_000 },
      { cron: [], endDelayMs: 1_000 },
      { cron: [], moments: [now + 1] },
      { cron: [], moments: [now - 1, now + 1] },
    ])
      assert.equal(faultOf(timing), null);
  });

  it('with an expression that no day matches is refused, with one that works', () => {
    assert.match(
      faultOf({ cron: ['0 3 * * *', '0 0 30 2 *'] }) ?? '',
      /^cron\[1\] is "0 0 30 2 \*", which no day matches.*for example/,
    );
    const past = { cron: ['0 0 0 1 1 ? 2025'], dialect: 'quartz' } as const;
    assert.match(faultOf(past) ?? '', /^cron\[0\] is "0 0 0 1 1 \? 2025"/);
  });

  it('whose times are all past says what time it is', () => {
    assert.match(
      faultOf({ endAt: now }) ?? '',
      /^end_time is 2026-05-01T12:00:00.000Z, which is past/,
    );
    assert.match(
      faultOf({ cron: [], moments: [now] }) ?? '',
      /^run_times holds no time to come: it is 2026/,
    );
  });

  it('whose bounds and exclusions leave nothing is refused', () => {
    const leftOut = [{ from: now, to: now + 86_400_000 }];
    assert.match(
      faultOf({ endAt: now + 3_600_000, leftOut }) ?? '',
      /^end_time and the exclusions leave no time/,
    );
  });
});
