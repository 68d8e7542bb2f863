// What limits and turns cost: a line of tasks of as many keys as tasks, one key with nearly all of it beside many small ones, and the
// latency of others while a million wait in one key. Compared with a line without limits in the same run.

import type { HandlerLimits } from '@muster/sdk';
import { momentOf } from '../database/ended.ts';
import { type Observer, until } from '../database/observer.ts';
import { costOf, megabytes, rateOf, ratesBeside, statisticsOf } from '../figures.ts';
import type { SubmitOrder } from '../protocol.ts';
import { type Result, round } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

interface Line {
  readonly variant: string;
  readonly limits: HandlerLimits;
  /** Of each task that is measured: one of its own. */
  readonly ownKeys?: boolean;
  /** Many tasks of one key wait, and then ten of each of a hundred others. */
  readonly tenants?: boolean;
}

const handler = 'bench.noop';
const slots = 4_000;
const alone = 'no limits';
const lines: readonly Line[] = [
  { variant: alone, limits: {} },
  { variant: 'a key each, 1 at once', limits: { keyConcurrency: 1 }, ownKeys: true },
  { variant: 'one big tenant, 100 small', limits: { fair: true }, tenants: true },
];
const smallTenants = 100;
const smallTasks = 10;
/** Each look walks over the index entries of what has ended; when exactly is read afterwards. */
const lookEveryMs = 1_000;
const limitMs = 15 * 60_000;

/** The time ends when as many as are measured have ended. */
export const lanes: Scenario = {
  name: 'lanes',
  about: 'no-op tasks wait under limits, then agents with 4,000 slots arrive',
  extent: { tasks: 100_000, behind: 1_000_000 },
  engines: ['postgres'],
  beside: 'nothing',
  run: async (context) =>
    ratesBeside(await eachVariant(context, lines, (line) => measure(context, line)), alone),
};

function measure(context: ScenarioContext, line: Line): Promise<readonly Result[]> {
  const { server, tasks, behind, inputBytes } = context;
  return withSystem(context, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    const order = { handler, callTasks: 100, inFlight: 16, inputBytes };
    const warmUp = Math.ceil(tasks / 10);
    await agents.join();
    await client.limit({ handler, limits: line.limits });
    await client.submit({ ...order, tasks: warmUp, ...keysOf(line) });
    await observer.settled();
    await agents.leave();
    const waiting = line.tenants ? behind : tasks;
    const keys = keysOf(line);
    await client.submit({ ...order, tasks: waiting, ...keys });
    if (line.tenants) await client.submit({ ...order, ...smallOnes() });
    await observer.run('VACUUM (ANALYZE) tasks, lanes');
    await observer.run('CHECKPOINT');
    await observer.resetStatistics();
    const cost = costOf(system);
    const beganAt = Date.now();
    await agents.join();
    await untilEnded(observer, warmUp + tasks);
    const facts = { waiting, ...cost(tasks) };
    const memoryMb = megabytes(coordinator.memoryPeak());
    await system.stop();
    const endedAt = await momentOf(observer, warmUp + tasks);
    const ended = await countEnded(system);
    const result = {
      ...{ scenario: 'lanes', variant: line.variant, database: server.engine, tasks, memoryMb },
      tasksPerSecond: rateOf(tasks, beganAt, endedAt),
      ...(await statisticsOf(observer, ended - warmUp)),
      facts: { ...facts, ...(line.tenants ? await fairnessOf(observer) : {}) },
    };
    return [result];
  });
}

function keysOf({ ownKeys, tenants }: Line): Pick<SubmitOrder, 'keys'> {
  if (ownKeys) return { keys: 'each' };
  return tenants ? { keys: ['big'] } : {};
}

function smallOnes() {
  const keys = Array.from({ length: smallTenants }, (_, n) => `small-${n}`);
  return { tasks: smallTenants * smallTasks, keys };
}

/** How much of the big tenant's had begun when the last of each small one did. */
async function fairnessOf(observer: Observer): Promise<Record<string, number>> {
  const [row] = await observer.run<{ share: string; waiting: string }>(
    `WITH small AS (SELECT max(leased_at) AS last, count(*) FILTER (WHERE leased_at IS NULL) AS waiting
       FROM tasks WHERE key LIKE 'small-%')
     SELECT small.waiting, 100.0 * count(*) FILTER (WHERE t.leased_at < small.last) / count(*) AS share
     FROM tasks t, small WHERE t.key = 'big' GROUP BY small.waiting`,
  );
  if (row === undefined || Number(row.waiting) > 0)
    throw new Error(`${row?.waiting} tasks of small tenants had not begun.`);
  return { 'begun of the big one when the last small one did, %': round(Number(row.share), 2) };
}

async function untilEnded(observer: Observer, count: number): Promise<void> {
  const how = { everyMs: lookEveryMs, limitMs, what: 'The end of those that are measured' };
  await observer.run('SET enable_seqscan = off');
  await until(async () => {
    const [row] = await observer.run<{ reached: boolean }>(
      `SELECT count(*) >= $1 AS reached FROM (
         SELECT FROM tasks WHERE handler_id = (SELECT id FROM handlers WHERE name = $2) AND state = 5 LIMIT $1) ended`,
      [count, handler],
    );
    return row?.reached === true;
  }, how);
  await observer.run('RESET enable_seqscan');
}

/** All that have ended have succeeded; none runs. */
async function countEnded({ observer }: System): Promise<number> {
  const { SUCCEEDED: ended = 0, WAITING: _w, READY: _r, ...other } = await observer.countStates();
  if (Object.keys(other).length === 0) return ended;
  throw new Error(`Tasks were found in other states: ${JSON.stringify(other)}.`);
}
