// The calls about schedules: options to requests, answers to nouns.

import type { Schedule__Output } from '@muster/proto';
import { type ClientCore, coreOf } from '../client/core.ts';
import { createTaskHandle } from '../client/task-handle.ts';
import type { Client } from '../client.ts';
import { MusterError } from '../errors.ts';
import { checkNumber, checkOptionKeys, invalidOption } from '../options.ts';
import { dateToWire } from '../wire/timestamp.ts';
import { applySchedules } from './apply.ts';
import { changesToWire } from './changes.ts';
import { checkRange, checkScheduleName, checkTimes, scheduleKeys } from './checks.ts';
import {
  freezeSchedule,
  isScheduleDefinition,
  type ScheduleDefinition,
} from './define-schedule.ts';
import { dateOf, readFire, readSchedule, readUnserved } from './read.ts';
import type { Fire, Schedule, ScheduleTimes } from './schedule.ts';
import type {
  BackfillOptions,
  BackfillSummary,
  ListFiresOptions,
  ListSchedulesOptions,
  PreviewOptions,
  Schedules,
  Triggered,
} from './schedules.ts';
import { buildScheduleSpec, timesToWire } from './spec.ts';

const pageSizeDefault = 50;

/** The schedules of one client's namespace. */
export function createSchedules(core: ClientCore): Schedules {
  const { namespace, coder } = core;
  const calls = core.services.schedules;
  const read = (schedule: Schedule__Output | null) => readAnswer(core, schedule);
  return Object.freeze<Schedules>({
    async create(schedule, options = {}) {
      checkOptionKeys('create', options, ['pauseNote']);
      const spec = await buildScheduleSpec(coder, checked(schedule));
      const { pauseNote = '' } = options;
      const answer = await calls.createSchedule({ namespace, spec, pauseNote });
      const stored = await read(answer.schedule);
      return { ...stored, unserved: readUnserved(answer.unservedHandler) };
    },
    get: (name) => getSchedule(core, name),
    list: (options = {}) => listSchedules(core, options),
    async update(name, changes) {
      const request = await changesToWire(coder, name, changes);
      const answer = await calls.updateSchedule({ namespace, ...request });
      const stored = await read(answer.schedule);
      return { ...stored, unserved: readUnserved(answer.unservedHandler) };
    },
    async delete(name) {
      checkScheduleName(name);
      await calls.deleteSchedule({ namespace, name });
    },
    async pause(name, note = '') {
      checkScheduleName(name);
      return read((await calls.pauseSchedule({ namespace, name, note })).schedule);
    },
    async resume(name) {
      checkScheduleName(name);
      return read((await calls.resumeSchedule({ namespace, name })).schedule);
    },
    trigger: <Output>(name: string) => triggerSchedule<Output>(core, name),
    backfill: (name, options) => backfillSchedule(core, name, options),
    preview: (schedule, options = {}) => previewSchedule(core, schedule, options),
    fires: (name, options = {}) => listFires(core, name, options),
    apply: async (schedules, options = {}) =>
      applySchedules(core, [...schedules].map(checked), options),
  });
}

/** The contract's form of a schedule, its input encoded as this client does. For the `apply` command. */
export async function scheduleSpec(
  client: Client,
  schedule: Parameters<typeof freezeSchedule>[0] | ScheduleDefinition,
): ReturnType<typeof buildScheduleSpec> {
  return buildScheduleSpec(coreOf(client, 'scheduleSpec').coder, checked(schedule));
}

/** A definition; what callers without types hand in becomes one, or is refused. */
function checked(
  schedule: Parameters<typeof freezeSchedule>[0] | ScheduleDefinition,
): ScheduleDefinition {
  return isScheduleDefinition(schedule) ? schedule : freezeSchedule(schedule);
}

function readAnswer(core: ClientCore, schedule: Schedule__Output | null): Promise<Schedule> {
  if (schedule === null) throw missingAnswer('schedule');
  return readSchedule(schedule, core.coder);
}

function missingAnswer(what: string): MusterError {
  return new MusterError('CALL_FAILED', `The coordinator answered without a ${what}.`);
}

