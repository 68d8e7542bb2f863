// Schedules in the contract's form. What was given has been checked; what was left out is left
// unset, so that the coordinator's defaults hold.

import type {
  MisfirePolicy,
  OverlapPolicy,
  ScheduledTask,
  ScheduleSpec,
  ScheduleTiming,
} from '@muster/proto';
import { keyToWire } from '../client/spec.ts';
import { durationToWire } from '../duration.ts';
import { isHandlerDefinition, validate } from '../handler.ts';
import { checkSize, type Payload, type PayloadCoder } from '../payload/payload.ts';
import { retryToWire } from '../wire/registration.ts';
import { dateToWire } from '../wire/timestamp.ts';
import { misfireOf, overlapOf } from './checks.ts';
import { nameOfHandler, type ScheduleDefinition } from './define-schedule.ts';
import type { ScheduleTimes } from './schedule.ts';

/** Bytes of an input after the codec, or of a template. */
const inputBytesMax = 64 * 1_024;

/** What of a definition says what the tasks are. */
export type TaskPart = Pick<
  ScheduleDefinition,
  | (
      | 'name'
      | 'handler'
      | 'input'
      | 'inputTemplate'
      | 'priority'
      | 'key'
      | 'keyWeight'
      | 'retry'
      | 'timeout'
    )
  | ('totalTimeout' | 'atMostOnce' | 'labels')
>;

/** A whole schedule. INPUT_INVALID, PAYLOAD_NOT_JSON, PAYLOAD_TOO_LARGE, CODEC_FAILED: of its input. */
export async function buildScheduleSpec(
  coder: PayloadCoder,
  definition: ScheduleDefinition,
): Promise<ScheduleSpec> {
  const { name, description = '', misfire, overlap, failuresMax = 0 } = definition;
  return {
    name,
    description,
    timing: timesToWire(definition),
    task: await taskToWire(coder, definition),
    misfire: misfire === undefined ? null : misfireToWire(misfire),
    overlap: overlap === undefined ? null : overlapToWire(overlap),
    failuresMax,
  };
}

/** When. */
export function timesToWire(times: ScheduleTimes): ScheduleTiming {
  const { cron, quartz, at, clockChanges = 'DEFAULT' } = times;
  const expressions = cron ?? quartz;
  const dialect = cron === undefined ? 'CRON_DIALECT_QUARTZ' : 'CRON_DIALECT_UNIX';
  return {
    cron: expressions === undefined ? [] : [expressions].flat(),
    dialect: expressions === undefined ? 'CRON_DIALECT_UNSPECIFIED' : dialect,
    rateInterval: durationToWire(times.every, 'every') ?? null,
    anchorTime: times.anchorTime ? dateToWire(times.anchorTime) : null,
    endDelay: durationToWire(times.afterEnd, 'afterEnd') ?? null,
    runTimes: at === undefined ? [] : [at].flat().map(dateToWire),
    zone: times.zone ?? '',
    clockChanges:
      clockChanges === 'DEFAULT'
        ? 'CLOCK_CHANGE_RULE_UNSPECIFIED'
        : `CLOCK_CHANGE_RULE_${clockChanges}`,
    startTime: times.startTime ? dateToWire(times.startTime) : null,
    endTime: times.endTime ? dateToWire(times.endTime) : null,
    excludedDates: [...(times.excludeDates ?? [])],
    excludedRanges: (times.excludeRanges ?? []).map(({ from, to }) => ({
      startTime: dateToWire(from),
      endTime: dateToWire(to),
    })),
    firesMax: times.limit ?? 0,
    jitterWindow: durationToWire(times.jitter, 'jitter') ?? null,
  };
}

/** What. The input is checked by the handler's schema, if its definition is at hand, and encoded as it was given. */
export async function taskToWire(coder: PayloadCoder, task: TaskPart): Promise<ScheduledTask> {
  const { handler, inputTemplate, priority, retry, atMostOnce } = task;
  return {
    handler: nameOfHandler(handler),
    input: (await inputToWire(coder, task)) ?? null,
    inputIsTemplate: inputTemplate !== undefined,
    ...(priority === undefined ? {} : { priority }),
    ...keyToWire(task),
    retry: retry === undefined ? null : retryToWire(retry),
    attemptTimeout: durationToWire(task.timeout, 'timeout') ?? null,
    totalTimeout: durationToWire(task.totalTimeout, 'totalTimeout') ?? null,
    ...(atMostOnce === undefined ? {} : { atMostOnce }),
    labels: { ...task.labels },
  };
}

async function inputToWire(coder: PayloadCoder, task: TaskPart): Promise<Payload | undefined> {
  const { name, handler, input, inputTemplate } = task;
  if (inputTemplate !== undefined) {
    return { mediaType: 'application/json', data: Buffer.from(inputTemplate) };
  }
  const what = `Input of schedule ${name}`;
  if (isHandlerDefinition(handler)) await validate(handler.input, input, 'INPUT_INVALID', what);
  const payload = await coder.encode(input, what);
  if (payload !== undefined) checkSize(payload, inputBytesMax, what);
  return payload;
}

/** What becomes of times that could not be kept. */
export function misfireToWire(given: NonNullable<ScheduleDefinition['misfire']>): MisfirePolicy {
  const misfire = misfireOf(given);
  return {
    rule: `MISFIRE_RULE_${misfire.rule ?? 'ONCE'}`,
    lateWindow: durationToWire(misfire.lateAfter, 'misfire.lateAfter') ?? null,
    catchUpWindow: durationToWire(misfire.catchUp, 'misfire.catchUp') ?? null,
    allMax: misfire.max ?? 0,
    startDeadlineTimeout: durationToWire(misfire.startDeadline, 'misfire.startDeadline') ?? null,
  };
}

/** What becomes of a time while tasks of the same schedule are unfinished. */
export function overlapToWire(given: NonNullable<ScheduleDefinition['overlap']>): OverlapPolicy {
  const { rule, running = 0, buffer = 0 } = overlapOf(given);
  return { rule: `OVERLAP_RULE_${rule}`, runningMax: running, bufferMax: buffer };
}
