/**
 * One field of a cron expression.
 *
 * Ranges, steps and names are cron-parser's to read, one item of a list at a time. Around it: lists, ranges of quartz that
 * go round, and what it would take for something else.
 */
import { CronExpressionParser } from 'cron-parser';

/** Which rules an expression is read by. */
export type CronDialect = 'unix' | 'quartz';

/** Of an expression that cannot be read: what is wrong, with the field, its value and a way out. */
export class CronFault extends Error {}

/** A field as it is written and as it is bounded. */
export type Field = {
  readonly name: string;
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly dialect: CronDialect;
};

/** A working expression of each dialect. */
export const examples = {
  unix: '"30 2 * * MON-FRI" is half past two on working days',
  quartz: '"0 30 2 ? * MON-FRI" is half past two on working days',
};

/** The numbers that a field allows, sorted. `at`: its place among six. */
export function readField(field: Field, at: number): readonly number[] {
  const numbers = new Set<number>();
  for (const item of field.text.split(',').flatMap((each) => goRound(field, each)))
    for (const number of readItem(field, item, at)) numbers.add(number);
  return [...numbers].sort((a, b) => a - b);
}

/** Items are few where expressions are many, and to read one takes cron-parser 0.1 ms. */
const readLately = new Map<string, readonly number[]>();
const readLatelyMax = 10_000;

/** One item of a list; cron-parser would refuse a list that names a number twice. */
function readItem(field: Field, item: string, at: number): readonly number[] {
  if (item === '' || /[^0-9a-z*/?-]/i.test(item) || /h/i.test(item.replaceAll(/thu|mar/gi, '')))
    throw fault(field, 'it is not made of numbers, names, "*", ",", "-" and "/"');
  if (item.includes('?') && !field.name.startsWith('day'))
    throw fault(field, '"?" stands for a day only');
  const key = `${at} ${item}`;
  const known = readLately.get(key);
  if (known !== undefined) return known;
  const numbers = parse(field, item, at);
  if (readLately.size >= readLatelyMax) readLately.clear();
  readLately.set(key, numbers);
  return numbers;
}

function parse(field: Field, item: string, at: number): readonly number[] {
  const six = ['*', '*', '*', '*', '*', '*'].with(at, item);
  try {
    const { fields } = CronExpressionParser.parse(six.join(' '));
    const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fields;
    const read = [second, minute, hour, dayOfMonth, month, dayOfWeek][at];
    return read?.values.map(Number) ?? [];
  } catch (error) {
    throw fault(field, error instanceof Error ? error.message : String(error));
  }
}

/** In quartz a range may go beyond its end and on from the beginning: as the numbers that it stands for. */
function goRound(field: Field, item: string): readonly string[] {
  const match = /^(\d+|[a-z]{3})-(\d+|[a-z]{3})(?:\/(\d+))?$/i.exec(item);
  if (field.dialect !== 'quartz' || match === null) return [item];
  const [from, to, step] = [numberOf(match[1]), numberOf(match[2]), Number(match[3] ?? 1)];
  if (from <= to || step === 0) return [item];
  const count = field.max - field.min + 1;
  const values: string[] = [];
  for (let value = from; value <= to + count && values.length < count; value += step)
    values.push(String(((value - field.min) % count) + field.min));
  return values;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Of a number, or of the name of a month. */
function numberOf(text = ''): number {
  const month = months.indexOf(text.toLowerCase());
  return month < 0 ? Number(text) : month + 1;
}

/** What is wrong with a field. */
export function fault({ name, text, dialect }: Field, why: string): CronFault {
  return new CronFault(`The ${name} "${text}": ${why}. For example, ${examples[dialect]}.`);
}
