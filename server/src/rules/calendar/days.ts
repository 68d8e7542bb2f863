/**
 * Which days a cron expression asks for: `L`, `L-3`, `15W`, `LW`, `5L` and `FRI#2` beside plain ones.
 */
import { type Field, fault, readField } from './field.ts';

/** The days of an expression. */
export type DayRule = {
  /** Null: any. */
  readonly monthDays: MonthDays | null;
  readonly weekdays: Weekdays | null;
  /** A day must suit both fields. Else, if neither is null, either will do. */
  readonly both: boolean;
};

type MonthDays = {
  readonly plain: ReadonlySet<number>;
  /** So many days before the last: `L` is 0, `L-3` is 3. */
  readonly beforeLast: readonly number[];
  /** The working days nearest to these; a month that lacks the day has none. */
  readonly nearest: readonly number[];
  readonly lastWorking: boolean;
};

type Weekdays = {
  readonly plain: ReadonlySet<number>;
  /** The last ones of the month. */
  readonly last: readonly number[];
  /** The n-th ones of the month, 1 to 5. */
  readonly nth: readonly { readonly weekday: number; readonly n: number }[];
};

const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const isAny = (text: string) => text === '*' || text === '?';

/** Reads the day of the month. Throws `CronFault`. */
export function readMonthDays(field: Field): MonthDays | null {
  if (isAny(field.text)) return null;
  const rule = { beforeLast: [] as number[], nearest: [] as number[], lastWorking: false };
  const plain: string[] = [];
  for (const item of field.text.toUpperCase().split(',')) {
    const ofEnd = /^L(?:-(\d{1,2}))?$/.exec(item);
    const [, near] = /^(\d{1,2})W$/.exec(item) ?? [];
    if (ofEnd !== null) rule.beforeLast.push(within(field, Number(ofEnd[1] ?? 0), 0, 30));
    else if (item === 'LW' || item === 'WL') rule.lastWorking = true;
    else if (near !== undefined) rule.nearest.push(within(field, Number(near), 1, 31));
    else plain.push(item);
  }
  return { plain: plainOf(field, plain, 3), ...rule };
}

/** Reads the day of the week. Throws `CronFault`. */
export function readWeekdays(field: Field): Weekdays | null {
  if (isAny(field.text)) return null;
  const rule = { last: [] as number[], nth: [] as { weekday: number; n: number }[] };
  const plain: string[] = [];
  for (const item of field.text.toLowerCase().split(',')) {
    const [, last] = /^(\d|[a-z]{3})l$/.exec(item) ?? [];
    const [, of, n] = /^(\d|[a-z]{3})#(\d)$/.exec(item) ?? [];
    if (last !== undefined) rule.last.push(weekdayOf(field, last));
    else if (of !== undefined)
      rule.nth.push({ weekday: weekdayOf(field, of), n: within(field, Number(n), 1, 5) });
    // In quartz a lone L is the last day of the week, Saturday.
    else if (item === 'l' && field.dialect === 'quartz') plain.push('6');
    else plain.push(...(field.dialect === 'quartz' ? fromQuartz(field, item) : [item]));
  }
  return { plain: plainOf(field, plain, 5), ...rule };
}

function plainOf(field: Field, items: readonly string[], at: number): ReadonlySet<number> {
  if (items.length === 0) return new Set();
  return new Set(readField({ ...field, dialect: 'unix', text: items.join(',') }, at));
}

function weekdayOf(field: Field, text: string): number {
  const named = weekdayNames.indexOf(text);
  if (named >= 0) return named;
  if (/\D/.test(text)) throw fault(field, `"${text}" is no day of the week`);
  if (field.dialect === 'quartz') return within(field, Number(text), 1, 7) - 1;
  return within(field, Number(text), 0, 7) % 7;
}

/** One item of quartz as items of unix: each of its days. */
function fromQuartz(field: Field, item: string): readonly string[] {
  const match = /^(\*|\d|[a-z]{3})(?:-(\d|[a-z]{3}))?(?:\/(\d{1,2}))?$/.exec(item);
  const [, begin = '', end, every] = match ?? [];
  if (match === null || Number(every ?? 1) === 0)
    throw fault(field, `"${item}" is not a day, a range, nor one of them with a step`);
  const first = begin === '*' ? 0 : weekdayOf(field, begin);
  const isOpen = begin === '*' || every !== undefined;
  const last = end !== undefined ? weekdayOf(field, end) : isOpen ? 6 : first;
  const days: string[] = [];
  const beyond = last < first ? last + 7 : last;
  for (let day = first; day <= beyond; day += Number(every ?? 1)) days.push(String(day % 7));
  return days;
}

function within(field: Field, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  throw fault(field, `${value} is not within ${min} and ${max}`);
}

/** The days of a month, 1 to 12, that the rule asks for, in order. */
export function daysOf(rule: DayRule, year: number, month: number): readonly number[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const firstWeekday = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const days: number[] = [];
  for (let day = 1; day <= length; day += 1)
    if (asksFor(rule, { day, length, firstWeekday })) days.push(day);
  return days;
}

type DayOfMonth = { readonly day: number; readonly length: number; readonly firstWeekday: number };

function asksFor({ monthDays, weekdays, both }: DayRule, at: DayOfMonth): boolean {
  const suitsMonth = monthDays === null || matchesMonthDay(monthDays, at);
  const suitsWeek = weekdays === null || matchesWeekday(weekdays, at);
  const either = monthDays !== null && weekdays !== null && !both;
  return either ? suitsMonth || suitsWeek : suitsMonth && suitsWeek;
}

function matchesMonthDay(rule: MonthDays, at: DayOfMonth): boolean {
  const { day, length } = at;
  if (rule.plain.has(day) || rule.beforeLast.includes(length - day)) return true;
  if (rule.nearest.some((wanted) => wanted <= length && day === nearestWorking(wanted, at)))
    return true;
  return rule.lastWorking && day === nearestWorking(length, at);
}

function matchesWeekday(rule: Weekdays, at: DayOfMonth): boolean {
  const { day, length } = at;
  const weekday = weekdayAt(day, at);
  if (rule.plain.has(weekday)) return true;
  if (day + 7 > length && rule.last.includes(weekday)) return true;
  return rule.nth.some((each) => each.weekday === weekday && each.n === Math.ceil(day / 7));
}

/** The working day nearest to a day, without leaving the month. */
function nearestWorking(day: number, at: DayOfMonth): number {
  const weekday = weekdayAt(day, at);
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < at.length ? day + 1 : day - 2;
  return day;
}

function weekdayAt(day: number, { firstWeekday }: DayOfMonth): number {
  return (firstWeekday + day - 1) % 7;
}
