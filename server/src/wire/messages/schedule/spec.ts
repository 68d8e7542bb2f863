/**
 * Schedules as their owners write them: checked, and as readers see them.
 */
import type {
  MisfirePolicy__Output,
  OverlapPolicy__Output,
  ScheduledTask__Output,
  ScheduleSpec__Output,
  ScheduleSpec as SpecMessage,
} from '@muster/proto';
import { scheduleLimits, taskLimits } from '../../../rules/limits.ts';
import { scheduleNameFault } from '../../../rules/names.ts';
import { placeholders, unknownPlaceholders } from '../../../rules/schedule/fired-task.ts';
import type {
  MisfirePolicy,
  OverlapPolicy,
  Schedule,
  ScheduleSpec,
  TaskTemplate,
} from '../../../rules/schedule/schedule.ts';
import type { Payload, TaskOptions } from '../../../rules/task.ts';
import {
  type Checks,
  checkDuration,
  checkHandlerName,
  checkLabels,
  checkNumber,
  checkText,
  quote,
} from '../../validation.ts';
import { checkKey } from '../limits.ts';
import { checkRetryPolicy, retryPolicyMessage } from '../retry-policy.ts';
import { checkPayload, durationOf, payloadMessage } from '../values.ts';
import { checkTiming, timingMessage } from './timing.ts';

/** A checked schedule; its handler is still a name. */
export type CheckedSchedule = {
  readonly name: string;
  readonly handler: string;
  readonly input: Payload | null;
  readonly spec: ScheduleSpec;
};

/** Name of a schedule. */
export function checkScheduleName(checks: Checks, field: string, value: string): string {
  const fault = scheduleNameFault(value);
  if (fault !== null) checks.fail(field, `${quote(value)} is no name of a schedule: it ${fault}`);
  return value;
}

/** The parts of a spec that are changed one by one, as masks name them. */
export const scheduleParts = [
  'description',
  'timing',
  'task',
  'misfire',
  'overlap',
  'failures_max',
] as const;

/** A part of a spec. */
export type SchedulePart = (typeof scheduleParts)[number];

/** What a part of a message says. */
type Said = Partial<Omit<CheckedSchedule, 'name' | 'spec'>> & {
  readonly spec: Partial<ScheduleSpec>;
};

const readers: Readonly<
  Record<
    SchedulePart,
    (checks: Checks, message: ScheduleSpec__Output, intervalMinMs: number) => Said
  >
> = {
  description: (checks, { description }) => ({
    spec: {
      description: checkText(
        ...([checks, 'description', description, scheduleLimits.descriptionMaxBytes] as const),
      ),
    },
  }),
  timing: (checks, { timing }, intervalMinMs) => ({
    spec: { timing: checkTiming(checks, timing, intervalMinMs) },
  }),
  task: (checks, message) => {
    const { handler, input, template } = checkTask(checks, message.task);
    return { handler, input, spec: { task: template } };
  },
  misfire: (checks, { misfire }) => ({
    spec: { misfire: checkMisfire(checks.within('misfire'), misfire) },
  }),
  overlap: (checks, { overlap }) => ({
    spec: { overlap: checkOverlap(checks.within('overlap'), overlap) },
  }),
  failures_max: (checks, { failuresMax }) => ({
    spec: { failuresMax: countOf(checks, 'failures_max', failuresMax, scheduleLimits.failuresMax) },
  }),
};

/** Checks a whole schedule. What it answers is of use only if no violation was noted. */
export function checkSchedule(
  checks: Checks,
  message: ScheduleSpec__Output,
  intervalMinMs: number,
): CheckedSchedule {
  const name = checkScheduleName(checks, 'name', message.name);
  const said = checkScheduleParts(checks, message, scheduleParts, intervalMinMs);
  // All parts were asked for.
  return { name, ...said } as CheckedSchedule;
}

/** Checks these parts of a schedule, and nothing of the others. */
export function checkScheduleParts(
  checks: Checks,
  message: ScheduleSpec__Output,
  parts: readonly SchedulePart[],
  intervalMinMs: number,
): Said {
  let said: Said = { spec: {} };
  for (const part of parts) {
    const read = readers[part](checks, message, intervalMinMs);
    said = { ...said, ...read, spec: { ...said.spec, ...read.spec } };
  }
  return said;
}

