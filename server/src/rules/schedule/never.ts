/**
 * Timings that ask for nothing: found before they are stored, because a schedule that never fires says nothing by itself.
 */
import { nextTime } from '../calendar/cron-times.ts';
import { timingOf } from './clockwork.ts';
import type { Schedule } from './schedule.ts';
import { beginAt } from './turn.ts';

/** A field of the timing, and what is wrong with it. */
export type TimingFault = { readonly field: string; readonly description: string };

/** Why a schedule that begins at `now` has expressions or bounds that ask for nothing; null: it asks. */
export function timingFault(
  schedule: Pick<Schedule, 'id' | 'spec' | 'createdAt'>,
  now: number,
): TimingFault | null {
  const { timing: spec } = schedule.spec;
  const { crons, zone, clockChanges } = timingOf(spec, schedule.createdAt);
  const never = crons.findIndex((cron) => nextTime(cron, zone, clockChanges, now) === null);
  if (never >= 0)
    return {
      field: `cron[${never}]`,
      description: `is ${JSON.stringify(spec.cron[never])}, which no day matches any more; for example "0 3 28 2 *" is at three o'clock on the 28th of February`,
    };
  if (beginAt(schedule, now, false).nextAt !== null) return null;
  const at = new Date(now).toISOString();
  if (spec.endAt !== null && spec.endAt <= now)
    return {
      field: 'end_time',
      description: `is ${new Date(spec.endAt).toISOString()}, which is past: it is ${at}`,
    };
  if (spec.moments.length > 0 && spec.moments.every((moment) => moment <= now))
    return {
      field: 'run_times',
      description: `holds no time to come: it is ${at}. To run the handler now, submit a task, or make the schedule and trigger it`,
    };
  return {
    field: 'end_time',
    description:
      'and the exclusions leave no time at all; widen them, or preview the schedule without them',
  };
}
