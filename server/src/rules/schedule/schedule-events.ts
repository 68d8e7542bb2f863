/**
 * What outsiders hear of schedules: facts that have been committed. They are told at most once.
 */
import type { HandlerId } from '../task.ts';
import type { Fire, FireDecision, Schedule, ScheduleState } from './schedule.ts';

/** All kinds of events of schedules. */
export const scheduleEventKinds = [
  'schedule-created',
  'schedule-updated',
  'schedule-deleted',
  'schedule-paused',
  'schedule-resumed',
  'schedule-completed',
  'schedule-fired',
  'schedule-skipped',
] as const;

/**
 * What happened: it was made, changed, deleted, paused (by somebody or by itself) or resumed; it has no nominal time any more; a
 * nominal time got a task, or will have none.
 */
export type ScheduleEventKind = (typeof scheduleEventKinds)[number];

/** One event. */
export type ScheduleEvent = {
  readonly kind: ScheduleEventKind;
  readonly scheduleId: string;
  readonly schedule: string;
  readonly handlerId: HandlerId;
  /** State after it. */
  readonly state: ScheduleState;
  /** Tells events of one kind about one schedule apart: the nominal time, or when it happened. */
  readonly at: number;
  /** Why it is paused. */
  readonly note?: string;
  /** What became of the nominal time. */
  readonly fire?: Pick<Fire, 'nominalAt' | 'decision' | 'taskId'>;
};

/** A schedule before and after a turn, with its records. */
type Turned = {
  readonly schedule: Schedule;
  readonly standing: Pick<Schedule, 'state' | 'pauseNote'>;
  readonly fires: readonly Fire[];
};

const told: Readonly<Record<FireDecision, ScheduleEventKind | null>> = {
  ...{ FIRED: 'schedule-fired', CAUGHT_UP: 'schedule-fired', BY_HAND: 'schedule-fired' },
  ...{ BACKFILLED: 'schedule-fired', BUFFERED: null },
  ...{ SKIPPED_OVERLAP: 'schedule-skipped', SKIPPED_LATE: 'schedule-skipped' },
};

/** What a turn is to be told of. */
export function eventsOfTurn(
  { schedule, standing, fires }: Turned,
  now: number,
): readonly ScheduleEvent[] {
  const { state, pauseNote } = standing;
  const event = (kind: ScheduleEventKind) => scheduleEvent(kind, { ...schedule, state }, now);
  const events = fires.flatMap((fire) => {
    const kind = told[fire.decision];
    return kind === null ? [] : [{ ...event(kind), at: fire.nominalAt, fire }];
  });
  if (state === schedule.state) return events;
  if (state === 'PAUSED') return [...events, { ...event('schedule-paused'), note: pauseNote }];
  return state === 'COMPLETED' ? [...events, event('schedule-completed')] : events;
}

/** An event about a schedule itself. */
export function scheduleEvent(
  kind: ScheduleEventKind,
  schedule: Pick<Schedule, 'id' | 'name' | 'handlerId' | 'state'>,
  at: number,
): ScheduleEvent {
  const { id: scheduleId, name, handlerId, state } = schedule;
  return { kind, scheduleId, schedule: name, handlerId, state, at };
}
