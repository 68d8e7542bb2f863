// Received schedules and fire records as the SDK's own nouns.

import type {
  Fire__Output,
  MisfirePolicy__Output,
  OverlapPolicy__Output,
  Payload__Output,
  RetryPolicy__Output,
  Schedule__Output,
  ScheduledTask__Output,
  ScheduleTiming__Output,
  Timestamp__Output,
} from '@muster/proto';
import type { Unserved } from '../client.ts';
import { type Duration, msToDuration, wireToMs } from '../duration.ts';
import { MusterError } from '../errors.ts';
import type { RetryOptions } from '../handler.ts';
import type { PayloadCoder } from '../payload/payload.ts';
import { readState } from '../wire/task.ts';
import { wireToDate } from '../wire/timestamp.ts';
import type {
  ClockChanges,
  Fire,
  FireDecision,
  MisfireOptions,
  MisfireRule,
  OverlapOptions,
  OverlapRule,
  Schedule,
  ScheduledTask,
  ScheduleState,
  ScheduleTimes,
} from './schedule.ts';

/** A received schedule. Never throws for an input that cannot be read: others may have stored it. */
export async function readSchedule(
  schedule: Schedule__Output,
  coder: PayloadCoder,
): Promise<Schedule> {
  const { spec } = schedule;
  if (spec === null) throw new MusterError('CALL_FAILED', 'The coordinator sent no spec.');
  return {
    id: schedule.id,
    name: spec.name,
    description: spec.description,
    handler: spec.task?.handler ?? '',
    state: schedule.state.replace('SCHEDULE_STATE_', '') as ScheduleState,
    pauseNote: schedule.pauseNote,
    pausedByFailures: schedule.pausedByFailures,
    nextTime: wireToDate(schedule.nextTime),
    fires: schedule.fires,
    failures: schedule.failures,
    times: readTimes(spec.timing),
    task: await readScheduledTask(spec.task, coder),
    misfire: readMisfire(spec.misfire),
    overlap: readOverlap(spec.overlap),
    failuresMax: spec.failuresMax || undefined,
    createTime: wireToDate(schedule.createTime),
    updateTime: wireToDate(schedule.updateTime),
  };
}

/** A received timing; what is not set is left out, so that it can be given back as options. */
export function readTimes(timing: ScheduleTiming__Output | null): ScheduleTimes {
  if (timing === null) return {};
  const { cron, dialect, runTimes, excludedDates, excludedRanges } = timing;
  const clockChanges = timing.clockChanges.replace('CLOCK_CHANGE_RULE_', '');
  return {
    ...(cron.length === 0 ? {} : { [dialect === 'CRON_DIALECT_QUARTZ' ? 'quartz' : 'cron']: cron }),
    ...spanOf('every', timing.rateInterval),
    ...momentOf('anchorTime', timing.anchorTime),
    ...spanOf('afterEnd', timing.endDelay),
    ...(runTimes.length === 0 ? {} : { at: runTimes.map(dateOf) }),
    zone: timing.zone || 'UTC',
    ...(clockChanges === 'UNSPECIFIED' ? {} : { clockChanges: clockChanges as ClockChanges }),
    ...momentOf('startTime', timing.startTime),
    ...momentOf('endTime', timing.endTime),
    ...(excludedDates.length === 0 ? {} : { excludeDates: excludedDates }),
    ...(excludedRanges.length === 0
      ? {}
      : {
          excludeRanges: excludedRanges.map(({ startTime, endTime }) => ({
            from: dateOf(startTime),
            to: dateOf(endTime),
          })),
        }),
    ...(timing.firesMax === 0 ? {} : { limit: timing.firesMax }),
    ...spanOf('jitter', timing.jitterWindow),
  };
}

async function readScheduledTask(
  task: ScheduledTask__Output | null,
  coder: PayloadCoder,
): Promise<ScheduledTask> {
  const isTemplate = task?.inputIsTemplate ?? false;
  return {
    input: isTemplate ? undefined : await readInput(task?.input ?? null, coder),
    inputTemplate: isTemplate ? Buffer.from(task?.input?.data ?? '').toString() : undefined,
    priority: task?.priority ?? 0,
    key: task?.key || undefined,
    keyWeight: task?.keyWeight,
    retry: task?.retry ? readRetry(task.retry) : undefined,
    timeout: durationOf(task?.attemptTimeout),
    totalTimeout: durationOf(task?.totalTimeout),
    atMostOnce: task?.atMostOnce,
    labels: { ...task?.labels },
  };
}

