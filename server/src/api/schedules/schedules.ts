/**
 * ScheduleService: one schedule is changed, paused, resumed or deleted.
 */
import type {
  DeleteScheduleRequest__Output,
  DeleteScheduleResponse,
  PauseScheduleRequest__Output,
  PauseScheduleResponse,
  ResumeScheduleRequest__Output,
  ResumeScheduleResponse,
  UpdateScheduleRequest__Output,
  UpdateScheduleResponse,
} from '@muster/proto';
import { timingFault } from '../../rules/schedule/never.ts';
import type { Schedule } from '../../rules/schedule/schedule.ts';
import {
  checkScheduleName,
  checkScheduleParts,
  scheduleParts,
} from '../../wire/messages/schedule/spec.ts';
import { scheduleMessage } from '../../wire/messages/schedule/stored.ts';
import { checkMask, createChecks } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { answerSchedule, checkNote, tellSchedule } from './answers.ts';
import { paused, resumed, rewritten } from './change.ts';
import { enterSchedule, scheduleNotFound } from './find.ts';

/** Changes the parts that the mask names. */
export async function updateSchedule(
  context: ApiContext,
  request: UpdateScheduleRequest__Output,
  caller: Caller,
): Promise<UpdateScheduleResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const parts = checkMask(checks, request.updateMask?.paths ?? [], scheduleParts);
  const inner = checks.within('spec');
  const { spec } = request;
  if (spec === null) checks.fail('spec', 'is not set; its name says which schedule is changed');
  const name = spec === null ? '' : checkScheduleName(inner, 'name', spec.name);
  const said =
    spec === null
      ? { spec: {} }
      : checkScheduleParts(inner, spec, parts, context.config.scheduleIntervalMinMs);
  checks.finish();
  const handlers =
    said.handler === undefined
      ? null
      : await context.dictionaries.ensureHandlers(namespace.id, [said.handler]);
  const changed = await context.store.schedules.change(namespace.id, name, (before, at) => {
    const after = {
      handlerId: handlers?.get(said.handler ?? '')?.id ?? before.handlerId,
      input: said.input === undefined ? before.input : said.input,
      spec: { ...before.spec, ...said.spec },
    };
    const isRetimed = parts.includes('timing');
    if (isRetimed) requireTimes({ ...before, spec: after.spec }, at.now);
    return rewritten(before, after, at, isRetimed);
  });
  if (changed === null) throw await scheduleNotFound(context, namespace, name);
  context.wakeups.publish('scheduled', { lookInMs: 0 });
  tellSchedule(context, 'schedule-updated', changed);
  return answerSchedule(context, namespace, name);
}

/** Stops a schedule from asking. */
export async function pauseSchedule(
  context: ApiContext,
  request: PauseScheduleRequest__Output,
  caller: Caller,
): Promise<PauseScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  const checks = createChecks();
  const note = checkNote(checks, 'note', request.note);
  checks.finish();
  const changed = await context.store.schedules.change(namespace.id, name, (before, at) =>
    paused(before, note, at),
  );
  if (changed === null) throw await scheduleNotFound(context, namespace, name);
  tellSchedule(context, 'schedule-paused', changed, note);
  return { schedule: scheduleMessage(changed, namespace.name) };
}

/** Lets it ask again. */
export async function resumeSchedule(
  context: ApiContext,
  request: ResumeScheduleRequest__Output,
  caller: Caller,
): Promise<ResumeScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  let wasPaused = false;
  const changed = await context.store.schedules.change(namespace.id, name, (before, at) => {
    wasPaused = before.state === 'PAUSED';
    return resumed(before, at);
  });
  if (changed === null) throw await scheduleNotFound(context, namespace, name);
  context.wakeups.publish('scheduled', { lookInMs: 0 });
  if (wasPaused) tellSchedule(context, 'schedule-resumed', changed);
  return { schedule: scheduleMessage(changed, namespace.name) };
}

/** Deletes a schedule. */
export async function deleteSchedule(
  context: ApiContext,
  request: DeleteScheduleRequest__Output,
  caller: Caller,
): Promise<DeleteScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  const deleted = await context.store.schedules.delete(namespace.id, name);
  if (deleted === null) throw await scheduleNotFound(context, namespace, name);
  tellSchedule(context, 'schedule-deleted', deleted);
  return {};
}

function requireTimes(schedule: Pick<Schedule, 'id' | 'spec' | 'createdAt'>, now: number): void {
  const fault = timingFault(schedule, Math.floor(now));
  if (fault === null) return;
  const checks = createChecks();
  checks.within('spec').within('timing').fail(fault.field, fault.description);
  checks.finish();
}
