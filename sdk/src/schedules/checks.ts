// What can be seen to be wrong with a schedule before anybody is asked. Expressions, zones and
// what depends on settings or on the database's time are left to the coordinator.

import { checkKey } from '../client/spec.ts';
import { type Duration, durationToMs, msToDuration } from '../duration.ts';
import { checkRetryOptions } from '../handler.ts';
import { checkNumber, checkOptionKeys, invalidOption } from '../options.ts';
import { checkTemplate, shortened } from './input-template.ts';
import type {
  MisfireOptions,
  OverlapOptions,
  ScheduleOptions,
  ScheduleTimes,
  TimeRange,
} from './schedule.ts';

/** Options of when a schedule asks for tasks. */
export const timeKeys = [
  ...(['cron', 'quartz', 'every', 'anchorTime', 'afterEnd', 'at', 'zone', 'clockChanges'] as const),
  ...(['startTime', 'endTime', 'excludeDates', 'excludeRanges', 'limit', 'jitter'] as const),
] as const satisfies readonly (keyof ScheduleTimes)[];

/** Options of what it asks for. */
export const taskKeys = [
  ...([
    'handler',
    'input',
    'inputTemplate',
    'priority',
    'retry',
    'timeout',
    'totalTimeout',
  ] as const),
  ...(['atMostOnce', 'labels', 'key', 'keyWeight'] as const),
] as const satisfies readonly (keyof ScheduleOptions)[];

/** The other options of a schedule that may be changed. */
export const policyKeys = [
  'description',
  'misfire',
  'overlap',
  'failuresMax',
] as const satisfies readonly (keyof ScheduleOptions)[];

/** All options of a schedule. */
export const scheduleKeys: readonly (keyof ScheduleOptions)[] = [
  'name',
  ...policyKeys,
  ...taskKeys,
  ...timeKeys,
];

const misfireKeys: readonly (keyof MisfireOptions)[] = [
  ...(['rule', 'lateAfter', 'catchUp', 'max', 'startDeadline'] as const),
];

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const expressionsMax = 20;
const expressionBytesMax = 256;
const listMax = 1_000;

/** Refuses what is no name of a schedule (OPTION_INVALID). */
export function checkScheduleName(name: string): void {
  if (typeof name === 'string' && /^[a-z0-9][a-z0-9._/-]{0,127}$/.test(name)) return;
  const must =
    '1 to 128 of a-z 0-9 . _ - /, beginning with a letter or digit, as in "report/daily"';
  throw invalidOption('Schedule', 'name', name, must);
}

