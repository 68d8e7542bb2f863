// The form of a schedule in a file: its keys are those of `ScheduleOptions`, and each says how its value is written.

import type { ScheduleOptions } from '@muster/sdk';

/** How a value is written; `example` is one that works. */
export type Form = { readonly example: string } & (
  | { readonly kind: 'text' | 'duration' | 'time' | 'flag' | 'whole' | 'number' | 'texts' | 'json' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly of: Form; readonly alone: boolean }
  | MapForm
  | { readonly kind: 'word or map'; readonly words: readonly string[]; readonly map: MapForm }
);

/** A map: which keys it may have, and which it must have. */
export type MapForm = {
  readonly kind: 'map';
  readonly keys: Readonly<Record<string, Form>>;
  readonly needed: readonly string[];
  readonly example: string;
};

type Words<Option> = Extract<Option, string>;
type Keys<Options> = Readonly<Record<keyof Options & string, Form>>;

const text = (example: string): Form => ({ kind: 'text', example });
const duration = (example: string): Form => ({ kind: 'duration', example });
const whole = (example: string): Form => ({ kind: 'whole', example });
const time: Form = { kind: 'time', example: '2031-04-05T06:07:08Z' };
const listOf = (of: Form, alone: boolean, example: string): Form => ({
  ...{ kind: 'list', of, alone, example },
});

const misfireWords: readonly Words<ScheduleOptions['misfire']>[] = ['ONCE', 'ALL', 'SKIP'];
const overlapRules = ['ALLOW', 'SKIP', 'BUFFER', 'CANCEL'] as const;
const overlapWords: readonly Words<ScheduleOptions['overlap']>[] = ['ALLOW', 'SKIP', 'CANCEL'];
const clockWords: readonly Words<ScheduleOptions['clockChanges']>[] = [
  ...(['DEFAULT', 'SKIP', 'SHIFT', 'BOTH'] as const),
];

const misfire: MapForm = {
  kind: 'map',
  keys: {
    rule: { kind: 'word', words: misfireWords, example: 'all' },
    lateAfter: duration('60s'),
    catchUp: duration('6h'),
    max: whole('100'),
    startDeadline: duration('10m'),
  } satisfies Keys<Exclude<ScheduleOptions['misfire'], string | undefined>>,
  needed: [],
  example: '{ rule: all, catchUp: 6h }',
};

const overlap: MapForm = {
  kind: 'map',
  keys: {
    rule: { kind: 'word', words: overlapRules, example: 'buffer' },
    running: whole('1'),
    buffer: whole('5'),
  } satisfies Keys<Exclude<ScheduleOptions['overlap'], string | undefined>>,
  needed: ['rule'],
  example: '{ rule: buffer, buffer: 5 }',
};

const retry: MapForm = {
  kind: 'map',
  keys: {
    maxAttempts: whole('5'),
    initialDelay: duration('2s'),
    multiplier: { kind: 'number', example: '2' },
    maxDelay: duration('10m'),
    jitter: { kind: 'number', example: '0.2' },
    nonRetryableErrors: listOf(text('TypeError'), false, '[TypeError]'),
  } satisfies Keys<NonNullable<ScheduleOptions['retry']>>,
  needed: [],
  example: '{ maxAttempts: 5, initialDelay: 2s }',
};

const range: MapForm = {
  kind: 'map',
  keys: { from: time, to: time },
  needed: ['from', 'to'],
  example: '{ from: 2031-12-24T00:00:00Z, to: 2032-01-02T00:00:00Z }',
};

/** One schedule, its keys in the order in which they are written. */
export const scheduleForm: MapForm = {
  kind: 'map',
  keys: {
    name: text('nightly-report'),
    description: text('Builds the report of the day'),
    handler: text('report.build'),
    cron: listOf(text('"0 3 * * *"'), true, '"0 3 * * *"'),
    quartz: listOf(text('"0 0 3 ? * MON-FRI"'), true, '"0 0 3 ? * MON-FRI"'),
    every: duration('15m'),
    anchorTime: time,
    afterEnd: duration('15m'),
    at: listOf(time, true, '2031-04-05T06:07:08Z'),
    zone: text('Europe/Berlin'),
    clockChanges: { kind: 'word', words: clockWords, example: 'skip' },
    startTime: time,
    endTime: time,
    excludeDates: listOf(text('2031-12-25'), false, '[2031-12-25]'),
    excludeRanges: listOf(range, false, `[${range.example}]`),
    limit: whole('10'),
    jitter: duration('30s'),
    input: { kind: 'json', example: '{ kind: full }' },
    inputTemplate: text(`'{"day": {{local_date}}}'`),
    misfire: { kind: 'word or map', words: misfireWords, map: misfire, example: 'once' },
    overlap: { kind: 'word or map', words: overlapWords, map: overlap, example: 'skip' },
    failuresMax: whole('5'),
    priority: whole('10'),
    key: text('acme'),
    keyWeight: { kind: 'number', example: '2' },
    retry,
    timeout: duration('10m'),
    totalTimeout: duration('1h'),
    atMostOnce: { kind: 'flag', example: 'true' },
    labels: { kind: 'texts', example: '{ team: ops }' },
  } satisfies Keys<ScheduleOptions>,
  needed: ['name', 'handler'],
  example: '{ name: nightly-report, handler: report.build, cron: "0 3 * * *" }',
};

/** What a value of this form must be, for people. */
export function formText(form: Form): string {
  switch (form.kind) {
    case 'text':
      return 'text';
    case 'duration':
      return 'a number and a unit, ms, s, m, h or d';
    case 'time':
      return 'a date, a time and an offset from UTC (RFC 3339)';
    case 'flag':
      return 'true or false';
    case 'whole':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'texts':
      return 'a map of texts';
    case 'json':
      return 'a JSON value';
    case 'word':
      return wordsText(form.words);
    case 'list':
      return form.alone ? `${formText(form.of)}, or a list of such` : 'a list';
    case 'map':
      return 'a map';
    case 'word or map':
      return `${wordsText(form.words)}, or a map such as ${form.map.example}`;
  }
}

/** A working line for an option such as `retry.maxAttempts` or `cron[1]`. Undefined: there is no such option. */
export function exampleOf(option: string): string | undefined {
  let form: Form | undefined = scheduleForm;
  let key = '';
  for (const step of option.replace(/\[\d+\]/g, '').split('.')) {
    const map: Form | undefined = form?.kind === 'word or map' ? form.map : form;
    const keys: Readonly<Record<string, Form>> = map?.kind === 'map' ? map.keys : {};
    form = Object.hasOwn(keys, step) ? keys[step] : undefined;
    key = step;
  }
  return form === undefined ? undefined : `${key}: ${form.example}`;
}

function wordsText(words: readonly string[]): string {
  const lower = words.map((word) => word.toLowerCase());
  return `${lower.slice(0, -1).join(', ')} or ${lower.at(-1)}`;
}
