/**
 * ScheduleService: schedules are made, one or many, and changed so that each is as it is written.
 */
import type {
  AppliedSchedule,
  ApplySchedulesRequest__Output,
  ApplySchedulesResponse,
  CreateScheduleRequest__Output,
  CreateScheduleResponse,
} from '@muster/proto';
import { scheduleLimits } from '../../rules/limits.ts';
import { timingFault } from '../../rules/schedule/never.ts';
import type { Schedule } from '../../rules/schedule/schedule.ts';
import { beginAt } from '../../rules/schedule/turn.ts';
import type { Applied, NamespaceRow, WrittenSchedule } from '../../store/store.ts';
import {
  type CheckedSchedule,
  checkSchedule,
  specMessage,
} from '../../wire/messages/schedule/spec.ts';
import { CallRefused } from '../../wire/status.ts';
import { type Checks, createChecks, quote } from '../../wire/validation.ts';
import { type ApiContext, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { answerSchedule, checkNote, tellSchedule, unservedOf } from './answers.ts';
import { changedParts, rewritten } from './change.ts';

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
  return answerSchedule(context, namespace, made?.name ?? '');
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
  if (validateOnly) return applied;
  context.wakeups.publish('scheduled', { lookInMs: 0 });
  tellApplied(context, applied, written);
  return applied;
}

function tellApplied(
  context: ApiContext,
  applied: readonly Applied[],
  written: readonly WrittenSchedule[],
): void {
  if (!context.events.on) return;
  for (const [index, { id, name, state, before, isChanged }] of applied.entries()) {
    const handlerId = written[index]?.handlerId;
    if (handlerId === undefined || (before !== null && !isChanged)) continue;
    const kind = before === null ? 'schedule-created' : 'schedule-updated';
    tellSchedule(context, kind, { id, name, state, handlerId });
  }
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
