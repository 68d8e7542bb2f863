/**
 * When a schedule asks for a task: its nominal times.
 *
 * Several sources may ask: cron expressions, a fixed rate, single moments. What two of them ask for at the same moment is one
 * time. Bounds and exclusions then take times away; nothing moves a time.
 */
import type { Cron } from './cron.ts';
import { type ClockChangeRule, nextTime } from './cron-times.ts';
import type { Zone } from './zone.ts';

/** A stretch of time that is left out; `to` is not part of it. Milliseconds since 1970. */
export type LeftOut = { readonly from: number; readonly to: number };

/** What decides the nominal times of a schedule. Moments are in milliseconds since 1970. */
export type Timing = {
  readonly crons: readonly Cron[];
  readonly zone: Zone;
  readonly clockChanges: ClockChangeRule;
  /** Null: no fixed rate. Else every so many milliseconds, of which one is `anchor`. */
  readonly rate: { readonly everyMs: number; readonly anchor: number } | null;
  /** Single moments, in order. */
  readonly moments: readonly number[];
  /** The first moment that counts; null: any. */
  readonly startAt: number | null;
  /** The first moment that counts no more; null: none. */
  readonly endAt: number | null;
  /** Days of the zone that are left out, such as `2026-12-25`. */
  readonly excludedDays: ReadonlySet<string>;
  readonly leftOut: readonly LeftOut[];
};

/** The first nominal time after `after`; null: there is none any more. */
export function nextNominalTime(timing: Timing, after: number): number | null {
  return firstAdmitted(timing, after, (from) => nextAsked(timing, from));
}

/** The first moment at `from` or later that neither bounds nor exclusions take away; null: there is none. */
export function nextAdmittedTime(timing: Timing, from: number): number | null {
  return firstAdmitted(timing, from - 1, (after) => after + 1);
}

function firstAdmitted(
  timing: Timing,
  after: number,
  ask: (after: number) => number | null,
): number | null {
  const { startAt, endAt } = timing;
  let from = startAt === null ? after : Math.max(after, startAt - 1);
  for (;;) {
    const next = ask(from);
    if (next === null || (endAt !== null && next >= endAt)) return null;
    const resumesAt = endOfExclusion(timing, next);
    if (resumesAt === null) return next;
    // Whatever is asked for until then is left out too.
    from = resumesAt - 1;
  }
}

function nextAsked({ crons, zone, clockChanges, rate, moments }: Timing, after: number) {
  const asked = crons.map((cron) => nextTime(cron, zone, clockChanges, after));
  if (rate !== null) asked.push(nextOfRate(rate, after));
  asked.push(moments.find((moment) => moment > after) ?? null);
  const times = asked.filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

function nextOfRate({ everyMs, anchor }: NonNullable<Timing['rate']>, after: number): number {
  return anchor + (Math.floor((after - anchor) / everyMs) + 1) * everyMs;
}

/** When the exclusion ends in which the moment lies; null: it lies in none. */
function endOfExclusion({ excludedDays, leftOut, zone }: Timing, moment: number): number | null {
  const span = leftOut.find(({ from, to }) => from <= moment && moment < to);
  if (span !== undefined) return span.to;
  if (excludedDays.size === 0) return null;
  const day = dayOf(zone, moment);
  return excludedDays.has(day) ? endOfDay(zone, day, moment) : null;
}

/** What the calendar on the wall says. */
function dayOf(zone: Zone, moment: number): string {
  return new Date(moment + zone.stretchAt(moment).offset).toISOString().slice(0, 10);
}

const dayMs = 86_400_000;

/** The first moment after `moment` at which the wall says another day; changes of the clock at midnight included. */
function endOfDay(zone: Zone, day: string, moment: number): number {
  const midnight = Date.parse(`${day}T00:00:00Z`) + dayMs;
  for (let at = moment; ; ) {
    const stretch = zone.stretchAt(at);
    const end = midnight - stretch.offset;
    if (end < stretch.to) return Math.max(end, at);
    at = stretch.to;
    if (dayOf(zone, at) !== day) return at;
  }
}
