// What each misfire rule makes of nominal times that passed while no coordinator ran, worked out by arithmetic from the moment
// of the first decision afterwards.

import type { MisfireRule } from '@muster/sdk';
import type { StoredFire } from './evidence.ts';

/** Records as they should be, one for each decision. */
export interface ExpectedFire {
  readonly nominalAt: number;
  readonly decision: 'FIRED' | 'CAUGHT_UP' | 'SKIPPED_LATE';
  /** SKIPPED_LATE: how many times it stands for. */
  readonly skipped: number;
}

/** Of times that were not decided when the coordinators came back at `decidedAt`; a time is late after `lateMs`. */
export function expectedFires(
  times: readonly number[],
  rule: MisfireRule,
  { decidedAt, lateMs }: { readonly decidedAt: number; readonly lateMs: number },
): readonly ExpectedFire[] {
  const isLate = (time: number) => time < decidedAt - lateMs;
  const late = times.filter(isLate);
  const onTime = times.filter((time) => !isLate(time));
  const isNewestLost = onTime.some((time) => time <= decidedAt);
  const caughtUp = { ALL: late, SKIP: [], ONCE: isNewestLost ? [] : late.slice(-1) }[rule];
  const leftOut = late.slice(0, late.length - caughtUp.length);
  const [first] = leftOut;
  return [
    ...(first === undefined
      ? []
      : [{ nominalAt: first, decision: 'SKIPPED_LATE', skipped: leftOut.length } as const]),
    ...caughtUp.map((nominalAt) => ({ nominalAt, decision: 'CAUGHT_UP', skipped: 0 }) as const),
    ...onTime.map((nominalAt) => ({ nominalAt, decision: 'FIRED', skipped: 0 }) as const),
  ];
}

/** A record as far as it is expected. */
export function foundFire({ nominalAt, decision, skipped }: StoredFire) {
  return { nominalAt, decision, skipped };
}
