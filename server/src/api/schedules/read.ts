/**
 * ScheduleService: what is read of schedules, their times to come and their past ones.
 */
import { randomUUID } from 'node:crypto';
import type {
  GetScheduleRequest__Output,
  GetScheduleResponse,
  ListFiresRequest__Output,
  ListFiresResponse,
  ListSchedulesRequest__Output,
  ListSchedulesResponse,
  PreviewScheduleRequest__Output,
  PreviewScheduleResponse,
  ScheduleSpec__Output,
} from '@muster/proto';
import { nextNominalTime } from '../../rules/calendar/timing.ts';
import { scheduleLimits } from '../../rules/limits.ts';
import { timingOf } from '../../rules/schedule/clockwork.ts';
import {
  fireDecisions,
  type Schedule,
  type ScheduleId,
  scheduleStates,
} from '../../rules/schedule/schedule.ts';
import { beginAt } from '../../rules/schedule/turn.ts';
import { checkScheduleParts } from '../../wire/messages/schedule/spec.ts';
import { fireMessage, scheduleMessage } from '../../wire/messages/schedule/stored.ts';
import { timestampOf } from '../../wire/messages/values.ts';
import { readPageToken, writePageToken } from '../../wire/page-token.ts';
import {
  type Checks,
  checkHandlerName,
  checkNumber,
  checkTime,
  createChecks,
} from '../../wire/validation.ts';
import { type ApiContext, checkPageSize, enterNamespace } from '../context.ts';
import type { Caller } from '../edge.ts';
import { fitPage, messageBytes } from '../page-bytes.ts';
import { enterSchedule, scheduleNotFound } from './find.ts';

const pageSizeDefault = 50;
/** Rows that one page reads at most: their inputs may have 64 KiB each. */
const pageRowsMax = 250;

/** Reads one schedule. */
export async function getSchedule(
  context: ApiContext,
  request: GetScheduleRequest__Output,
  caller: Caller,
): Promise<GetScheduleResponse> {
  const { namespace, schedule } = await readSchedule(context, request, caller);
  return { schedule: scheduleMessage(schedule, namespace.name) };
}

/** Lists schedules, by name. */
export async function listSchedules(
  context: ApiContext,
  request: ListSchedulesRequest__Output,
  caller: Caller,
): Promise<ListSchedulesResponse> {
  const namespace = await enterNamespace(context, caller, request.namespace, 'submit');
  const checks = createChecks();
  const limit = checkPageSize(checks, request.pageSize, pageSizeDefault);
  const states = checkNames(checks, 'states', request.states, 'SCHEDULE_STATE_', scheduleStates);
  const { handler } = request;
  if (handler !== '') checkHandlerName(checks, 'handler', handler);
  checks.finish();
  const query = ['schedules', namespace.id, handler, ...states];
  const after = readPageToken(query, request.pageToken) ?? '';
  const row = handler === '' ? null : context.dictionaries.handlerNamed(namespace.id, handler);
  // A handler that nobody has named yet has no schedules.
  if (handler !== '' && row === null) return { schedules: [], nextPageToken: '' };
  const page = await context.store.schedules.list({
    namespaceId: namespace.id,
    handlerId: row?.id ?? null,
    ...{ states, after, limit: Math.min(limit, pageRowsMax) },
  });
  const messages = page.schedules.map((schedule) => scheduleMessage(schedule, namespace.name));
  const schedules = [...fitPage(messages, messageBytes)];
  const last = page.schedules[schedules.length - 1];
  const isLast = !page.more && schedules.length === page.schedules.length;
  return {
    schedules,
    nextPageToken: isLast || last === undefined ? '' : writePageToken(query, last.name),
  };
}

