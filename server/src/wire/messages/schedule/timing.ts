/**
 * When a schedule asks for tasks: checked, and as readers see it. What is refused comes with an example that works.
 */
import type { ScheduleTiming__Output, ScheduleTiming as TimingMessage } from '@muster/proto';
import { readCron } from '../../../rules/calendar/cron.ts';
import { CronFault } from '../../../rules/calendar/field.ts';
import type { LeftOut } from '../../../rules/calendar/timing.ts';
import { zoneOf } from '../../../rules/calendar/zone.ts';
import { scheduleLimits } from '../../../rules/limits.ts';
import type { TimingSpec } from '../../../rules/schedule/schedule.ts';
import {
  type Checks,
  checkDuration,
  checkNumber,
  checkTime,
  quote,
  spanText,
} from '../../validation.ts';
import { durationOf, timestampOf } from '../values.ts';

const dialects = { CRON_DIALECT_UNIX: 'unix', CRON_DIALECT_QUARTZ: 'quartz' } as const;
const clockChanges = {
  CLOCK_CHANGE_RULE_UNSPECIFIED: 'DEFAULT',
  CLOCK_CHANGE_RULE_SKIP: 'SKIP',
  CLOCK_CHANGE_RULE_SHIFT: 'SHIFT',
  CLOCK_CHANGE_RULE_BOTH: 'BOTH',
} as const;

/** Asks for nothing. */
const noTiming: TimingSpec = {
  ...{ cron: [], dialect: null, rateMs: null, anchorAt: null, endDelayMs: null, moments: [] },
  ...{ zone: 'UTC', clockChanges: 'DEFAULT', startAt: null, endAt: null },
  ...{ excludedDays: [], leftOut: [], firesMax: null, jitterMs: 0 },
};

/** Checks a timing by itself; whether it ever asks is seen when it begins. `intervalMinMs`: the setting. */
export function checkTiming(
  checks: Checks,
  message: ScheduleTiming__Output | null,
  intervalMinMs: number,
): TimingSpec {
  if (message === null) {
    checks.fail(
      'timing',
      'is not set; say when, for example cron ["0 3 * * *"] of CRON_DIALECT_UNIX',
    );
    return noTiming;
  }
  const inner = checks.within('timing');
  const interval = (field: string, value: ScheduleTiming__Output['rateInterval']) => {
    const ms = checkDuration(inner, field, value, 0, scheduleLimits.intervalMaxMs);
    if (ms === null || ms >= intervalMinMs) return ms;
    inner.fail(
      field,
      `is ${ms} ms; at least ${spanText(intervalMinMs)} is needed (setting schedule-interval-min), for example ${intervalMinMs / 1000}s`,
    );
    return null;
  };
  const bounds = checkBounds(inner, message);
  const timing: TimingSpec = {
    ...checkCron(inner, message),
    rateMs: interval('rate_interval', message.rateInterval),
    anchorAt: checkTime(inner, 'anchor_time', message.anchorTime),
    endDelayMs: interval('end_delay', message.endDelay),
    moments: checkMoments(inner, message),
    zone: checkZone(inner, message.zone),
    clockChanges: clockChanges[message.clockChanges],
    ...bounds,
    excludedDays: checkDays(inner, message.excludedDates),
    leftOut: checkRanges(inner, message),
    firesMax: checkFiresMax(inner, message.firesMax),
    jitterMs:
      checkDuration(inner, 'jitter_window', message.jitterWindow, 0, scheduleLimits.jitterMaxMs) ??
      0,
  };
  checkSources(inner, message);
  return timing;
}

function checkCron(checks: Checks, { cron, dialect }: ScheduleTiming__Output) {
  const { cronMax } = scheduleLimits;
  if (cron.length > cronMax)
    checks.fail('cron', `has ${cron.length} expressions; at most ${cronMax} are allowed`);
  if (cron.length === 0) return { cron: [], dialect: null };
  if (dialect === 'CRON_DIALECT_UNSPECIFIED') {
    checks.fail(
      'dialect',
      'is not set: CRON_DIALECT_UNIX takes 0 for Sunday, CRON_DIALECT_QUARTZ takes 1',
    );
    return { cron: [], dialect: null };
  }
  const read = dialects[dialect];
  for (const [index, text] of cron.slice(0, cronMax).entries()) {
    try {
      readCron(text, read);
    } catch (error) {
      if (!(error instanceof CronFault)) throw error;
      checks.fail(`cron[${index}]`, `is ${quote(text)}. ${error.message}`);
    }
  }
  return { cron, dialect: read };
}

/** One moment cannot be followed from two sources that count in different ways. */
function checkSources(checks: Checks, message: ScheduleTiming__Output): void {
  const { cron, rateInterval, runTimes, endDelay, anchorTime } = message;
  const asks = cron.length > 0 || rateInterval !== null || runTimes.length > 0;
  if (endDelay !== null && asks)
    checks.fail(
      'end_delay',
      'stands together with cron, rate_interval or run_times; a schedule that counts from the ends of its tasks has no other times',
    );
  if (endDelay === null && !asks)
    checks.fail('cron', 'is empty, and there is no other source of times; for example "0 3 * * *"');
  if (anchorTime !== null && rateInterval === null)
    checks.fail('anchor_time', 'is given without rate_interval, for example 15 minutes');
}

