/**
 * What a change makes of a stored schedule.
 */
import type { Schedule } from '../../rules/schedule/schedule.ts';
import { beginAt, hasFired } from '../../rules/schedule/turn.ts';
import type { ScheduleChange, WrittenSchedule } from '../../store/store.ts';
import { type SchedulePart, scheduleParts } from '../../wire/messages/schedule/spec.ts';

/** The moment of a change, and whether tasks of the schedule are unfinished. */
export type ChangeMoment = { readonly now: number; readonly running: boolean };

/** The parts in which what is written differs from what is stored. */
export function changedParts(
  before: Pick<Schedule, 'handler' | 'input' | 'spec'>,
  written: Pick<WrittenSchedule, 'handler' | 'input' | 'spec'>,
): readonly SchedulePart[] {
  const said = (part: SchedulePart, of: typeof before) => {
    const { spec, handler, input } = of;
    if (part === 'failures_max') return spec.failuresMax;
    if (part !== 'task') return spec[part];
    return [handler, spec.task, input?.mediaType, input?.data.toString('base64')];
  };
  return scheduleParts.filter((part) => !isSame(said(part, before), said(part, written)));
}

/** Equal as JSON, whatever the order of keys: that of stored JSON is the database's own. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** The schedule as it is written now; what it asks for counts anew only if its timing has changed. */
export function rewritten(
  before: Schedule,
  written: Pick<WrittenSchedule, 'handlerId' | 'spec' | 'input'>,
  at: ChangeMoment,
  isRetimed: boolean,
): ScheduleChange {
  const { handlerId, spec, input } = written;
  const { state, nextAt, failures, pauseNote, pausedByFailures } = before;
  const stands = { state, nextAt, failures, pauseNote, pausedByFailures };
  const timed =
    isRetimed && state !== 'PAUSED' ? begun({ ...before, spec }, at) : { state, nextAt };
  // A turn right after it sees to whatever the change brings about.
  return { handlerId, spec, input, ...stands, ...timed, lookAt: at.now };
}

/** The schedule without its pause. */
export function resumed(before: Schedule, at: ChangeMoment): ScheduleChange {
  const { handlerId, spec, input, state, nextAt, failures } = before;
  const kept = { handlerId, spec, input, pauseNote: '', pausedByFailures: false, lookAt: at.now };
  return state === 'PAUSED'
    ? { ...kept, ...begun(before, at), failures: 0 }
    : { ...kept, state, nextAt, failures };
}

/** The schedule with a pause, or with another note. */
export function paused(before: Schedule, note: string, { now }: ChangeMoment): ScheduleChange {
  const { handlerId, spec, input, failures } = before;
  return {
    ...{ handlerId, spec, input, failures },
    ...{ state: 'PAUSED', nextAt: null, lookAt: now, pauseNote: note, pausedByFailures: false },
  };
}

function begun(schedule: Schedule, { now, running }: ChangeMoment) {
  if (hasFired(schedule, schedule.fires)) return { state: 'COMPLETED', nextAt: null } as const;
  const { state, nextAt } = beginAt(schedule, Math.floor(now), running);
  return { state, nextAt };
}
