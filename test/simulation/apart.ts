// Simulations in a thread of their own: the test runner follows every promise of its own thread, which doubles their price.

import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Bug } from './cluster/bugs.ts';
import { type Kind, type Report, simulate } from './simulation.ts';

/** One simulation after the other, until one breaks a promise. */
export interface Series {
  readonly runs: readonly (readonly [Kind, number])[];
  readonly bug?: Bug;
}

/** What came out of one. */
export interface Told extends Report {
  readonly kind: Kind;
  readonly seed: number;
}

/** Runs a series; answers what came out of each that ran. */
export async function simulateApart(series: Series): Promise<readonly Told[]> {
  const worker = new Worker(new URL(import.meta.url), { workerData: series, execArgv: [] });
  try {
    const [told] = (await once(worker, 'message')) as [readonly Told[]];
    return told;
  } finally {
    await worker.terminate();
  }
}

async function runSeries({ runs, bug }: Series): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const [kind, seed] of runs) {
    const report = await simulate(seed, kind, bug);
    told.push({ kind, seed, ...report });
    if (report.broken.length > 0) break;
  }
  return told;
}

if (!isMainThread) parentPort?.postMessage(await runSeries(workerData as Series));
