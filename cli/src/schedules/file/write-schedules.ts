// Writes schedules as a file of `muster schedule apply`: keys in the order of the form, words in lower case, and beside each
// schedule, as comments, what its reader should know.

import type { ScheduleOptions } from '@muster/sdk';
import { stringify } from 'yaml';
import { printable } from '../../printing/terminal.ts';
import { type Form, type MapForm, scheduleForm } from './form.ts';

/** A schedule to be written. */
export interface WrittenSchedule {
  readonly options: ScheduleOptions;
  /** Lines of comment above it. */
  readonly comments: readonly string[];
  /** True: all of it is a comment, because it cannot be applied as it stands. */
  readonly commentedOut: boolean;
}

/** The text of a file. `head` is its first comment. */
export function writeSchedules(
  head: readonly string[],
  schedules: readonly WrittenSchedule[],
): string {
  const live = schedules.some(({ commentedOut }) => !commentedOut);
  return [
    ...head.map((line) => comment(line, '')),
    ...(head.length > 0 ? [''] : []),
    // An empty value is no list for every reader of YAML, and `[]` allows for no items below it.
    live ? 'schedules:' : 'schedules: []',
    ...schedules.flatMap(scheduleLines),
    '',
  ].join('\n');
}

function scheduleLines({ options, comments, commentedOut }: WrittenSchedule): string[] {
  const plain = plainMap(options as unknown as Readonly<Record<string, unknown>>, scheduleForm);
  const lines = stringify([plain], { lineWidth: 0, schema: 'core' }).trimEnd().split('\n');
  const mark = commentedOut ? '# ' : '';
  return [
    ...comments.map((line) => comment(line, '  ')),
    ...lines.map((line) => `  ${mark}${line}`.trimEnd()),
  ];
}

function comment(line: string, indent: string): string {
  return `${indent}# ${printable(line)}`.trimEnd();
}

function plainMap(options: Readonly<Record<string, unknown>>, form: MapForm): object {
  return Object.fromEntries(
    Object.entries(form.keys).flatMap(([key, inner]) =>
      options[key] === undefined ? [] : [[key, plainValue(options[key], inner)]],
    ),
  );
}

function plainValue(value: unknown, form: Form): unknown {
  if (form.kind === 'json') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plainValue(item, form));
  if (form.kind === 'word' || (form.kind === 'word or map' && typeof value === 'string'))
    return String(value).toLowerCase();
  if (form.kind === 'word or map') return plainMap(value as Record<string, unknown>, form.map);
  if (form.kind === 'list' && form.of.kind === 'map' && typeof value === 'object')
    return plainMap(value as Record<string, unknown>, form.of);
  return form.kind === 'map' ? plainMap(value as Record<string, unknown>, form) : value;
}
