// What the coordinator refuses, in the words of the file: `specs[17].timing.rate_interval` is the option `every` of the
// eighteenth schedule of the call.

import type { MusterError } from '@muster/sdk';
import type { FaultList } from '../file/faults.ts';
import { exampleOf } from '../file/form.ts';
import type { ReadyEntry } from './definitions.ts';

/** Options by the fields of a spec, where they are called otherwise. */
const optionOfField: Readonly<Record<string, string>> = {
  'timing.rate_interval': 'every',
  'timing.end_delay': 'afterEnd',
  'timing.run_times': 'at',
  'timing.excluded_dates': 'excludeDates',
  'timing.excluded_ranges': 'excludeRanges',
  'timing.fires_max': 'limit',
  'timing.jitter_window': 'jitter',
  'task.attempt_timeout': 'timeout',
  'misfire.late_window': 'misfire.lateAfter',
  'misfire.catch_up_window': 'misfire.catchUp',
  'misfire.all_max': 'misfire.max',
  'misfire.start_deadline_timeout': 'misfire.startDeadline',
  'overlap.running_max': 'overlap.running',
  'overlap.buffer_max': 'overlap.buffer',
};

/** Adds the violations of a refused call to the faults. False: it was refused for something else. */
export function addViolations(
  error: MusterError,
  chunk: readonly ReadyEntry[],
  faults: FaultList,
): boolean {
  const found = error.violations.map(({ field, description }) => {
    const [, index, path = ''] = /^specs\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
    const entry = index === undefined ? undefined : chunk[Number(index)]?.entry;
    if (entry === undefined) return undefined;
    const option = optionFor(path, Object.keys(entry.options));
    return {
      place: entry.placeOf(option),
      schedule: entry.options.name,
      what: describe(option || path, description, exampleOf(option)),
    };
  });
  if (found.length === 0 || found.includes(undefined)) return false;
  for (const fault of found) if (fault !== undefined) faults.add(fault);
  // It names the first ones and counts all.
  faults.count += Math.max(0, Number(error.metadata.violation_count ?? 0) - found.length);
  return true;
}

/** The option that a field of a spec was made from; `given` are those of the schedule. */
export function optionFor(path: string, given: readonly string[]): string {
  const [, field = '', rest = ''] = /^([a-z_.]*)(.*)$/.exec(path) ?? [];
  const quartz = given.includes('quartz');
  if (field === 'timing.cron' || field === 'timing.dialect')
    return `${quartz ? 'quartz' : 'cron'}${rest}`;
  if (field.startsWith('task.input'))
    return given.includes('inputTemplate') ? 'inputTemplate' : 'input';
  const inner = /^\[\d+\]/.exec(rest)?.[0] ?? '';
  const known = optionOfField[field];
  if (known !== undefined) return `${known}${inner}`;
  const option = field.replace(/^(?:timing|task)\.?/, '');
  return `${option.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}${inner}`;
}

function describe(option: string, description: string, example: string | undefined): string {
  const said = /[.!?]$/.test(description) ? description : `${description}.`;
  // The coordinator often gives one that fits better.
  const more = example === undefined || /for example/i.test(said) ? '' : ` For example: ${example}`;
  return `${option === '' ? 'it' : option} ${said}${more}`;
}