async function getSchedule(core: ClientCore, name: string): Promise<Schedule> {
  checkScheduleName(name);
  const { namespace, services } = core;
  return readAnswer(core, (await services.schedules.getSchedule({ namespace, name })).schedule);
}

async function* listSchedules(
  core: ClientCore,
  options: ListSchedulesOptions,
): AsyncGenerator<Schedule> {
  checkOptionKeys('schedules.list', options, ['handler', 'states', 'pageSize']);
  const { handler = '', states = [], pageSize = pageSizeDefault } = options;
  checkNumber('schedules.list', 'pageSize', pageSize, { min: 1, max: 1_000 });
  let pageToken = '';
  do {
    const page = await core.services.schedules.listSchedules({
      namespace: core.namespace,
      handler,
      states: states.map((state) => `SCHEDULE_STATE_${state}` as const),
      pageSize,
      pageToken,
    });
    for (const schedule of page.schedules) yield readSchedule(schedule, core.coder);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

/** A coordinator that answers is found by a call that may be repeated; the one that makes a task is not. */
async function triggerSchedule<Output>(core: ClientCore, name: string): Promise<Triggered<Output>> {
  await getSchedule(core, name);
  const { namespace, services } = core;
  const once = { retryTimeoutMs: 0 };
  const answer = await services.schedules.triggerSchedule({ namespace, name }, once);
  if (answer.fire === null || answer.fire.taskId === '') throw missingAnswer('task');
  const fire = readFire(answer.fire);
  const submitted = { duplicate: false, unserved: undefined };
  return { fire, task: createTaskHandle<Output>(core, answer.fire.taskId, submitted) };
}

async function backfillSchedule(
  core: ClientCore,
  name: string,
  options: BackfillOptions,
): Promise<BackfillSummary> {
  checkScheduleName(name);
  checkOptionKeys('backfill', options, ['from', 'to', 'dryRun']);
  const { from, to, dryRun = false } = options;
  checkRange('backfill', 'range', { from, to });
  const { fires, present } = await core.services.schedules.backfillSchedule({
    namespace: core.namespace,
    name,
    range: { startTime: dateToWire(from), endTime: dateToWire(to) },
    validateOnly: dryRun,
  });
  return { fires: fires.map(readFire), present };
}

async function previewSchedule(
  core: ClientCore,
  schedule: string | ScheduleTimes,
  options: PreviewOptions,
): Promise<Date[]> {
  checkOptionKeys('preview', options, ['count', 'after']);
  const { count = 10, after } = options;
  checkNumber('preview', 'count', count, { min: 1, max: 1_000 });
  if (after !== undefined && !(after instanceof Date && Number.isFinite(after.getTime()))) {
    throw invalidOption('preview', 'after', after, 'a valid Date');
  }
  const { times } = await core.services.schedules.previewSchedule({
    namespace: core.namespace,
    ...(typeof schedule === 'string' ? named(schedule) : { spec: timesSpec(schedule) }),
    afterTime: after === undefined ? null : dateToWire(after),
    timesMax: count,
  });
  return times.map(dateOf);
}

function named(name: string): { name: string } {
  checkScheduleName(name);
  return { name };
}

function timesSpec(times: ScheduleTimes) {
  if (!isScheduleDefinition(times)) {
    checkOptionKeys('preview', times, scheduleKeys);
    checkTimes('preview', times);
  }
  return { timing: timesToWire(times) };
}

async function* listFires(
  core: ClientCore,
  name: string,
  options: ListFiresOptions,
): AsyncGenerator<Fire> {
  checkScheduleName(name);
  checkOptionKeys('fires', options, ['decisions', 'pageSize']);
  const { decisions = [], pageSize = pageSizeDefault } = options;
  checkNumber('fires', 'pageSize', pageSize, { min: 1, max: 1_000 });
  let pageToken = '';
  do {
    const page = await core.services.schedules.listFires({
      namespace: core.namespace,
      name,
      decisions: decisions.map((decision) => `FIRE_DECISION_${decision}` as const),
      pageSize,
      pageToken,
    });
    for (const fire of page.fires) yield readFire(fire);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}
