// One scenario, as often as was asked for, on one server. Of several runs, the result in the middle is shown.

import { startNats } from '../../harness/nats.ts';
import {
  type DatabaseServer,
  embeddedDatabases,
  startDatabaseServer,
  useDatabaseServer,
} from '../database/server.ts';
import { measuredOn } from '../machine.ts';
import { type MeasuredResult, medianOf, type Result } from '../result.ts';
import type { Extent, Scenario } from '../scenario.ts';
import type { Arguments } from './arguments.ts';
import { addBeside } from './beside.ts';

/** What is measured where neither the scenario nor the command says so. */
const extentDefault: Extent = {
  tasks: 100_000,
  seconds: 60,
  agents: 100,
  behind: 2_000_000,
  schedules: 100_000,
};
const inputBytes = 90;

/** Runs it; answers one result per variant, none if the scenario cannot run on that database. */
export async function runScenario(
  scenario: Scenario,
  wanted: Arguments,
): Promise<readonly MeasuredResult[]> {
  const server = await openServer(scenario, wanted.database);
  if (server === undefined) {
    console.error(`${scenario.name} cannot run on ${wanted.database}, and is left out.`);
    return [];
  }
  const broker = wanted.nats ? await startNats() : undefined;
  try {
    const extent = { ...extentDefault, ...scenario.extent, ...wanted.extent };
    const nats = broker?.address ?? '';
    const context = { ...extent, server, nats, inputBytes, variant: wanted.variant };
    const runs: (readonly Result[])[] = [];
    for (let run = 0; run < wanted.runs; run += 1) {
      const results = await scenario.run(context);
      runs.push(await addBeside(scenario, context, wanted, results));
    }
    const where = measuredOn(server.name);
    return inTheMiddle(runs).map((result) => ({ ...result, ...where }));
  } finally {
    await broker?.stop();
    await server.stop();
  }
}

async function openServer(
  { engines }: Scenario,
  database: string,
): Promise<DatabaseServer | undefined> {
  if (database === 'embedded') return engines.includes('pglite') ? embeddedDatabases() : undefined;
  if (engines[0] === 'pglite') return embeddedDatabases();
  return database === '' ? startDatabaseServer() : useDatabaseServer(database);
}

/** Of each variant the run in the middle, by its rate or its median latency; ratios are medians by themselves. */
function inTheMiddle(runs: readonly (readonly Result[])[]): readonly Result[] {
  const [first = []] = runs;
  return first.map((_, at) => {
    const same = runs.flatMap((results) => results[at] ?? []);
    const sorted = same.toSorted((a, b) => sizeOf(a) - sizeOf(b));
    const middle = sorted[Math.floor((sorted.length - 1) / 2)] as Result;
    const names = Object.keys(middle.ratios ?? {});
    if (names.length === 0) return middle;
    const ratios = names.map((name) => [
      name,
      medianOf(same.flatMap(({ ratios }) => ratios?.[name] ?? [])),
    ]);
    return { ...middle, ratios: Object.fromEntries(ratios) };
  });
}

function sizeOf({ tasksPerSecond, latencyMs }: Result): number {
  return tasksPerSecond ?? latencyMs?.p50 ?? 0;
}
