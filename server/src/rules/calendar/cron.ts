/**
 * Cron expressions, read: what each field allows.
 *
 * The two dialects differ where they would be mistaken for each other:
 *
 *                     unix (crontab)                       quartz
 *   fields            5; 6 with seconds; 7 with years      6; 7 with years
 *   days of the week  0 or 7 = Sunday … 6 = Saturday       1 = Sunday … 7 = Saturday
 *   both day fields   either may match                     one of them must be ?
 *   ranges            from the lower to the higher         FRI-MON and 22-2 go round
 */
import { type DayRule, readMonthDays, readWeekdays } from './days.ts';
import { type CronDialect, CronFault, examples, type Field, fault, readField } from './field.ts';

/** An expression that was read. Lists are sorted; days of the week begin with 0 = Sunday. */
export type Cron = {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  /** Null: every year. */
  readonly years: ReadonlySet<number> | null;
  /** Its minutes or hours are written with `*`: it asks for an interval, not for times of the day. */
  readonly isInterval: boolean;
};

const lengthMax = 256;
const [yearMin, yearMax] = [1970, 2199];

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads an expression. Throws `CronFault`. */
export function readCron(text: string, dialect: CronDialect): Cron {
  if (text.length > lengthMax)
    throw new CronFault(`The expression has ${text.length} characters; at most ${lengthMax}.`);
  const parts = split(text, dialect);
  const [second = '0', minute = '', hour = '', monthDay = '', month = '', weekday = '', year = ''] =
    parts;
  const field = (name: string, written: string, min: number, max: number): Field => ({
    ...{ name, text: written, min, max, dialect },
  });
  return {
    seconds: readField(field('second', second, 0, 59), 0),
    minutes: readField(field('minute', minute, 0, 59), 1),
    hours: readField(field('hour', hour, 0, 23), 2),
    days: {
      monthDays: readMonthDays(field('day of the month', monthDay, 1, 31)),
      weekdays: readWeekdays(field('day of the week', weekday, 0, 7)),
      // So does cron(8): a field that begins with * is no wish of its own, but it still narrows the other.
      both: monthDay.startsWith('*') || weekday.startsWith('*'),
    },
    months: readField(field('month', month, 1, 12), 4),
    years: year === '' || year === '*' ? null : readYears(field('year', year, yearMin, yearMax)),
    isInterval: minute.startsWith('*') || hour.startsWith('*'),
  };
}

/** The fields from the second to the year, the last one perhaps missing. */
function split(text: string, dialect: CronDialect): readonly string[] {
  const given = text.trim();
  if (given.startsWith('@')) {
    const meant = nicknames[given.toLowerCase()];
    if (meant === undefined)
      throw new CronFault(`"${given}" is none of ${Object.keys(nicknames).join(', ')}.`);
    return ['0', ...meant.split(' ')];
  }
  const parts = given.split(/\s+/);
  const fewest = dialect === 'unix' ? 5 : 6;
  if (given === '' || parts.length < fewest || parts.length > 7)
    throw new CronFault(
      `"${text}" has ${given === '' ? 0 : parts.length} fields, not ${fewest} to 7: ${examples[dialect]}.`,
    );
  const [monthDay = '', weekday = ''] =
    parts.length === 5 ? [parts[2], parts[4]] : [parts[3], parts[5]];
  const open = [monthDay, weekday].filter((day) => day === '?').length;
  if (dialect === 'quartz' && open !== 1)
    throw new CronFault(
      `The day of the month is "${monthDay}" and the day of the week "${weekday}"; in the dialect quartz exactly one of them is "?": ${examples.quartz}.`,
    );
  return parts.length === 5 ? ['0', ...parts] : parts;
}

function readYears(field: Field): ReadonlySet<number> {
  const years = new Set<number>();
  for (const item of field.text.split(',')) {
    const match = /^(\*|\d{4})(?:-(\d{4}))?(?:\/(\d{1,3}))?$/.exec(item);
    const first = match?.[1] === '*' ? yearMin : Number(match?.[1]);
    const isOpen = match?.[1] === '*' || match?.[3] !== undefined;
    const last = match?.[2] !== undefined ? Number(match[2]) : isOpen ? yearMax : first;
    const step = Number(match?.[3] ?? 1);
    if (!(first >= yearMin && last <= yearMax && first <= last && step > 0))
      throw fault(
        field,
        `it is a list of years from ${yearMin} to ${yearMax}, as "2027" or "2027-2030/2"`,
      );
    for (let year = first; year <= last; year += step) years.add(year);
  }
  return years;
}