/** 1 to `most`; null for 0. */
function countOf(checks: Checks, field: string, value: number, most: number): number | null {
  return checkNumber(checks, field, value, { least: 1, most, fallback: 0, zero: 'unset' }) || null;
}

const noTask: TaskTemplate = {
  ...{ inputIsTemplate: false, priority: 0, options: null, totalTimeoutMs: null, labels: null },
};

function checkTask(
  checks: Checks,
  message: ScheduledTask__Output | null,
): { readonly handler: string; readonly input: Payload | null; readonly template: TaskTemplate } {
  if (message === null) {
    checks.fail('task', 'is not set; it needs a handler, for example "report.build"');
    return { handler: '', input: null, template: noTask };
  }
  const inner = checks.within('task');
  const { priorityMin: least, priorityMax: most } = taskLimits;
  return {
    handler: checkHandlerName(inner, 'handler', message.handler),
    input: checkInput(inner, message),
    template: {
      inputIsTemplate: message.inputIsTemplate,
      priority: checkNumber(inner, 'priority', message.priority, { least, most, fallback: 0 }),
      options: checkOptions(inner, message),
      totalTimeoutMs: checkDuration(
        ...([inner, 'total_timeout', message.totalTimeout] as const),
        ...([taskLimits.totalTimeoutMinMs, taskLimits.totalTimeoutMaxMs] as const),
      ),
      labels:
        Object.keys(message.labels).length === 0
          ? null
          : checkLabels(inner, 'labels', message.labels),
      ...keyOf(inner, message),
    },
  };
}

/** Nothing without a key, so that what was stored before there were keys is no other schedule. */
function keyOf(checks: Checks, message: ScheduledTask__Output): Pick<TaskTemplate, 'key'> {
  const key = checkKey(checks, message);
  return key === null ? {} : { key };
}

function checkInput(checks: Checks, { input, inputIsTemplate }: ScheduledTask__Output) {
  const payload = checkPayload(checks, 'input', input, scheduleLimits.inputMaxBytes);
  if (!inputIsTemplate) return payload;
  if (payload === null) checks.fail('input_is_template', 'is set, but there is no input');
  const text = payload?.data.toString('utf8') ?? '';
  const [unknown] = unknownPlaceholders(text);
  if (unknown !== undefined)
    checks.fail(
      'input.data',
      `has the placeholder ${quote(`{{${unknown}}}`)}; known are ${placeholders.map((name) => `{{${name}}}`).join(', ')}`,
    );
  for (const [mark, most] of Object.entries(scheduleLimits.placeholdersMax)) {
    const count = text.split(mark).length - 1;
    if (count > most)
      checks.fail('input.data', `has ${mark} ${count} times; at most ${most} are allowed`);
  }
  return payload;
}

function checkOptions(checks: Checks, message: ScheduledTask__Output): TaskOptions | null {
  const retry = checkRetryPolicy(checks, 'retry', message.retry);
  const attemptTimeoutMs = checkDuration(
    ...([checks, 'attempt_timeout', message.attemptTimeout] as const),
    ...([taskLimits.attemptTimeoutMinMs, taskLimits.attemptTimeoutMaxMs] as const),
  );
  const atMostOnce = message.atMostOnce ?? null;
  if (retry === null && attemptTimeoutMs === null && atMostOnce === null) return null;
  return { retry, attemptTimeoutMs, atMostOnce };
}

const misfireRules = {
  MISFIRE_RULE_UNSPECIFIED: 'ONCE',
  MISFIRE_RULE_ONCE: 'ONCE',
  MISFIRE_RULE_ALL: 'ALL',
  MISFIRE_RULE_SKIP: 'SKIP',
} as const;

