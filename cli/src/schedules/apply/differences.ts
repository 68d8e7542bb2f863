// What changes when a spec takes the place of another, option by option, in the words of the file.

import {
  type Duration__Output,
  loadContract,
  type Payload__Output,
  type ScheduledTask__Output,
  type ScheduleSpec,
  type ScheduleSpec__Output,
  type ScheduleTiming__Output,
  type Timestamp__Output,
} from '@muster/proto';
import { decodePayload, msToDuration, wireToDate, wireToMs } from '@muster/sdk/internal';

/** One option that changes. Undefined: it is not set. */
export interface Difference {
  /** For example `cron` or `retry.maxAttempts`; a part of the spec such as `timing` where no option tells the difference. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Characters of a value that are shown to people; `--json` prints all. */
const shownMax = 60;

/** The differences between what is stored and what is asked for, within the parts that the coordinator says differ. */
export function differencesOf(
  before: ScheduleSpec__Output | null,
  wanted: ScheduleSpec,
  changedFields: readonly string[],
): Difference[] {
  if (before === null) return changedFields.map(unexplained);
  const message = loadContract().messages['muster.v1.ScheduleSpec'];
  const after = message.deserialize(message.serialize(wanted));
  return changedFields.flatMap((part) => {
    const [old, now] = [optionsOf(before, part), optionsOf(after, part)];
    const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    const found = fields
      .map((field) => ({ field, before: old[field], after: now[field] }))
      .filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
    return found.length > 0 ? found : [unexplained(part)];
  });
}

/** A difference for people: `cron: 0 3 * * * → 0 4 * * *`. */
export function differenceText({ field, before, after }: Difference): string {
  if (before === undefined && after === undefined) return `${field}: changed`;
  return `${field}: ${valueText(before)} → ${valueText(after)}`;
}

function unexplained(field: string): Difference {
  return { field, before: undefined, after: undefined };
}

function valueText(value: unknown): string {
  if (value === undefined) return '(not set)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

type Options = Readonly<Record<string, unknown>>;

/** The options that a part of a spec was made from; those that are not set are left out. */
function optionsOf(spec: ScheduleSpec__Output, part: string): Options {
  const { misfire, overlap } = spec;
  switch (part) {
    case 'description':
      return set({ description: spec.description });
    case 'timing':
      return spec.timing === null ? {} : timingOptions(spec.timing);
    case 'task':
      return spec.task === null ? {} : taskOptions(spec.task);
    case 'misfire':
      return set({
        'misfire.rule': wordOf(misfire?.rule ?? '', 'MISFIRE_RULE_') ?? 'once',
        'misfire.lateAfter': spanOf(misfire?.lateWindow),
        'misfire.catchUp': spanOf(misfire?.catchUpWindow),
        'misfire.max': misfire?.allMax,
        'misfire.startDeadline': spanOf(misfire?.startDeadlineTimeout),
      });
    case 'overlap':
      return set({
        'overlap.rule': wordOf(overlap?.rule ?? '', 'OVERLAP_RULE_') ?? 'allow',
        'overlap.running': overlap?.runningMax,
        'overlap.buffer': overlap?.bufferMax,
      });
    case 'failures_max':
      return set({ failuresMax: spec.failuresMax });
    default:
      return {};
  }
}

function timingOptions(timing: ScheduleTiming__Output): Options {
  const cron = timing.dialect === 'CRON_DIALECT_QUARTZ' ? 'quartz' : 'cron';
  return set({
    [cron]: oneOrMany(timing.cron),
    every: spanOf(timing.rateInterval),
    anchorTime: timeOf(timing.anchorTime),
    afterEnd: spanOf(timing.endDelay),
    at: oneOrMany(timing.runTimes.map(timeOf)),
    zone: timing.zone === 'UTC' ? undefined : timing.zone,
    clockChanges: wordOf(timing.clockChanges, 'CLOCK_CHANGE_RULE_'),
    startTime: timeOf(timing.startTime),
    endTime: timeOf(timing.endTime),
    excludeDates: timing.excludedDates,
    excludeRanges: timing.excludedRanges.map(({ startTime, endTime }) => ({
      ...{ from: timeOf(startTime), to: timeOf(endTime) },
    })),
    limit: timing.firesMax,
    jitter: spanOf(timing.jitterWindow),
  });
}

function taskOptions(task: ScheduledTask__Output): Options {
  const { retry } = task;
  const labels = Object.entries(task.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const input = task.inputIsTemplate
    ? { inputTemplate: String(task.input?.data ?? '') }
    : { input: inputOf(task.input) };
  return {
    ...set({
      handler: task.handler,
      key: task.key,
      'retry.maxAttempts': retry?.maxAttempts,
      'retry.initialDelay': spanOf(retry?.initialDelay),
      'retry.maxDelay': spanOf(retry?.maxDelay),
      'retry.nonRetryableErrors': retry?.nonRetryableErrors,
      timeout: spanOf(task.attemptTimeout),
      totalTimeout: spanOf(task.totalTimeout),
      ...Object.fromEntries(labels.map(([key, value]) => [`labels.${key}`, value])),
    }),
    // Of these, 0, false and null are values.
    ...given({
      ...input,
      priority: task.priority,
      keyWeight: task.keyWeight,
      'retry.multiplier': retry?.multiplier,
      'retry.jitter': retry?.jitter,
      atMostOnce: task.atMostOnce,
    }),
  };
}

function given(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** What has a value: neither nothing, nor the contract's words for it. */
function set(options: Options): Options {
  const isSet = (value: unknown) =>
    value !== undefined &&
    value !== '' &&
    value !== 0 &&
    !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(options).filter(([, value]) => isSet(value)));
}

function oneOrMany<Item>(items: readonly Item[]): Item | readonly Item[] | undefined {
  return items.length > 1 ? items : items[0];
}

function wordOf(name: string, prefix: string): string | undefined {
  const word = name.replace(prefix, '');
  return word === 'UNSPECIFIED' || word === '' ? undefined : word.toLowerCase();
}

function spanOf(duration: Duration__Output | null | undefined): string | undefined {
  const ms = wireToMs(duration);
  return ms === undefined ? undefined : msToDuration(ms);
}

function timeOf(time: Timestamp__Output | null | undefined): string | undefined {
  return wireToDate(time)?.toISOString();
}

/** Other programs may have stored what cannot be read here. */
function inputOf(input: Payload__Output | null): unknown {
  if (input === null) return undefined;
  try {
    return decodePayload(input, 'Input');
  } catch {
    return `${input.data.length} bytes of ${input.mediaType}`;
  }
}