/** Tells the next nominal times. */
export async function previewSchedule(
  context: ApiContext,
  request: PreviewScheduleRequest__Output,
  caller: Caller,
): Promise<PreviewScheduleResponse> {
  const checks = createChecks();
  const { previewMax, previewDefault: fallback } = scheduleLimits;
  const bounds = { least: 1, most: previewMax, fallback, zero: 'unset' } as const;
  const count = checkNumber(checks, 'times_max', request.timesMax, bounds);
  const now = Math.floor(context.clock.now());
  const after = checkTime(checks, 'after_time', request.afterTime) ?? now;
  const { name, spec } = request;
  if (name !== '' && spec !== null)
    checks.fail('spec', 'is given together with name; give one of them');
  if (name === '' && spec === null)
    checks.fail('name', 'is empty, and there is no spec; give one of them');
  checks.finish();
  const schedule =
    spec === null
      ? (await readSchedule(context, request, caller)).schedule
      : await writtenSchedule(context, { namespace: request.namespace, spec, now }, caller);
  const timing = timingOf(schedule.spec.timing, schedule.createdAt);
  const { firesMax } = schedule.spec.timing;
  const most = Math.min(count, (firesMax ?? Number.POSITIVE_INFINITY) - schedule.fires);
  const times: number[] = [];
  // One that counts from ends has no time to come beyond the next.
  let next =
    schedule.spec.timing.endDelayMs === null
      ? nextNominalTime(timing, after)
      : (schedule.nextAt ?? null);
  while (next !== null && times.length < most) {
    times.push(next);
    next = nextNominalTime(timing, next);
  }
  return { times: times.map((time) => timestampOf(time)) };
}

/** Lists records of nominal times, newest first. */
export async function listFires(
  context: ApiContext,
  request: ListFiresRequest__Output,
  caller: Caller,
): Promise<ListFiresResponse> {
  const { schedule } = await readSchedule(context, request, caller);
  const checks = createChecks();
  const limit = checkPageSize(checks, request.pageSize, pageSizeDefault);
  const { decisions: asked } = request;
  const decisions = checkNames(checks, 'decisions', asked, 'FIRE_DECISION_', fireDecisions);
  checks.finish();
  const query = ['fires', schedule.id, ...decisions];
  const before = readPageToken(query, request.pageToken);
  const page = await context.store.schedules.fires({
    scheduleId: schedule.id,
    ...{ decisions, limit, before: before === null ? null : Number(before) },
  });
  const last = page.fires.at(-1);
  return {
    fires: page.fires.map(fireMessage),
    nextPageToken:
      page.more && last !== undefined ? writePageToken(query, String(last.nominalAt)) : '',
  };
}

async function readSchedule(
  context: ApiContext,
  request: { readonly namespace: string; readonly name: string },
  caller: Caller,
) {
  const { namespace, name } = await enterSchedule(context, request, caller);
  const schedule = await context.store.schedules.get(namespace.id, name);
  if (schedule === null) throw await scheduleNotFound(context, namespace, name);
  return { namespace, schedule };
}

/** What a spec that is not stored would ask for if it were made now. */
async function writtenSchedule(
  context: ApiContext,
  { namespace, spec, now }: { namespace: string; spec: ScheduleSpec__Output; now: number },
  caller: Caller,
): Promise<Pick<Schedule, 'spec' | 'createdAt' | 'nextAt' | 'fires'>> {
  await enterNamespace(context, caller, namespace, 'submit');
  const checks = createChecks();
  const { scheduleIntervalMinMs } = context.config;
  const said = checkScheduleParts(checks.within('spec'), spec, ['timing'], scheduleIntervalMinMs);
  checks.finish();
  const written = { spec: said.spec as Schedule['spec'], createdAt: now };
  const id = randomUUID() as ScheduleId;
  return { ...written, fires: 0, nextAt: beginAt({ ...written, id }, now, false).nextAt };
}

/** Words of an enum without their prefix; the first value means nothing. */
function checkNames<const Name extends string>(
  checks: Checks,
  field: string,
  values: readonly string[],
  prefix: string,
  known: readonly Name[],
): readonly Name[] {
  const names = [...new Set(values)].map((value) => value.slice(prefix.length));
  for (const name of names)
    if (!known.some((each) => each === name))
      checks.fail(field, `has ${prefix}${name}; any of ${known.join(', ')} is allowed`);
  return known.filter((each) => names.includes(each)).sort();
}
