/**
 * ScheduleService: schedules are made, changed, paused and deleted.
 */
import type {
  AppliedSchedule,
  ApplySchedulesRequest__Output,
  ApplySchedulesResponse,
  CreateScheduleRequest__Output,
  CreateScheduleResponse,
  DeleteScheduleRequest__Output,
  DeleteScheduleResponse,
  PauseScheduleRequest__Output,
  PauseScheduleResponse,
  ResumeScheduleRequest__Output,
  ResumeScheduleResponse,
  UpdateScheduleRequest__Output,
  UpdateScheduleResponse,
} from '@muster/proto';
import { scheduleLimits } from '../../rules/limits.ts';
import { timingFault } from '../../rules/schedule/never.ts';
import type { Schedule } from '../../rules/schedule/schedule.ts';
import { beginAt } from '../../rules/schedule/turn.ts';
import type { Applied, NamespaceRow, WrittenSchedule } from '../../store/store.ts';
import {
  type CheckedSchedule,
  checkSchedule,
  checkScheduleName,
  checkScheduleParts,
  type SchedulePart,
  scheduleParts,
  specMessage,
} from '../../wire/messages/schedule/spec.ts';
import { scheduleMessage } from '../../wire/messages/schedule/stored.ts';
import { CallRefused } from '../../wire/status.ts';
import { type Checks, checkText, createChecks, quote } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { findUnserved } from '../tasks/submit-tasks.ts';
import { changedParts, paused, resumed, rewritten } from './change.ts';
import { enterSchedule, scheduleNotFound } from './find.ts';

/** Makes a schedule. */
export async function createSchedule(
  context: ApiContext,
  request: CreateScheduleRequest__Output,
  caller: Caller,
): Promise<CreateScheduleResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const pauseNote = checkNote(checks, 'pause_note', request.pauseNote);
  if (request.spec === null) checks.fail('spec', 'is not set');
  const checked =
    request.spec === null ? [] : [checkAt(context, checks.within('spec'), request.spec)];
  checks.finish();
  const written = await withHandlers(context, namespace, checked);
  const [made] = await apply(context, namespace, written, {
    ...{ pauseNote, mayExist: false, validateOnly: false },
    at: (of) => of.within('spec'),
  });
  if (made?.before)
    throw new CallRefused(
      'SCHEDULE_EXISTS',
      `There is a schedule "${made.name}" already. UpdateSchedule changes it; ApplySchedules makes or changes as needed.`,
      { metadata: { schedule: made.name } },
    );
  return answer(context, namespace, made?.name ?? '');
}

/** Changes the parts that the mask names. */
export async function updateSchedule(
  context: ApiContext,
  request: UpdateScheduleRequest__Output,
  caller: Caller,
): Promise<UpdateScheduleResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const parts = checkMask(checks, request.updateMask?.paths ?? []);
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
  return answer(context, namespace, name);
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
  return { schedule: scheduleMessage(changed, namespace.name) };
}

/** Lets it ask again. */
export async function resumeSchedule(
  context: ApiContext,
  request: ResumeScheduleRequest__Output,
  caller: Caller,
): Promise<ResumeScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  const changed = await context.store.schedules.change(namespace.id, name, resumed);
  if (changed === null) throw await scheduleNotFound(context, namespace, name);
  context.wakeups.publish('scheduled', { lookInMs: 0 });
  return { schedule: scheduleMessage(changed, namespace.name) };
}

/** Deletes a schedule. */
export async function deleteSchedule(
  context: ApiContext,
  request: DeleteScheduleRequest__Output,
  caller: Caller,
): Promise<DeleteScheduleResponse> {
  const { namespace, name } = await enterSchedule(context, request, caller);
  if (!(await context.store.schedules.delete(namespace.id, name)))
    throw await scheduleNotFound(context, namespace, name);
  return {};
}

/** Makes and changes many, all or none. */
export async function applySchedules(
  context: ApiContext,
  request: ApplySchedulesRequest__Output,
  caller: Caller,
): Promise<ApplySchedulesResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const { specs, validateOnly } = request;
  const { applyMax } = scheduleLimits;
  const checks = createChecks();
  if (specs.length === 0 || specs.length > applyMax) {
    checks.fail('specs', `has ${specs.length} schedules; 1 to ${applyMax} are allowed in one call`);
    checks.finish();
  }
  const checked = specs.map((spec, index) => checkAt(context, checks.at('specs', index), spec));
  checkDistinct(checks, checked);
  checks.finish();
  const written = await withHandlers(context, namespace, checked);
  const applied = await apply(context, namespace, written, {
    ...{ pauseNote: '', mayExist: true, validateOnly },
    at: (of, index) => of.at('specs', index),
  });
  return {
    schedules: applied.map((each, index) => appliedMessage(each, written[index])),
    unservedHandlers: await unservedOf(context, namespace, written),
  };
}

