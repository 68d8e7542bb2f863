// Schedules and their fire records as text for people.

import type {
  Duration,
  Fire,
  MisfireOptions,
  OverlapOptions,
  Schedule,
  ScheduleTimes,
} from '@muster/sdk';
import { type Column, printFacts, printTable } from './table.ts';
import { jsonText, spanText, timeText, valueText } from './task-text.ts';
import type { Terminal } from './terminal.ts';
import { zoneText } from './zone-text.ts';

/** Single moments that are written out; of more only their number is said. */
const momentsMax = 5;

/** Columns of a list of schedules. */
export function scheduleColumns(now = new Date()): readonly Column<Schedule>[] {
  return [
    { title: 'SCHEDULE', cell: ({ name }) => name },
    { title: 'HANDLER', cell: ({ handler }) => handler },
    { title: 'WHEN', cell: ({ times }) => whenText(times) },
    { title: 'STATE', cell: ({ state }) => state },
    { title: 'NEXT', cell: ({ nextTime }) => timeText(nextTime, now) },
    { title: 'FIRES', right: true, cell: ({ fires }) => fires },
    { title: '', cell: ({ pauseNote }) => pauseNote || ' ' },
  ];
}

/** Columns of a list of fire records. */
export function fireColumns(now = new Date()): readonly Column<Fire>[] {
  return [
    { title: 'NOMINAL TIME', cell: ({ nominalTime }) => timeText(nominalTime, now) },
    { title: 'DECISION', cell: ({ decision }) => decision },
    { title: 'LATENESS', right: true, cell: ({ latenessMs }) => spanText(latenessMs) },
    { title: 'TASK', cell: ({ taskId }) => taskId },
    { title: 'STATE', cell: ({ taskState }) => taskState },
    { title: '', cell: (fire) => manyText(fire) ?? ' ' },
  ];
}

function manyText({ skipped, lastNominalTime }: Fire): string | undefined {
  if (lastNominalTime === undefined) return undefined;
  const count = skipped >= 1_000 ? 'at least 1000' : skipped;
  return `${count} times, until ${lastNominalTime.toISOString()}`;
}

/** When a schedule asks for tasks, in one line. */
export function whenText(times: ScheduleTimes): string {
  return sources(times)
    .join('; ')
    .concat(usesZone(times) ? ` ${times.zone ?? 'UTC'}` : '');
}

/** The ways of saying when, each by itself. */
function sources({ cron, quartz, every, afterEnd, at }: ScheduleTimes): string[] {
  const moments = at === undefined ? [] : [at].flat();
  return [
    ...listed(cron),
    ...listed(quartz).map((expression) => `${expression} (quartz)`),
    ...(every === undefined ? [] : [`every ${every}`]),
    ...(afterEnd === undefined ? [] : [`${afterEnd} after the end of the task before`]),
    ...(moments.length === 0 ? [] : [momentsText(moments)]),
  ];
}

function momentsText(moments: readonly Date[]): string {
  if (moments.length > momentsMax) return `at ${moments.length} moments`;
  return `at ${moments.map((moment) => moment.toISOString()).join(', ')}`;
}

function listed(expressions: string | readonly string[] | undefined): readonly string[] {
  return expressions === undefined ? [] : [expressions].flat();
}

/** True if the zone makes a difference. */
function usesZone({ cron, quartz, excludeDates }: ScheduleTimes): boolean {
  return cron !== undefined || quartz !== undefined || excludeDates !== undefined;
}

/** What becomes of late times, in words. */
export function misfireText(misfire: MisfireOptions): string {
  const { rule = 'ONCE', lateAfter = '60s', catchUp, max = 100, startDeadline } = misfire;
  const which = {
    ONCE: 'the newest late time fires',
    ALL: `all late times fire, at most ${max} at once`,
    SKIP: 'late times do not fire',
  }[rule];
  return [
    `${which}; late is what is more than ${lateAfter} overdue`,
    ...(catchUp === undefined ? [] : [`what is older than ${catchUp} does not fire`]),
    ...(startDeadline === undefined ? [] : [`given up if not started within ${startDeadline}`]),
  ].join('; ');
}

