/**
 * What a schedule's owner wrote about time, made ready to be asked: expressions read, the zone at hand, jitter by chance that is
 * the same everywhere.
 */
import { hash } from 'node:crypto';
import { type Cron, readCron } from '../calendar/cron.ts';
import type { CronDialect } from '../calendar/field.ts';
import type { Timing } from '../calendar/timing.ts';
import { zoneOf } from '../calendar/zone.ts';
import type { ScheduleId, TimingSpec } from './schedule.ts';

const cronsKept = 10_000;
const crons = new Map<string, Cron>();

/** As `readCron`, which takes 50 µs; what was read lately is remembered. */
function cronOf(text: string, dialect: CronDialect): Cron {
  const key = `${dialect} ${text}`;
  const known = crons.get(key);
  if (known !== undefined) return known;
  const cron = readCron(text, dialect);
  if (crons.size >= cronsKept) crons.clear();
  crons.set(key, cron);
  return cron;
}

/** The times of a schedule that was made at `createdAt`. Throws `CronFault`, or `RangeError` if the zone is unknown here. */
export function timingOf(spec: TimingSpec, createdAt: number): Timing {
  const zone = zoneOf(spec.zone);
  if (zone === null)
    throw new RangeError(`The time zone "${spec.zone}" is unknown to this coordinator.`);
  return {
    crons: spec.cron.map((text) => cronOf(text, spec.dialect ?? 'unix')),
    zone,
    clockChanges: spec.clockChanges,
    rate: spec.rateMs === null ? null : { everyMs: spec.rateMs, anchor: anchorOf(spec, createdAt) },
    moments: spec.moments,
    startAt: spec.startAt,
    endAt: spec.endAt,
    excludedDays: new Set(spec.excludedDays),
    leftOut: spec.leftOut,
  };
}

function anchorOf({ anchorAt, startAt }: TimingSpec, createdAt: number): number {
  return anchorAt ?? startAt ?? Math.floor(createdAt / 1000) * 1000;
}

/** By how much a nominal time is delayed, in milliseconds: 0 ≤ n < `jitterMs`. */
export function jitterOf(id: ScheduleId, nominalAt: number, jitterMs: number): number {
  if (jitterMs === 0) return 0;
  const chance = Number.parseInt(hash('sha1', `${id} ${nominalAt}`, 'hex').slice(0, 8), 16);
  return Math.floor((chance / 2 ** 32) * jitterMs);
}