/** One schedule with an input of another make must not make a list of all unreadable. */
async function readInput(input: Payload__Output | null, coder: PayloadCoder): Promise<unknown> {
  try {
    return await coder.decode(input, 'Input');
  } catch {
    return input === null ? undefined : { mediaType: input.mediaType, data: input.data };
  }
}

function readRetry(retry: RetryPolicy__Output): RetryOptions {
  const { maxAttempts, multiplier, jitter, nonRetryableErrors } = retry;
  return {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...spanOf('initialDelay', retry.initialDelay),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...spanOf('maxDelay', retry.maxDelay),
    ...(jitter === undefined ? {} : { jitter }),
    ...(nonRetryableErrors.length === 0 ? {} : { nonRetryableErrors }),
  };
}

function readMisfire(misfire: MisfirePolicy__Output | null): MisfireOptions {
  const rule = misfire?.rule.replace('MISFIRE_RULE_', '') ?? 'UNSPECIFIED';
  return {
    rule: rule === 'UNSPECIFIED' ? 'ONCE' : (rule as MisfireRule),
    ...spanOf('lateAfter', misfire?.lateWindow),
    ...spanOf('catchUp', misfire?.catchUpWindow),
    ...(misfire?.allMax ? { max: misfire.allMax } : {}),
    ...spanOf('startDeadline', misfire?.startDeadlineTimeout),
  };
}

function readOverlap(overlap: OverlapPolicy__Output | null): OverlapOptions {
  const rule = overlap?.rule.replace('OVERLAP_RULE_', '') ?? 'UNSPECIFIED';
  return {
    rule: rule === 'UNSPECIFIED' ? 'ALLOW' : (rule as OverlapRule),
    ...(overlap?.runningMax ? { running: overlap.runningMax } : {}),
    ...(overlap?.bufferMax ? { buffer: overlap.bufferMax } : {}),
  };
}

/** A received fire record. */
export function readFire(fire: Fire__Output): Fire {
  const { taskState } = fire;
  return {
    nominalTime: dateOf(fire.nominalTime),
    decision: fire.decision.replace('FIRE_DECISION_', '') as FireDecision,
    decideTime: wireToDate(fire.decideTime),
    latenessMs: wireToMs(fire.latenessDelay) ?? 0,
    taskId: fire.taskId || undefined,
    taskState: taskState === 'TASK_STATE_UNSPECIFIED' ? undefined : readState(taskState),
    lastNominalTime: wireToDate(fire.lastNominalTime),
    skipped: fire.skipped,
  };
}

/** What a coordinator says of handlers that nobody serves. */
export function readUnserved(
  unserved: { readonly nearestHandler: string; readonly known: boolean } | null | undefined,
): Unserved | undefined {
  if (!unserved) return undefined;
  return { nearestHandler: unserved.nearestHandler || undefined, known: unserved.known };
}

/** A moment of which the contract says that it is there. */
export function dateOf(time: Timestamp__Output | null): Date {
  return wireToDate(time) ?? new Date(0);
}

type WireDuration = Parameters<typeof wireToMs>[0];

function durationOf(duration: WireDuration): Duration | undefined {
  const ms = wireToMs(duration);
  return ms === undefined ? undefined : msToDuration(ms);
}

function spanOf<Key extends string>(key: Key, duration: WireDuration): { [K in Key]?: Duration } {
  const span = durationOf(duration);
  // A computed key is a string to the compiler.
  return (span === undefined ? {} : { [key]: span }) as { [K in Key]?: Duration };
}

function momentOf<Key extends string>(
  key: Key,
  time: Timestamp__Output | null,
): { [K in Key]?: Date } {
  const date = wireToDate(time);
  // A computed key is a string to the compiler.
  return (date === undefined ? {} : { [key]: date }) as { [K in Key]?: Date };
}
