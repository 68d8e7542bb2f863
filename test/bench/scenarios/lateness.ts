// How late schedules are: from the nominal time to the decision that it fires, and to the start of the handler, beside a
// bare timer that is set to the same moment in the agent's process.
//
// The database, which decides, and the agent, which starts, are on one machine, so that one clock says both; it is read in
// whole milliseconds.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Observer, until } from '../database/observer.ts';
import { costOf, megabytes, statisticsOf } from '../figures.ts';
import type { Noted, TimedStart } from '../protocol.ts';
import { percentilesOf, type Result, round } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

interface Load {
  readonly variant: string;
  readonly schedules: number;
  /** A nominal time of each schedule in each of so many seconds at most; 0: one in all. */
  readonly seconds: number;
}

const loads: readonly Load[] = [
  { variant: '300 each second', schedules: 300, seconds: 20 },
  { variant: '2,600 each second', schedules: 2_600, seconds: Number.POSITIVE_INFINITY },
  { variant: '10,000 at one moment', schedules: 10_000, seconds: 0 },
];

/** Room for all that is due at a time, as far as it is short. */
const slots = 4_000;
const prefix = 'lateness';
/** Schedules of each second for ten seconds, until shortly before: code is compiled, plans are made, connections are open. */
const warmUp = { prefix: 'warm', schedules: 300 };
const quietMs = 1_500;
/** From applying them to the first nominal time: it must not have passed when they are stored. */
const aheadMs = 12_000;
const aheadMsPerSchedule = 1;
const doneMs = 10 * 60_000;

/** Three results of each load: to the decision, to the start, and the bare timer. */
export const lateness: Scenario = {
  name: 'lateness',
  about: 'nominal time → fire decided, handler started, beside a bare timer; 4,000 slots',
  extent: { seconds: 60 },
  engines: ['postgres'],
  beside: 'eachMinute',
  run: (context) => eachVariant(context, loads, (load) => measure(context, load)),
};

/** What is asked for: each schedule's nominal times are so many whole seconds in a row. */
interface Demand {
  readonly schedules: number;
  readonly from: number;
  readonly moments: number;
}

function measure(context: ScenarioContext, load: Load): Promise<readonly Result[]> {
  const { server, nats } = context;
  const schedules = Math.min(load.schedules, context.schedules);
  return withSystem({ server, nats }, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    await agents.join();
    const ahead = aheadMs + aheadMsPerSchedule * schedules;
    const from = Math.ceil((Date.now() + ahead) / 1_000) * 1_000;
    const moments = Math.max(1, Math.min(load.seconds, context.seconds));
    const demand = { schedules, from, moments };
    const { tookMs } = await client.apply({ prefix, schedules, times: timesOf(load, demand) });
    await client.apply({ ...warmUp, times: warmUpTimes(from) });
    await agents.setTimers(from, moments, schedules);
    await sleep(from - quietMs / 2 - Date.now());
    await observer.resetStatistics();
    const cost = costOf(system);
    await sleep(from + moments * 1_000 - Date.now());
    await untilDone(observer);
    const noted = await agents.take();
    const costs = cost(schedules * moments);
    const memoryMb = megabytes(coordinator.memoryPeak());
    const fires = await readFires(observer);
    const facts = { schedules, 'applied in s': round(tookMs / 1_000, 2), ...costs };
    return resultsOf(system, load, { demand, noted, fires, memoryMb, facts });
  });
}

function timesOf({ seconds }: Load, { from, moments }: Demand) {
  if (seconds === 0) return { at: from };
  return { eachSecond: { from, until: from + moments * 1_000 } };
}

function warmUpTimes(from: number) {
  const now = Math.ceil(Date.now() / 1_000) * 1_000;
  if (now + quietMs >= from) throw new Error('Applying the schedules took too long: slow machine?');
  return { eachSecond: { from: now, until: from - quietMs } };
}

async function untilDone(observer: Observer): Promise<void> {
  const isDone = async () => {
    const [row] = await observer.run<{ active: boolean }>(
      'SELECT EXISTS (SELECT FROM schedules WHERE look_at IS NOT NULL) AS active',
    );
    return row?.active === false;
  };
  await until(isDone, { everyMs: 250, limitMs: doneMs, what: 'The last time of all schedules' });
  await observer.settled();
}

/** What the records say of those that got a task: milliseconds from the nominal time to the decision. */
async function readFires(observer: Observer): Promise<readonly number[]> {
  const rows = await observer.run<{ late: string }>(
    `SELECT extract(epoch FROM f.decided_at - f.nominal_at) * 1000 AS late
     FROM fires f JOIN schedules s ON s.id = f.schedule_id
     WHERE s.name LIKE '${prefix}/%' AND f.task_id IS NOT NULL`,
  );
  return rows.map(({ late }) => Number(late));
}

async function resultsOf(
  system: System,
  { variant }: Load,
  measured: {
    readonly demand: Demand;
    readonly noted: Noted;
    readonly fires: readonly number[];
    readonly memoryMb: number;
    readonly facts: Readonly<Record<string, number>>;
  },
): Promise<readonly Result[]> {
  const { demand, noted, fires, memoryMb, facts } = measured;
  const { startedMs, distinct, lost, doubled } = countStarts(noted.starts, demand);
  const timers = percentilesOf(noted.timers);
  const result = { scenario: 'lateness', database: 'postgres' } as const;
  await system.stop();
  const statistics = await statisticsOf(system.observer, distinct);
  return [
    {
      ...{ ...result, variant: `${variant}, to decision`, tasks: fires.length },
      latencyMs: percentilesOf(fires),
    },
    {
      ...{ ...result, variant: `${variant}, to start`, tasks: distinct, memoryMb },
      latencyMs: percentilesOf(startedMs),
      ...statistics,
      facts: { lost, doubled, ...facts },
    },
    {
      ...{ ...result, variant: `${variant}, bare timer`, tasks: noted.timers.length },
      latencyMs: timers,
    },
  ];
}

/** Nominal times that no handler has started for are lost; starts beyond the first of a nominal time are doubled. */
function countStarts(starts: readonly TimedStart[], { schedules, from, moments }: Demand) {
  const keys = new Set<string>();
  const startedMs: number[] = [];
  let doubled = 0;
  for (const [key, , nominalAt, startedAt] of starts) {
    if (!key.startsWith(`${prefix}/`) || nominalAt < from) continue;
    if (keys.has(key)) doubled += 1;
    else startedMs.push(startedAt - nominalAt);
    keys.add(key);
  }
  return { startedMs, distinct: keys.size, lost: schedules * moments - keys.size, doubled };
}
