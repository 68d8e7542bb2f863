// Options that say what a schedule is. `create` makes a schedule of them, `preview` looks at its
// times, and `update` puts them over what is stored.

import type {
  MisfireOptions,
  OverlapOptions,
  Schedule,
  ScheduleChanges,
  ScheduleOptions,
  ScheduleTimes,
} from '@muster/sdk';
import type { Options, Values } from '../../command-line/command.ts';
import { parseInput } from '../../command-line/input.ts';
import {
  durationOf,
  given,
  labelsOf,
  momentOf,
  numberOf,
  wordOf,
} from '../../command-line/option-values.ts';
import { UsageError } from '../../exit-codes.ts';

/** When. */
export const timeOptions = {
  cron: {
    type: 'string',
    multiple: true,
    value: 'EXPRESSION',
    doc: "As in crontab(5), such as '0 3 * * *', also with seconds in front, or @daily.",
  },
  quartz: {
    type: 'string',
    multiple: true,
    value: 'EXPRESSION',
    doc: "As in Quartz, such as '0 0 3 ? * MON-FRI': seconds first, Sunday is 1.",
  },
  every: { type: 'string', value: 'DURATION', doc: 'A time each so many, such as 5m.' },
  'after-end': {
    type: 'string',
    value: 'DURATION',
    doc: 'So long after the end of the task before; alone.',
  },
  at: {
    type: 'string',
    multiple: true,
    value: 'TIME',
    doc: 'A single moment, such as 2031-04-05T06:07:08Z.',
  },
  zone: {
    type: 'string',
    short: 'z',
    value: 'ZONE',
    doc: 'Zone of expressions and dates, such as Europe/Berlin. Default UTC.',
  },
  'start-time': { type: 'string', value: 'TIME', doc: 'The first moment that counts.' },
  'end-time': { type: 'string', value: 'TIME', doc: 'The first moment that counts no more.' },
  'exclude-date': {
    type: 'string',
    multiple: true,
    value: 'DATE',
    doc: 'A day of the zone that is left out, such as 2031-12-25.',
  },
  jitter: {
    type: 'string',
    value: 'DURATION',
    doc: 'Delay each time by chance, by less than this; at most 1h.',
  },
} as const satisfies Options;

/** What. */
export const taskOptions = {
  handler: { type: 'string', value: 'NAME', doc: 'Handler of its tasks.' },
  input: { type: 'string', short: 'i', value: 'JSON', doc: 'Input of its tasks.' },
  'input-template': {
    type: 'string',
    value: 'TEXT',
    doc: 'JSON with {{local_date}}, {{nominal_time}}, {{key}} and the like, without quotes around them.',
  },
  priority: { type: 'string', value: 'N', doc: 'Larger is sooner: -100 to 100. Default 0.' },
  'max-attempts': {
    type: 'string',
    value: 'N',
    doc: 'Attempts in all. Default: of the handler, else 3.',
  },
  timeout: { type: 'string', value: 'DURATION', doc: 'Longest run of one attempt.' },
  label: {
    type: 'string',
    short: 'l',
    multiple: true,
    value: 'KEY=VALUE',
    doc: 'Label of its tasks.',
  },
} as const satisfies Options;

/** How. */
export const policyOptions = {
  description: { type: 'string', value: 'TEXT', doc: 'For people.' },
  misfire: {
    type: 'string',
    value: 'RULE',
    doc: 'Of times that are late because no coordinator ran: once (the newest fires), all, skip. Default once.',
  },
  'catch-up': {
    type: 'string',
    value: 'DURATION',
    doc: 'Late times fire only if they are not older. Default: however old.',
  },
  overlap: {
    type: 'string',
    value: 'RULE',
    doc: 'While a task of it is unfinished: allow, skip, buffer (wait in line), cancel (the task). Default allow.',
  },
  running: {
    type: 'string',
    value: 'N',
    doc: 'With allow and buffer: unfinished tasks that are allowed at once.',
  },
  buffer: { type: 'string', value: 'N', doc: 'With buffer: how many times may wait.' },
  'failures-max': {
    type: 'string',
    value: 'N',
    doc: 'Pause it after so many failed tasks in a row. 0: never.',
  },
} as const satisfies Options;

const misfireRules = ['ONCE', 'ALL', 'SKIP'] as const;
const overlapRules = ['ALLOW', 'SKIP', 'BUFFER', 'CANCEL'] as const;

type TimeValues = Values<typeof timeOptions>;
type TaskValues = Values<typeof taskOptions>;
type PolicyValues = Values<typeof policyOptions>;

/** All that `create` and `update` may be given. */
export type ScheduleValues = TimeValues & TaskValues & PolicyValues;

/** The times that were given. */
export function timesOf(values: TimeValues): ScheduleTimes {
  const { cron, quartz, every, at, zone, jitter } = values;
  const afterEnd = values['after-end'];
  const [startTime, endTime] = [values['start-time'], values['end-time']];
  return given({
    ...{ cron, quartz, zone, excludeDates: values['exclude-date'] },
    every: every === undefined ? undefined : durationOf('every', every),
    afterEnd: afterEnd === undefined ? undefined : durationOf('after-end', afterEnd),
    at: at?.map((text) => momentOf('at', text)),
    startTime: startTime === undefined ? undefined : momentOf('start-time', startTime),
    endTime: endTime === undefined ? undefined : momentOf('end-time', endTime),
    jitter: jitter === undefined ? undefined : durationOf('jitter', jitter),
  });
}

