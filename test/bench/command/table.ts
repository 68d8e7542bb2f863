// Results for people: a heading of what they were measured on, then a line for each, with what it is compared with and
// what else is known of it below.

import type { MeasuredResult, Percentiles, Result } from '../result.ts';
import type { Scenario } from '../scenario.ts';

const names: Readonly<Record<string, string>> = {
  twoWrites: 'two writes',
  threeWrites: 'three writes',
  graphileWorker: 'graphile-worker',
  pgBoss: 'pg-boss',
  bullmq: 'BullMQ',
  alone: 'alone',
  firstStretch: 'the first stretch',
};

/** What everything was measured on. */
export function headline({ machine, commit }: MeasuredResult): string {
  const { cpu, cores, memoryGb, system, node } = machine;
  return `Muster ${commit} on ${cores} × ${cpu}, ${memoryGb} GB, ${system}, Node ${node}`;
}

/** A scenario's results. */
export function tableOf({ name, about }: Scenario, results: readonly MeasuredResult[]): string {
  const [first] = results;
  if (first === undefined) return `\n${name}: left out`;
  const width = Math.max(...results.map(({ variant }) => variant.length));
  return [
    `\n${name}: ${about} (${first.machine.database})`,
    ...results.flatMap((result) => linesOf(result, width)),
  ].join('\n');
}

function linesOf(result: Result, width: number): string[] {
  const main = [
    ...(result.tasksPerSecond === undefined ? [] : [`${number(result.tasksPerSecond)} tasks/s`]),
    ...(result.latencyMs === undefined ? [] : [percentiles(result.latencyMs)]),
    ...comparisons(result),
  ];
  const { memoryMb, transactions, rowWritesPerTask, statements, facts = {} } = result;
  const details = [
    ...(result.tasks > 0 ? [`${number(result.tasks)} tasks`] : []),
    ...(transactions ? [`${transactions.hotPathPer100Tasks} transactions per 100 tasks`] : []),
    ...(rowWritesPerTask === undefined ? [] : [`${rowWritesPerTask} row writes/task`]),
    ...(statements === undefined ? [] : [`${number(statements)} statements`]),
    ...(memoryMb === undefined ? [] : [`${number(memoryMb)} MB`]),
    ...Object.entries(facts).map(([name, value]) => `${name}: ${shown(value)}`),
  ];
  const lines = main.length > 0 ? [main, details] : [details];
  return lines
    .filter((parts) => parts.length > 0)
    .map(
      (parts, at) => `  ${(at === 0 ? result.variant : '').padEnd(width)}  ${parts.join(' · ')}`,
    );
}

/** `0.52 × two writes (41,000)`. */
function comparisons({ ratios = {}, floors, peers, latencyMs }: Result): string[] {
  const measured: Readonly<Record<string, number | string>> = { ...floors, ...peers };
  const others = Object.entries(ratios).filter(([key]) => !(key in measured));
  const beside = Object.entries(measured).map(([key, value]) => {
    const name = names[key] ?? key;
    if (typeof value !== 'number') return `${name}: ${value}`;
    const ratio = ratios[key];
    return ratio === undefined
      ? `${name} ${number(value)}`
      : `${ratio.toFixed(2)} × ${name} (${number(value)}${latencyMs ? ' ms' : ''})`;
  });
  return [...beside, ...others.map(([key, ratio]) => `${ratio.toFixed(2)} × ${names[key] ?? key}`)];
}

function percentiles({ p50, p90, p99, p999, max }: Percentiles): string {
  return `p50 ${p50} ms, p90 ${p90}, p99 ${p99}, p99.9 ${p999}, max ${max}`;
}

function shown(value: number | string): string {
  return typeof value === 'number' ? number(value) : value;
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
