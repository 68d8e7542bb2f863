/**
 * What methods about schedules answer, and tell others.
 */
import type { CreateScheduleResponse } from '@muster/proto';
import { scheduleLimits } from '../../rules/limits.ts';
import { type ScheduleEventKind, scheduleEvent } from '../../rules/schedule/schedule-events.ts';
import type { DeletedSchedule, NamespaceRow, WrittenSchedule } from '../../store/store.ts';
import { scheduleMessage } from '../../wire/messages/schedule/stored.ts';
import { type Checks, checkText } from '../../wire/validation.ts';
import type { ApiContext } from '../context.ts';
import { findUnserved } from '../tasks/submit-tasks.ts';
import { scheduleNotFound } from './find.ts';

/** Why a schedule is paused, for people. */
export function checkNote(checks: Checks, field: string, note: string): string {
  return checkText(checks, field, note, scheduleLimits.noteMaxBytes);
}

/** A schedule as it is stored now, with its handler if nobody serves it. */
export async function answerSchedule(
  context: ApiContext,
  namespace: NamespaceRow,
  name: string,
): Promise<CreateScheduleResponse> {
  const schedule = await context.store.schedules.get(namespace.id, name);
  if (schedule === null) throw await scheduleNotFound(context, namespace, name);
  const [unserved] = await unservedOf(context, namespace, [schedule]);
  return {
    schedule: scheduleMessage(schedule, namespace.name),
    unservedHandler: unserved ?? null,
  };
}

/** Handlers of schedules that no agent serves. */
export function unservedOf(
  context: ApiContext,
  namespace: NamespaceRow,
  schedules: readonly Pick<WrittenSchedule, 'handlerId'>[],
) {
  const ids = [...new Set(schedules.map(({ handlerId }) => handlerId))];
  const rows = ids.flatMap((id) => context.dictionaries.handler(id) ?? []);
  return findUnserved(context, namespace.id, rows);
}

/** Tells listeners, if there are any. */
export function tellSchedule(
  { events, clock }: ApiContext,
  kind: ScheduleEventKind,
  schedule: DeletedSchedule,
  note?: string,
): void {
  if (!events.on) return;
  const event = scheduleEvent(kind, schedule, Math.floor(clock.now()));
  events.publishSchedule(note === undefined ? event : { ...event, note });
}