/** What becomes of times while tasks of the schedule are unfinished, in words. */
export function overlapText({ rule, running, buffer = 0 }: OverlapOptions): string {
  const many = running === undefined || running === 1 ? 'a task is' : `${running} tasks are`;
  if (rule === 'SKIP') return 'a time is skipped while a task is unfinished';
  if (rule === 'CANCEL') return 'unfinished tasks are cancelled first';
  if (rule === 'BUFFER') return `a time waits while ${many} unfinished; at most ${buffer} wait`;
  return running === undefined
    ? 'times fire whatever is unfinished'
    : `a time is skipped while ${many} unfinished`;
}

/** A schedule with all that is known about it, and its newest fire records. */
export function printSchedule(
  terminal: Terminal,
  schedule: Schedule,
  fires: readonly Fire[],
  now = new Date(),
): void {
  const { state, pauseNote, pausedByFailures, failures, failuresMax } = schedule;
  const pause = pausedByFailures ? 'after failures' : pauseNote;
  printFacts(terminal, [
    ['name', schedule.name],
    ['description', schedule.description],
    ['id', schedule.id],
    ['state', pause === '' ? state : `${state}: ${pause}`],
    ['why paused', pausedByFailures ? pauseNote : undefined],
    ...timeFacts(schedule.times),
    ['next', nextText(schedule, now)],
    ['late', misfireText(schedule.misfire)],
    ['overlap', overlapText(schedule.overlap)],
    ['pauses', pausesText(failuresMax, failures)],
    ['handler', schedule.handler],
    ...taskFacts(schedule),
    ['fires', schedule.fires],
    ['created', timeText(schedule.createTime, now)],
    ['changed', timeText(schedule.updateTime, now)],
  ]);
  terminal.out('');
  printTable(terminal, fires, fireColumns(now), 'It has no fire records yet.');
}

type Fact = readonly [string, string | undefined];

function timeFacts(times: ScheduleTimes): Fact[] {
  const { anchorTime, clockChanges, startTime, endTime, limit, jitter } = times;
  const { excludeDates = [], excludeRanges = [] } = times;
  const ranges = excludeRanges.map(
    ({ from, to }) => `${from.toISOString()} to ${to.toISOString()}`,
  );
  return [
    ['when', sources(times).join('\n')],
    ['counted from', anchorTime?.toISOString()],
    ['zone', usesZone(times) ? times.zone : undefined],
    ['clock changes', clockChanges],
    ['from', startTime?.toISOString()],
    ['until', endTime?.toISOString()],
    ['left out', [...excludeDates, ...ranges].join('\n')],
    ['complete', limit === undefined ? undefined : `after ${limit} fires`],
    ['jitter', jitter === undefined ? undefined : `less than ${jitter satisfies Duration}`],
  ];
}

function taskFacts({ task }: Schedule): Fact[] {
  const labels = Object.entries(task.labels).map(([key, value]) => `${key}=${value}`);
  return [
    ['input', task.inputTemplate ?? valueText(task.input)],
    ['priority', task.priority === 0 ? undefined : String(task.priority)],
    ['key', task.key],
    ['key weight', task.keyWeight === undefined ? undefined : String(task.keyWeight)],
    ['retry', task.retry === undefined ? undefined : jsonText(task.retry)],
    ['timeout', task.timeout],
    ['total timeout', task.totalTimeout],
    ['at most once', task.atMostOnce === true ? 'yes' : undefined],
    ['labels', labels.join(' ')],
  ];
}

function nextText({ nextTime, times }: Schedule, now: Date): string | undefined {
  if (nextTime === undefined) return undefined;
  const zone = times.zone ?? 'UTC';
  const local = usesZone(times) && zone !== 'UTC' ? zoneText(nextTime, zone) : undefined;
  return `${timeText(nextTime, now)}${local === undefined ? '' : `\n${local}`}`;
}

function pausesText(failuresMax: number | undefined, failures: number): string | undefined {
  if (failuresMax === undefined) return undefined;
  return `after ${failuresMax} failures in a row; so far ${failures}`;
}
