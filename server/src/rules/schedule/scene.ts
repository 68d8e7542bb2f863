/** Schedules for the tests of these rules. */
import type { HandlerId, NamespaceId, TaskId, TaskState } from '../task.ts';
import type {
  MisfirePolicy,
  OpenFire,
  OverlapPolicy,
  Schedule,
  ScheduleId,
  TimingSpec,
} from './schedule.ts';
import { type Turn, takeTurn } from './turn.ts';

/** Milliseconds of a time as people write it. */
export const at = (text: string) => Date.parse(text);

/** A timing that asks for nothing, but for these changes. */
export function timingSpec(changes: Partial<TimingSpec>): TimingSpec {
  return {
    ...{ cron: [], dialect: 'unix', rateMs: null, anchorAt: null, endDelayMs: null, moments: [] },
    ...{ zone: 'UTC', clockChanges: 'DEFAULT', startAt: null, endAt: null, excludedDays: [] },
    ...{ leftOut: [], firesMax: null, jitterMs: 0 },
    ...changes,
  };
}

/** A schedule that asks every minute of an hour, and whose next time is its first minute. */
export function scheduleWith(changes: {
  readonly timing?: Partial<TimingSpec>;
  readonly misfire?: Partial<MisfirePolicy>;
  readonly overlap?: Partial<OverlapPolicy>;
  readonly failuresMax?: number | null;
  readonly row?: Partial<Schedule>;
}): Schedule {
  return {
    id: '0198a000-0000-7000-8000-000000000001' as ScheduleId,
    namespaceId: 1 as NamespaceId,
    ...{ name: 'minutely', handlerId: 1 as HandlerId, handler: 'report', input: null },
    spec: {
      description: '',
      timing: timingSpec({ cron: ['* * * * *'], ...changes.timing }),
      task: {
        ...{
          inputIsTemplate: false,
          priority: 0,
          options: null,
          totalTimeoutMs: null,
          labels: null,
        },
      },
      misfire: {
        ...{ rule: 'ONCE', lateMs: 60_000, catchUpMs: null, allMax: 100, startDeadlineMs: null },
        ...changes.misfire,
      },
      overlap: { rule: 'ALLOW', runningMax: null, bufferMax: 0, ...changes.overlap },
      failuresMax: changes.failuresMax ?? null,
    },
    ...{ state: 'ACTIVE', pauseNote: '', pausedByFailures: false, fires: 0, failures: 0 },
    nextAt: at('2026-05-01T12:00Z'),
    createdAt: at('2026-05-01T11:30Z'),
    updatedAt: at('2026-05-01T11:30Z'),
    ...changes.row,
  };
}

/** The id of a task, by a number. */
export const taskId = (number: number) =>
  `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}` as TaskId;

/** An open record at a minute: of a task in this state, or waiting in line. */
export function openAt(
  minute: string,
  taskState: TaskState | 'WAITING_IN_LINE',
  changes: Partial<OpenFire> = {},
): OpenFire {
  const nominalAt = at(minute);
  const waits = taskState === 'WAITING_IN_LINE';
  const ended = taskState === 'SUCCEEDED' || taskState === 'FAILED' || taskState === 'CANCELLED';
  return {
    ...{ nominalAt, dueAt: nominalAt, backfill: false },
    taskId: waits ? null : taskId(nominalAt % 1e11),
    taskState: waits ? null : taskState,
    endedAt: ended ? nominalAt + 1_000 : null,
    ...changes,
  };
}

/** What a turn decides, as `12:00 FIRED`. */
export function decisions({ fires }: Turn): readonly string[] {
  return fires.map(({ nominalAt, decision, skipped }) => {
    const minute = new Date(nominalAt).toISOString().slice(11, 16);
    return skipped === 0 ? `${minute} ${decision}` : `${minute} ${decision} ${skipped}`;
  });
}

/** A turn at a time as people write it. */
export function turnAt(schedule: Schedule, time: string, open: readonly OpenFire[] = []): Turn {
  return takeTurn(schedule, open, at(time));
}
