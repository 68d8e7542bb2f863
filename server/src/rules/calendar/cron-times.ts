/**
 * The moments that a cron expression asks for, in a zone.
 *
 * Within a stretch of constant offset the wall clock runs like any other, and the next match is looked up field by field.
 * Where two stretches meet the wall jumps: forwards over times that do not exist there, or back to times that it has shown
 * before. What then becomes of a match is the rule's to say.
 */
import type { Cron } from './cron.ts';
import { daysOf } from './days.ts';
import type { Stretch, Zone } from './zone.ts';

/**
 * What becomes of times that a change of the clock leaves out or repeats.
 *
 *              times that are left out                   repeated times
 *   DEFAULT    as cron(8) does: an expression whose minutes or hours are written with `*` asks for an interval and follows the
 *              wall (BOTH); any other asks for a time of the day and is neither lost nor doubled (SHIFT), but for changes
 *              of three hours and more, which correct the calendar (SKIP)
 *   SKIP       do not fire                               fire the first time
 *   SHIFT      fire together when the gap is over        fire the first time
 *   BOTH       do not fire                               fire both times
 */
export type ClockChangeRule = 'DEFAULT' | 'SKIP' | 'SHIFT' | 'BOTH';

/** A gap as wide as this is a correction of the calendar, says cron(8). */
const correctionMs = 3 * 3_600_000;

/** No clock was ever changed by more. */
const widestMs = 2 * 24 * 3_600_000;

/** Expressions without a match for so long have none: the calendar of the weeks repeats within 40 years, but for leap years left out. */
const yearsAhead = 100;

/** The first moment after `after` that the expression asks for, in milliseconds since 1970; null: there is none. */
export function nextTime(
  cron: Cron,
  zone: Zone,
  rule: ClockChangeRule,
  after: number,
): number | null {
  const repeats = isRepeated(cron, rule);
  let stretch = zone.stretchAt(after);
  const before = zone.stretchAt(stretch.from - 1);
  let wall = Math.max(after + stretch.offset, beginOf(before, stretch, repeats));
  for (;;) {
    // The last match of all may be shown once more by a change of the clock that is near.
    const match = nextMatch(cron, wall) ?? Number.POSITIVE_INFINITY;
    if (match === Number.POSITIVE_INFINITY && stretch.to > after + widestMs) return null;
    const moment = match - stretch.offset;
    if (moment < stretch.to) return moment;
    const next = zone.stretchAt(stretch.to);
    const jump = next.offset - stretch.offset;
    // In a gap: shown neither before the change nor after it.
    if (jump > 0 && moment < stretch.to + jump && isShifted(cron, rule, jump)) return stretch.to;
    wall = beginOf(stretch, next, repeats);
    stretch = next;
  }
}

/** Where on the wall a stretch begins to count, less a moment; `repeats`: what the one before has shown counts again. */
function beginOf(before: Stretch, next: Stretch, repeats: boolean): number {
  const offset = repeats ? next.offset : Math.max(before.offset, next.offset);
  return before.to + offset - 1;
}

function isShifted({ isInterval }: Cron, rule: ClockChangeRule, jump: number): boolean {
  return rule === 'SHIFT' || (rule === 'DEFAULT' && !isInterval && jump < correctionMs);
}

function isRepeated({ isInterval }: Cron, rule: ClockChangeRule): boolean {
  return rule === 'BOTH' || (rule === 'DEFAULT' && isInterval);
}

/** The first wall time after `wall` that matches; null: none within the years that are looked at. */
function nextMatch(cron: Cron, wall: number): number | null {
  const from = new Date((Math.floor(wall / 1000) + 1) * 1000);
  const lastYear = from.getUTCFullYear() + yearsAhead;
  for (let year = from.getUTCFullYear(); year <= lastYear; year += 1) {
    if (cron.years !== null && !cron.years.has(year)) continue;
    const isFirstYear = year === from.getUTCFullYear();
    for (const month of cron.months) {
      if (isFirstYear && month < from.getUTCMonth() + 1) continue;
      const isFirstMonth = isFirstYear && month === from.getUTCMonth() + 1;
      const found = nextInMonth(cron, year, month, isFirstMonth ? from : null);
      if (found !== null) return found;
    }
  }
  return null;
}

function nextInMonth(cron: Cron, year: number, month: number, from: Date | null): number | null {
  for (const day of daysOf(cron.days, year, month)) {
    if (from !== null && day < from.getUTCDate()) continue;
    const isFirst = from !== null && day === from.getUTCDate();
    const begin = isFirst ? ((from.getTime() % dayMs) + dayMs) % dayMs : 0;
    const time = nextInDay(cron, begin);
    if (time !== null) return Date.UTC(year, month - 1, day) + time;
  }
  return null;
}

const [secondMs, minuteMs, hourMs, dayMs] = [1_000, 60_000, 3_600_000, 86_400_000];

/** The first time of the day that matches, at `begin` or later. */
function nextInDay({ hours, minutes, seconds }: Cron, begin: number): number | null {
  for (const hour of hours) {
    if ((hour + 1) * hourMs <= begin) continue;
    for (const minute of minutes) {
      const at = hour * hourMs + minute * minuteMs;
      if (at + minuteMs <= begin) continue;
      const second = seconds.find((each) => at + each * secondMs >= begin);
      if (second !== undefined) return at + second * secondMs;
    }
  }
  return null;
}
