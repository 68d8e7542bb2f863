/**
 * Which nominal times are due at a moment, and which of them are late.
 *
 * A time is late when so much has passed since it was due that something was wrong: no coordinator ran, or the database was
 * away. What is late is the misfire policy's to decide; all other times fire, however many came together.
 */
import { nextNominalTime, type Timing } from '../calendar/timing.ts';
import type { MisfirePolicy } from './schedule.ts';

/** Late times that have no task: how many (counted up to `skippedCountMax`), the first and the last. */
export type LeftOutTimes = {
  readonly first: number;
  readonly last: number;
  readonly count: number;
};

/** The nominal times that are due, in order. */
export type DueTimes = {
  readonly leftOut: LeftOutTimes | null;
  /** Late, and to fire. */
  readonly caughtUp: readonly number[];
  /** At most `onTimeMax`; the rest is due still. */
  readonly onTime: readonly number[];
  /** The nominal time after all of these; null: there is none. */
  readonly next: number | null;
};

/** Times that are not late, of one schedule at a time: an outage of less than `lateMs` leaves no more than 24 h of seconds. */
const onTimeMax = 100;
/** To here the left out are counted: nobody needs to know whether it were 20,000 or 21,000. */
const skippedCountMax = 1_000;

/** What a schedule asks for at `now`; `next` is the first nominal time that has not been decided. */
export function dueTimes(asked: {
  readonly timing: Timing;
  readonly misfire: MisfirePolicy;
  readonly next: number;
  readonly now: number;
  /** By how much a time is delayed at most. */
  readonly jitterMs: number;
  /** When a nominal time is due. */
  readonly dueAt: (nominalAt: number) => number;
}): DueTimes {
  const { timing, misfire, next, now, jitterMs, dueAt } = asked;
  // A time is taken to be due at the end of its jitter here, so that what is late lies before what is not.
  const lateBefore = now - misfire.lateMs - jitterMs;
  const first = next < lateBefore ? nextNominalTime(timing, lateBefore - 1) : next;
  const onTime: number[] = [];
  let time = first;
  while (time !== null && onTime.length < onTimeMax && dueAt(time) <= now) {
    onTime.push(time);
    time = nextNominalTime(timing, time);
  }
  if (next >= lateBefore) return { leftOut: null, caughtUp: [], onTime, next: time };
  const oldest = misfire.catchUpMs === null ? next : Math.max(next, now - misfire.catchUpMs);
  const most = { SKIP: 0, ONCE: onTime.length === 0 ? 1 : 0, ALL: misfire.allMax }[misfire.rule];
  const caughtUp = newestTimes(timing, oldest - 1, lateBefore, most);
  const leftOut = leftOutTimes(timing, next, caughtUp[0] ?? lateBefore);
  return { leftOut, caughtUp, onTime, next: time };
}

/** The times from `first`, which is one, to `before`, which is none of them. */
function leftOutTimes(timing: Timing, first: number, before: number): LeftOutTimes | null {
  if (first >= before) return null;
  const count = timesBetween(timing, first - 1, before, skippedCountMax).length;
  const [last = first] = newestTimes(timing, first - 1, before, 1);
  return { first, last, count };
}

/** Nominal times t, after < t < before, in order: the first `most` of them. */
export function timesBetween(
  timing: Timing,
  after: number,
  before: number,
  most: number,
): readonly number[] {
  const times: number[] = [];
  let time = after;
  while (times.length < most) {
    const next = nextNominalTime(timing, time);
    if (next === null || next >= before) break;
    times.push(next);
    time = next;
  }
  return times;
}

/**
 * The last `most` of the nominal times t, after < t < before, in order: looked for from both ends, because an outage of a
 * year has 30 million of a schedule that asks every second.
 */
export function newestTimes(
  timing: Timing,
  after: number,
  before: number,
  most: number,
): readonly number[] {
  if (most === 0 || after >= before - 1) return [];
  const all = timesBetween(timing, after, before, most + 1);
  if (all.length <= most) return all;
  // As many as are wanted come after `low`, fewer after `high`.
  let [low, high] = [after, before - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (timesBetween(timing, middle, before, most).length === most) low = middle;
    else high = middle;
  }
  return timesBetween(timing, low, before, most);
}