type TaskChanges = Pick<
  ScheduleOptions,
  'input' | 'inputTemplate' | 'priority' | 'retry' | 'timeout' | 'labels'
>;

/** What was given of the task, besides its handler. */
function taskOf(values: TaskValues, command: string): TaskChanges {
  const { input, priority, timeout, label } = values;
  const attempts = values['max-attempts'];
  return given({
    input: input === undefined ? undefined : parseInput(input, '--input', command),
    inputTemplate: values['input-template'],
    priority: priority === undefined ? undefined : numberOf('priority', priority),
    retry: attempts === undefined ? undefined : { maxAttempts: numberOf('max-attempts', attempts) },
    timeout: timeout === undefined ? undefined : durationOf('timeout', timeout),
    labels: label === undefined ? undefined : labelsOf(label),
  });
}

function misfireOf({ misfire, ...values }: PolicyValues): MisfireOptions {
  const catchUp = values['catch-up'];
  return given({
    rule: misfire === undefined ? undefined : wordOf('misfire', misfire, misfireRules),
    catchUp: catchUp === undefined ? undefined : durationOf('catch-up', catchUp),
  });
}

function overlapOf({ overlap, running, buffer }: PolicyValues): Partial<OverlapOptions> {
  return given({
    rule: overlap === undefined ? undefined : wordOf('overlap', overlap, overlapRules),
    running: running === undefined ? undefined : numberOf('running', running),
    buffer: buffer === undefined ? undefined : numberOf('buffer', buffer),
  });
}

/** A schedule as `create` was asked for it. */
export function scheduleOf(name: string, values: ScheduleValues): ScheduleOptions {
  const command = 'schedule create';
  const { handler, description } = values;
  if (handler === undefined) throw new UsageError('Give the --handler of its tasks.', command);
  const failures = values['failures-max'];
  const overlap = overlapOf(values);
  return {
    ...{ name, handler },
    ...given({ description }),
    ...timesOf(values),
    ...taskOf(values, command),
    ...whereGiven('misfire', misfireOf(values)),
    ...whereGiven('overlap', { ...overlap, rule: overlap.rule ?? 'ALLOW' }, overlap),
    ...(failures === undefined ? {} : { failuresMax: numberOf('failures-max', failures) }),
  };
}

/** `{ [key]: value }` if anything was given. */
function whereGiven<Key extends string, Value extends object>(
  key: Key,
  value: Value,
  said: object = value,
): { [K in Key]?: Value } {
  // A computed key is a string to the compiler.
  return (Object.keys(said).length === 0 ? {} : { [key]: value }) as { [K in Key]?: Value };
}

/**
 * The changes that `update` was asked for: what was given, over what is stored. The contract changes whole groups, people
 * change what they name.
 */
export function changesOf(values: ScheduleValues, stored: Schedule): ScheduleChanges {
  const { description } = values;
  const failures = values['failures-max'];
  const misfire = misfireOf(values);
  const overlap = overlapOf(values);
  const isCapped = misfire.rule === undefined || misfire.rule === 'ALL';
  const { max, ...uncapped } = stored.misfire;
  const changes: ScheduleChanges = {
    ...given({ description }),
    ...changedTimes(timesOf(values), stored.times),
    ...changedTask(values, stored),
    ...whereGiven('misfire', { ...(isCapped ? stored.misfire : uncapped), ...misfire }, misfire),
    ...whereGiven(
      'overlap',
      { ...(overlap.rule === undefined ? stored.overlap : { rule: overlap.rule }), ...overlap },
      overlap,
    ),
    ...(failures === undefined ? {} : { failuresMax: numberOf('failures-max', failures) }),
  };
  if (Object.keys(changes).length > 0) return changes;
  throw new UsageError('Say what to change, such as --cron or --zone.', 'schedule update');
}

/** A new way of saying when replaces the old ones; zone, bounds and what is left out stay. */
function changedTimes(times: ScheduleTimes, stored: ScheduleTimes): ScheduleTimes {
  if (Object.keys(times).length === 0) return {};
  const ways = ['cron', 'quartz', 'every', 'afterEnd', 'at'] as const;
  if (!ways.some((way) => times[way] !== undefined)) return { ...stored, ...times };
  const { cron, quartz, every, afterEnd, at, anchorTime, ...others } = stored;
  return { ...others, ...times };
}

function changedTask(values: TaskValues, stored: Schedule): ScheduleChanges {
  const task = taskOf(values, 'schedule update');
  const { handler } = values;
  if (handler === undefined && Object.keys(task).length === 0) return {};
  const hasInput = task.input !== undefined || task.inputTemplate !== undefined;
  const { input, inputTemplate, priority, retry, timeout, totalTimeout, atMostOnce, labels } =
    stored.task;
  const { key, keyWeight } = stored.task;
  if (!hasInput && isUnread(input))
    throw new UsageError(
      `The input of ${stored.name} (${input.mediaType}) cannot be read here, and the whole task is stored anew: give --input too.`,
      'schedule update',
    );
  return {
    handler: handler ?? stored.handler,
    ...given({ retry, timeout, totalTimeout, atMostOnce, key, keyWeight }),
    ...{ priority, labels },
    ...(hasInput ? {} : given({ input, inputTemplate })),
    ...task,
    ...(task.retry === undefined ? {} : { retry: { ...retry, ...task.retry } }),
  };
}

/** True for a payload that the SDK handed on as it was. */
function isUnread(input: unknown): input is { readonly mediaType: string } {
  const isObject = typeof input === 'object' && input !== null;
  return isObject && 'mediaType' in input && 'data' in input && input.data instanceof Uint8Array;
}
