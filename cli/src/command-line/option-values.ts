// Reads the values of options: numbers, times, labels, states, filters. What is malformed is a
// `UsageError` that names the option, the value and the form that it should have.

import type { Duration, TaskFilter, TaskSelection, TaskState } from '@muster/sdk';
import { durationToMs, nearestName } from '@muster/sdk/internal';
import { UsageError } from '../exit-codes.ts';
import type { Options, Values } from './command.ts';

/** All states of a task. */
export const taskStates = [
  'DELAYED',
  'WAITING',
  'READY',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const satisfies readonly TaskState[];

/** A number of an option; whole unless `fraction`. */
export function numberOf(option: string, text: string, fraction = false): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && (fraction || Number.isInteger(number)))
    return number;
  throw new UsageError(
    `--${option} is "${text}", but must be a ${fraction ? '' : 'whole '}number.`,
  );
}

/** A duration such as `30s`, checked. */
export function durationOf(option: string, text: string): Duration {
  durationToMs(text as Duration, `--${option}`);
  return text as Duration;
}

/** A moment: an ISO date and time, or how long ago, such as `1h`. */
export function timeOf(option: string, text: string, now: Date = new Date()): Date {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text))
    return new Date(now.getTime() - durationToMs(text as Duration, `--${option}`));
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new UsageError(
    `--${option} is "${text}", but must be a time such as 2031-04-05T06:07:08Z, or how long ago, such as 1h.`,
  );
}

/** A moment to come or past, with its zone, such as 2031-04-05T06:07:08+02:00: not left to the zone of this machine. */
export function momentOf(option: string, text: string): Date {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isWhole ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new UsageError(
    `--${option} is "${text}", but must be a time with Z or an offset, such as 2031-04-05T06:07:08+02:00.`,
  );
}

/** What is there of some values: undefined ones are left out. */
export function given<Record extends object>(
  values: Record,
): { [Key in keyof Record]?: Exclude<Record[Key], undefined> } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined);
  // The very entries, but for those that are undefined.
  return Object.fromEntries(there) as { [Key in keyof Record]?: Exclude<Record[Key], undefined> };
}

/** Labels from `key=value` texts. */
export function labelsOf(texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UsageError(`--label is "${text}", but must be KEY=VALUE.`);
    }),
  );
}

/** One of some words, in any case. */
export function wordOf<Word extends string>(
  option: string,
  text: string,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestName(text, words);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new UsageError(`--${option} is "${text}", but must be one of ${words.join(', ')}.${hint}`);
}

/** Options that choose tasks. */
export const filterOptions = {
  handler: { type: 'string', value: 'NAME', doc: 'Tasks of this handler.' },
  state: {
    type: 'string',
    multiple: true,
    value: 'STATE',
    doc: `Tasks in this state: ${taskStates.join(', ').toLowerCase()}.`,
  },
  label: {
    type: 'string',
    short: 'l',
    multiple: true,
    value: 'KEY=VALUE',
    doc: 'Tasks with this label.',
  },
  since: {
    type: 'string',
    value: 'TIME',
    doc: 'Tasks submitted at or after this time; also how long ago, such as 1h.',
  },
  until: { type: 'string', value: 'TIME', doc: 'Tasks submitted before this time.' },
} as const satisfies Options;

/** The filter that was given; empty if none was. */
export function filterOf(values: Values<typeof filterOptions>): TaskFilter {
  return {
    ...(values.handler === undefined ? {} : { handler: values.handler }),
    ...(values.state === undefined
      ? {}
      : { states: values.state.map((text) => wordOf('state', text, taskStates)) }),
    ...(values.label === undefined ? {} : { labels: labelsOf(values.label) }),
    ...(values.since === undefined ? {} : { since: timeOf('since', values.since) }),
    ...(values.until === undefined ? {} : { until: timeOf('until', values.until) }),
  };
}

/** The tasks that a change is about: by ids, or else by a filter. */
export function selectionOf(
  command: string,
  ids: readonly string[],
  values: Values<typeof filterOptions>,
): TaskSelection {
  const filter = filterOf(values);
  const filtered = Object.keys(filter).length > 0;
  if (filtered && ids.length > 0) throw new UsageError('Give ids or a filter, not both.', command);
  if (!filtered && ids.length === 0)
    throw new UsageError(
      'Give the ids of tasks, or a filter such as --handler NAME --state ready.',
      command,
    );
  return filtered ? { filter } : { ids };
}