function checkMisfire(checks: Checks, message: MisfirePolicy__Output | null): MisfirePolicy {
  const limits = scheduleLimits;
  const span = (
    field: string,
    value: MisfirePolicy__Output['lateWindow'],
    least: number,
    most: number,
  ) => checkDuration(checks, field, value, least, most);
  const rule = misfireRules[message?.rule ?? 'MISFIRE_RULE_UNSPECIFIED'];
  const allMax = countOf(checks, 'all_max', message?.allMax ?? 0, limits.catchUpCountMax);
  if (allMax !== null && rule !== 'ALL')
    checks.fail('all_max', `is ${allMax}, but only MISFIRE_RULE_ALL has a use for it`);
  const { lateWindow = null, catchUpWindow = null, startDeadlineTimeout = null } = message ?? {};
  const { startDeadlineMinMs, startDeadlineMaxMs } = limits;
  return {
    rule,
    lateMs:
      span('late_window', lateWindow, limits.lateMinMs, limits.lateMaxMs) ?? limits.lateDefaultMs,
    catchUpMs: span('catch_up_window', catchUpWindow, limits.catchUpMinMs, limits.catchUpMaxMs),
    allMax: allMax ?? limits.catchUpCountDefault,
    startDeadlineMs: span(
      ...([
        'start_deadline_timeout',
        startDeadlineTimeout,
        startDeadlineMinMs,
        startDeadlineMaxMs,
      ] as const),
    ),
  };
}

const overlapRules = {
  OVERLAP_RULE_UNSPECIFIED: 'ALLOW',
  OVERLAP_RULE_ALLOW: 'ALLOW',
  OVERLAP_RULE_SKIP: 'SKIP',
  OVERLAP_RULE_BUFFER: 'BUFFER',
  OVERLAP_RULE_CANCEL: 'CANCEL',
} as const;

function checkOverlap(checks: Checks, message: OverlapPolicy__Output | null): OverlapPolicy {
  const rule = overlapRules[message?.rule ?? 'OVERLAP_RULE_UNSPECIFIED'];
  const running = countOf(
    checks,
    'running_max',
    message?.runningMax ?? 0,
    scheduleLimits.runningMax,
  );
  const buffer = countOf(checks, 'buffer_max', message?.bufferMax ?? 0, scheduleLimits.bufferMax);
  if (rule === 'BUFFER' && buffer === null)
    checks.fail('buffer_max', 'is not set: a line without a bound is refused; for example 1');
  if (rule !== 'BUFFER' && buffer !== null)
    checks.fail('buffer_max', `is ${buffer}, but only OVERLAP_RULE_BUFFER has a line`);
  const isSingle = rule === 'SKIP' || rule === 'CANCEL';
  if (isSingle && running !== null && running !== 1)
    checks.fail(
      'running_max',
      `is ${running}, but OVERLAP_RULE_${rule} has no other number than 1; for ${running} at once use OVERLAP_RULE_ALLOW`,
    );
  return {
    rule,
    runningMax: rule === 'ALLOW' ? running : (running ?? 1),
    bufferMax: rule === 'BUFFER' ? (buffer ?? 1) : 0,
  };
}

/** A schedule as its owner wrote it, with what was left out filled in. */
export function specMessage({
  name,
  handler,
  input,
  spec,
}: Pick<Schedule, 'name' | 'handler' | 'input' | 'spec'>): SpecMessage {
  const { task, misfire, overlap } = spec;
  return {
    name,
    description: spec.description,
    timing: timingMessage(spec.timing),
    task: {
      handler,
      input: payloadMessage(input),
      inputIsTemplate: task.inputIsTemplate,
      priority: task.priority,
      retry: retryPolicyMessage(task.options?.retry ?? null),
      attemptTimeout: durationOf(task.options?.attemptTimeoutMs ?? null),
      totalTimeout: durationOf(task.totalTimeoutMs),
      labels: { ...task.labels },
      ...(task.key === undefined ? {} : { key: task.key.name, keyWeight: task.key.weight }),
      ...(task.options === null || task.options.atMostOnce === null
        ? {}
        : { atMostOnce: task.options.atMostOnce }),
    },
    misfire: {
      rule: `MISFIRE_RULE_${misfire.rule}`,
      lateWindow: durationOf(misfire.lateMs),
      catchUpWindow: durationOf(misfire.catchUpMs),
      allMax: misfire.rule === 'ALL' ? misfire.allMax : 0,
      startDeadlineTimeout: durationOf(misfire.startDeadlineMs),
    },
    overlap: {
      rule: `OVERLAP_RULE_${overlap.rule}`,
      runningMax: overlap.runningMax ?? 0,
      bufferMax: overlap.bufferMax,
    },
    failuresMax: spec.failuresMax ?? 0,
  };
}
