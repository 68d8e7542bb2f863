// What a story about limits says at its end: a line for each promise, and whether it was kept.

import type { Kills } from '../play/kills.ts';
import { rateBound } from './bounds.ts';
import { textOf, unreached } from './verdict.ts';
import type { LimitedResult } from './work.ts';

/** One line. */
export interface ToldLine {
  readonly isKept: boolean;
  readonly text: string;
}

/** All lines; faults are only counted. What was never tried shows nothing, and is not kept. */
export function limitsReport(result: LimitedResult, kills: Kills): readonly ToldLine[] {
  const { seen, rate, slowest, tasks, attempts, faults, submitted, commits } = result;
  const { handler, count, burst } = rateBound;
  const lost = attempts.filter(({ outcome }) => outcome === 'LOST').length;
  const failed = attempts.filter(({ outcome }) => outcome === 'FAILED').length;
  const missing = unreached(result, rateBound);
  const list = [...Map.groupBy(tasks, ({ state }) => state)]
    .map(([state, all]) => `${all.length} ${state}`)
    .join(', ');
  return [
    ...seen.map((each) => ({ isKept: each.most <= each.bound.max, text: textOf(each) })),
    {
      isKept: rate.handOvers > 0 && rate.most <= burst + 1e-6,
      text: `rate     ${rate.handOvers} hand-overs of ${handler}; in any window at most ${rate.most.toFixed(3)} beyond ${count} in a second, of ${burst}`,
    },
    {
      isKept: missing.length === 0,
      text: `limits that were never reached: ${missing.join(', ') || 'none'}`,
    },
    {
      isKept: kills.agents > 0 && kills.coordinators > 0 && lost > 0 && failed > 0,
      text: `${kills.coordinators} coordinators and ${kills.agents} agents killed, ${lost} attempts lost, ${failed} failed`,
    },
    {
      isKept: submitted > 0 && tasks.length === submitted,
      text: `${submitted} tasks submitted, ${tasks.length} stored: ${list}`,
    },
    {
      isKept: result.freshTasks > 0,
      text: `${result.freshTasks} fresh tasks, one for each slot of each limit, ran together; the slowest (${slowest?.what}) waited ${slowest?.ms} ms`,
    },
    { isKept: faults.length === 0, text: `${faults.length} faults in all, of ${commits} commits` },
  ];
}