function checkAt(
  { config }: ApiContext,
  checks: Checks,
  spec: NonNullable<CreateScheduleRequest__Output['spec']>,
): CheckedSchedule {
  return checkSchedule(checks, spec, config.scheduleIntervalMinMs);
}

function checkNote(checks: Checks, field: string, note: string): string {
  return checkText(checks, field, note, scheduleLimits.noteMaxBytes);
}

function checkMask(checks: Checks, paths: readonly string[]): readonly SchedulePart[] {
  const known = scheduleParts.join(', ');
  if (paths.length === 0) checks.fail('update_mask', `is empty; name any of ${known}`);
  for (const [index, path] of paths.entries())
    if (!scheduleParts.some((part) => part === path))
      checks.fail(`update_mask.paths[${index}]`, `${quote(path)} cannot be changed; ${known} can`);
  return scheduleParts.filter((part) => paths.includes(part));
}

function checkDistinct(checks: Checks, checked: readonly CheckedSchedule[]): void {
  const first = new Map<string, number>();
  for (const [index, { name }] of checked.entries()) {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else
      checks.at('specs', index).fail('name', `is ${quote(name)}, as that of specs[${earlier}] is`);
  }
}

/** Dictionary numbers for the handlers of schedules. */
async function withHandlers(
  { dictionaries }: ApiContext,
  namespace: NamespaceRow,
  checked: readonly CheckedSchedule[],
): Promise<readonly WrittenSchedule[]> {
  const names = [...new Set(checked.map(({ handler }) => handler))];
  const rows = await dictionaries.ensureHandlers(namespace.id, names);
  return checked.map((schedule) => {
    const row = rows.get(schedule.handler);
    if (row === undefined) throw new Error(`Handler "${schedule.handler}" was not ensured.`);
    return { ...schedule, handlerId: row.id };
  });
}

async function apply(
  context: ApiContext,
  namespace: NamespaceRow,
  written: readonly WrittenSchedule[],
  how: {
    readonly pauseNote: string;
    readonly mayExist: boolean;
    readonly validateOnly: boolean;
    readonly at: (checks: Checks, index: number) => Checks;
  },
): Promise<readonly Applied[]> {
  const { pauseNote, mayExist, validateOnly, at } = how;
  const places = new Map(written.map(({ spec }, index) => [spec, index]));
  let checks = createChecks();
  const check = (schedule: Pick<Schedule, 'id' | 'spec' | 'createdAt'>, now: number) => {
    const fault = timingFault(schedule, Math.floor(now));
    if (fault === null) return;
    at(checks, places.get(schedule.spec) ?? 0)
      .within('timing')
      .fail(fault.field, fault.description);
  };
  const applied = await context.store.schedules.apply(
    namespace.id,
    written,
    {
      begin(schedule, now) {
        check(schedule, now);
        const stands = beginAt(schedule, Math.floor(now), false);
        return pauseNote === ''
          ? { ...stands, pauseNote }
          : { state: 'PAUSED', nextAt: null, lookAt: null, pauseNote };
      },
      change(before, each, moment) {
        const parts = changedParts(before, each);
        if (parts.length === 0) return null;
        const isRetimed = parts.includes('timing');
        if (isRetimed) check({ ...before, spec: each.spec }, moment.now);
        return rewritten(before, each, moment, isRetimed);
      },
      approve() {
        const found = checks;
        // A transaction that is repeated looks at everything again.
        checks = createChecks();
        found.finish();
      },
    },
    { validateOnly, mayExist },
  );
  if (!validateOnly) context.wakeups.publish('scheduled', { lookInMs: 0 });
  return applied;
}

function requireTimes(schedule: Pick<Schedule, 'id' | 'spec' | 'createdAt'>, now: number): void {
  const fault = timingFault(schedule, Math.floor(now));
  if (fault === null) return;
  const checks = createChecks();
  checks.within('spec').within('timing').fail(fault.field, fault.description);
  checks.finish();
}

function appliedMessage(
  { name, before, isChanged }: Applied,
  written: WrittenSchedule | undefined,
): AppliedSchedule {
  if (before === null) return { name, action: 'APPLY_ACTION_CREATED' };
  if (!isChanged || written === undefined) return { name, action: 'APPLY_ACTION_UNCHANGED' };
  return {
    name,
    action: 'APPLY_ACTION_UPDATED',
    changedFields: [...changedParts(before, written)],
    specBefore: specMessage(before),
  };
}

async function answer(
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

function unservedOf(
  context: ApiContext,
  namespace: NamespaceRow,
  schedules: readonly Pick<WrittenSchedule, 'handlerId'>[],
) {
  const ids = [...new Set(schedules.map(({ handlerId }) => handlerId))];
  const rows = ids.flatMap((id) => context.dictionaries.handler(id) ?? []);
  return findUnserved(context, namespace.id, rows);
}