function checkBounds(checks: Checks, message: ScheduleTiming__Output) {
  const startAt = checkTime(checks, 'start_time', message.startTime);
  const endAt = checkTime(checks, 'end_time', message.endTime);
  if (startAt !== null && endAt !== null && endAt <= startAt)
    checks.fail(
      'end_time',
      `is ${isoText(endAt)}, which is not after start_time, ${isoText(startAt)}`,
    );
  return { startAt, endAt };
}

function checkMoments(checks: Checks, { runTimes }: ScheduleTiming__Output): readonly number[] {
  const { runTimesMax } = scheduleLimits;
  if (runTimes.length > runTimesMax)
    checks.fail('run_times', `has ${runTimes.length} times; at most ${runTimesMax} are allowed`);
  const moments = runTimes
    .slice(0, runTimesMax)
    .map((time, index) => checkTime(checks, `run_times[${index}]`, time))
    .filter((time) => time !== null);
  return [...new Set(moments)].sort((a, b) => a - b);
}

function checkZone(checks: Checks, name: string): string {
  const zone = name === '' ? 'UTC' : name;
  if (zone.length > 64 || zoneOf(zone) === null)
    checks.fail(
      'zone',
      `is ${quote(name)}, which is no IANA time zone; for example "Europe/Berlin"`,
    );
  return zone;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

function checkDays(checks: Checks, days: readonly string[]): readonly string[] {
  const { exclusionsMax } = scheduleLimits;
  if (days.length > exclusionsMax)
    checks.fail('excluded_dates', `has ${days.length} days; at most ${exclusionsMax} are allowed`);
  for (const [index, day] of days.slice(0, exclusionsMax).entries()) {
    const time = dayPattern.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    // 2026-02-30 is read as a day of March by some.
    if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day)
      checks.fail(
        `excluded_dates[${index}]`,
        `is ${quote(day)}, which is no day; for example "2026-12-25"`,
      );
  }
  return days;
}

function checkRanges(
  checks: Checks,
  { excludedRanges }: ScheduleTiming__Output,
): readonly LeftOut[] {
  const { exclusionsMax } = scheduleLimits;
  if (excludedRanges.length > exclusionsMax)
    checks.fail(
      'excluded_ranges',
      `has ${excludedRanges.length} ranges; at most ${exclusionsMax} are allowed`,
    );
  return excludedRanges.slice(0, exclusionsMax).flatMap((range, index) => {
    const found = checkRange(checks, `excluded_ranges[${index}]`, range);
    return found === null ? [] : [found];
  });
}

/** A stretch of time with both ends, the first before the second; null: it is wrong. */
export function checkRange(
  checks: Checks,
  field: string,
  range: ScheduleTiming__Output['excludedRanges'][number] | null,
): LeftOut | null {
  const inner = checks.within(field);
  const from = checkTime(inner, 'start_time', range?.startTime ?? null);
  const to = checkTime(inner, 'end_time', range?.endTime ?? null);
  if (from === null || to === null) {
    if (!range?.startTime) inner.fail('start_time', 'is not set');
    if (!range?.endTime) inner.fail('end_time', 'is not set');
    return null;
  }
  if (to > from) return { from, to };
  inner.fail('end_time', `is ${isoText(to)}, which is not after start_time, ${isoText(from)}`);
  return null;
}

function checkFiresMax(checks: Checks, value: number): number | null {
  const { firesMaxMax: most } = scheduleLimits;
  const bounds = { least: 1, most, fallback: 0, zero: 'unset' } as const;
  return checkNumber(checks, 'fires_max', value, bounds) || null;
}

function isoText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** A timing as a message. */
export function timingMessage(timing: TimingSpec): TimingMessage {
  return {
    cron: [...timing.cron],
    dialect: timing.dialect === null ? 'CRON_DIALECT_UNSPECIFIED' : dialectOf(timing.dialect),
    rateInterval: durationOf(timing.rateMs),
    anchorTime: timestampOf(timing.anchorAt),
    endDelay: durationOf(timing.endDelayMs),
    runTimes: timing.moments.map((moment) => timestampOf(moment)),
    zone: timing.zone,
    clockChanges:
      timing.clockChanges === 'DEFAULT'
        ? 'CLOCK_CHANGE_RULE_UNSPECIFIED'
        : `CLOCK_CHANGE_RULE_${timing.clockChanges}`,
    startTime: timestampOf(timing.startAt),
    endTime: timestampOf(timing.endAt),
    excludedDates: [...timing.excludedDays],
    excludedRanges: timing.leftOut.map(({ from, to }) => ({
      startTime: timestampOf(from),
      endTime: timestampOf(to),
    })),
    firesMax: timing.firesMax ?? 0,
    jitterWindow: timing.jitterMs === 0 ? null : durationOf(timing.jitterMs),
  };
}

function dialectOf(dialect: 'unix' | 'quartz') {
  return dialect === 'unix' ? 'CRON_DIALECT_UNIX' : 'CRON_DIALECT_QUARTZ';
}