/** Refuses times that are unknown, malformed or contradict each other: OPTION_UNKNOWN, OPTION_INVALID. */
export function checkTimes(what: string, times: ScheduleTimes): void {
  checkSources(what, times);
  checkExpressions(what, 'cron', times.cron);
  checkExpressions(what, 'quartz', times.quartz);
  checkSpan(what, 'every', times.every, [1, 365 * dayMs]);
  checkSpan(what, 'afterEnd', times.afterEnd, [1, 365 * dayMs]);
  checkSpan(what, 'jitter', times.jitter, [0, hourMs]);
  checkList(what, 'at', times.at instanceof Date ? [times.at] : times.at);
  for (const at of times.at === undefined ? [] : [times.at].flat()) checkDate(what, 'at', at);
  checkDate(what, 'anchorTime', times.anchorTime);
  checkBounds(what, times);
  checkExclusions(what, times);
  checkWord(what, 'clockChanges', times.clockChanges, ['DEFAULT', 'SKIP', 'SHIFT', 'BOTH']);
  checkNumber(what, 'limit', times.limit, { min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** Which of the ways to say when are given, and whether they go together. */
function checkSources(what: string, times: ScheduleTimes): void {
  const { cron, quartz, every, at, afterEnd, anchorTime } = times;
  if (cron !== undefined && quartz !== undefined) {
    const must = 'left out where cron is given: the two read weekdays differently';
    throw invalidOption(what, 'quartz', String(quartz), must);
  }
  const others = { cron, quartz, every, at };
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  const [other] = given;
  if (afterEnd !== undefined && other !== undefined) {
    throw invalidOption(what, 'afterEnd', afterEnd, `left out where ${other[0]} is given`);
  }
  if (anchorTime !== undefined && every === undefined) {
    throw invalidOption(what, 'anchorTime', anchorTime, 'left out where every is not given');
  }
  if (afterEnd !== undefined) return;
  const isEmpty = given.every(([, value]) => Array.isArray(value) && value.length === 0);
  if (!isEmpty) return;
  const must = 'given, or quartz, every, at or afterEnd: else the schedule never asks for a task';
  throw invalidOption(what, 'cron', cron, must);
}

function checkExpressions(
  what: string,
  option: 'cron' | 'quartz',
  expressions: string | readonly string[] | undefined,
): void {
  if (expressions === undefined) return;
  const list = [expressions].flat();
  if (list.length > expressionsMax) {
    throw invalidOption(what, option, list.length, `at most ${expressionsMax} expressions`);
  }
  for (const each of list) {
    const fits = typeof each === 'string' && each.trim() !== '';
    if (fits && Buffer.byteLength(each) <= expressionBytesMax) continue;
    throw invalidOption(
      what,
      option,
      shortened(each),
      `an expression of at most ${expressionBytesMax} bytes`,
    );
  }
}

function checkBounds(what: string, { startTime, endTime }: ScheduleTimes): void {
  checkDate(what, 'startTime', startTime);
  checkDate(what, 'endTime', endTime);
  if (startTime === undefined || endTime === undefined || startTime < endTime) return;
  throw invalidOption(what, 'endTime', endTime.toISOString(), 'after startTime');
}

function checkExclusions(what: string, { excludeDates, excludeRanges }: ScheduleTimes): void {
  checkList(what, 'excludeDates', excludeDates);
  for (const date of excludeDates ?? []) {
    if (isDay(date)) continue;
    throw invalidOption(what, 'excludeDates', date, 'days such as "2026-12-25"');
  }
  checkList(what, 'excludeRanges', excludeRanges);
  for (const range of excludeRanges ?? []) checkRange(what, 'excludeRanges', range);
}

/** Refuses a stretch of time that is empty or malformed. */
export function checkRange(what: string, option: string, range: TimeRange): void {
  checkOptionKeys(`${what}: ${option}`, range, ['from', 'to']);
  for (const side of ['from', 'to'] as const) {
    if (range[side] === undefined) {
      throw invalidOption(what, `${option}.${side}`, undefined, 'a valid Date');
    }
    checkDate(what, `${option}.${side}`, range[side]);
  }
  if (range.from < range.to) return;
  throw invalidOption(what, `${option}.to`, range.to.toISOString(), 'after its from');
}

/** Refuses what is wrong with the task, besides its handler's name and its input. */
export function checkTask(
  what: string,
  task: Pick<ScheduleOptions, Exclude<(typeof taskKeys)[number], 'handler'>>,
): void {
  checkNumber(what, 'priority', task.priority, { min: -100, max: 100 });
  checkKey(what, task);
  checkRetryOptions(what, task.retry);
  checkSpan(what, 'timeout', task.timeout, [1, 30 * dayMs]);
  checkSpan(what, 'totalTimeout', task.totalTimeout, [1, 365 * dayMs]);
  if (task.inputTemplate === undefined) return;
  if (task.input !== undefined) {
    const must = 'left out where input is given';
    throw invalidOption(what, 'inputTemplate', shortened(task.inputTemplate), must);
  }
  checkTemplate(what, task.inputTemplate);
}

/** Refuses what is wrong with description, misfire, overlap and failuresMax. */
export function checkPolicies(
  what: string,
  options: Pick<ScheduleOptions, (typeof policyKeys)[number]>,
): void {
  const { description } = options;
  const isText = description === undefined || typeof description === 'string';
  if (!isText || Buffer.byteLength(description ?? '') > 1_024) {
    throw invalidOption(what, 'description', shortened(description), 'text of at most 1,024 bytes');
  }
  checkNumber(what, 'failuresMax', options.failuresMax, { min: 0, max: 1_000 });
  if (options.misfire !== undefined) checkMisfire(what, misfireOf(options.misfire));
  if (options.overlap !== undefined) checkOverlap(what, overlapOf(options.overlap));
}

/** The long form of a misfire option. */
export function misfireOf(misfire: NonNullable<ScheduleOptions['misfire']>): MisfireOptions {
  return typeof misfire === 'string' ? { rule: misfire } : misfire;
}

/** The long form of an overlap option. */
export function overlapOf(overlap: NonNullable<ScheduleOptions['overlap']>): OverlapOptions {
  return typeof overlap === 'string' ? { rule: overlap } : overlap;
}

function checkMisfire(what: string, misfire: MisfireOptions): void {
  checkOptionKeys(`${what}: misfire`, misfire, misfireKeys);
  checkWord(what, 'misfire.rule', misfire.rule, ['ONCE', 'ALL', 'SKIP']);
  checkSpan(what, 'misfire.lateAfter', misfire.lateAfter, [1_000, dayMs]);
  checkSpan(what, 'misfire.catchUp', misfire.catchUp, [1_000, 365 * dayMs]);
  checkSpan(what, 'misfire.startDeadline', misfire.startDeadline, [1, 365 * dayMs]);
  checkNumber(what, 'misfire.max', misfire.max, { min: 1, max: 1_000 });
}

function checkOverlap(what: string, overlap: OverlapOptions): void {
  checkOptionKeys(`${what}: overlap`, overlap, ['rule', 'running', 'buffer']);
  const { rule, running, buffer } = overlap;
  checkWord(what, 'overlap.rule', rule ?? '', ['ALLOW', 'SKIP', 'BUFFER', 'CANCEL']);
  checkNumber(what, 'overlap.running', running, { min: 1, max: 1_000 });
  checkNumber(what, 'overlap.buffer', buffer, { min: 1, max: 1_000 });
  if (rule === 'BUFFER' && buffer === undefined) {
    const must = 'given with BUFFER: how many times may wait, 1 to 1,000';
    throw invalidOption(what, 'overlap.buffer', buffer, must);
  }
  if (rule !== 'BUFFER' && buffer !== undefined) {
    throw invalidOption(what, 'overlap.buffer', buffer, 'left out where the rule is not BUFFER');
  }
  if ((rule === 'SKIP' || rule === 'CANCEL') && running !== undefined && running !== 1) {
    throw invalidOption(what, 'overlap.running', running, `1, or left out, with ${rule}`);
  }
}

function checkSpan(
  what: string,
  option: string,
  duration: Duration | undefined,
  [minMs, maxMs]: readonly [number, number],
): void {
  if (duration === undefined) return;
  const ms = durationToMs(duration, option);
  if (ms >= minMs && ms <= maxMs) return;
  const least = minMs === 0 ? '0s' : msToDuration(minMs);
  throw invalidOption(what, option, duration, `from ${least} to ${msToDuration(maxMs)}`);
}

function checkDate(what: string, option: string, date: Date | undefined): void {
  if (date === undefined) return;
  if (date instanceof Date && Number.isFinite(date.getTime())) return;
  throw invalidOption(what, option, date, 'a valid Date');
}

function checkList(what: string, option: string, list: readonly unknown[] | undefined): void {
  if (list === undefined || (Array.isArray(list) && list.length <= listMax)) return;
  const value = Array.isArray(list) ? `${list.length} long` : list;
  throw invalidOption(what, option, value, `a list of at most ${listMax}`);
}

function checkWord(
  what: string,
  option: string,
  word: string | undefined,
  words: readonly string[],
): void {
  if (word === undefined || words.includes(word)) return;
  throw invalidOption(what, option, word, `one of ${words.join(', ')}`);
}

/** True for a day of the calendar, such as 2026-12-25. */
function isDay(text: string): boolean {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return Number.isFinite(time.getTime()) && time.toISOString().startsWith(text);
}
