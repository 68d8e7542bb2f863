// How fast a line of waiting tasks is worked off once agents arrive: alone, with many more tasks of the same handler
// behind it, and with as many of a handler that nobody serves.

import { momentOf } from '../database/ended.ts';
import type { Observer } from '../database/observer.ts';
import { until } from '../database/observer.ts';
import { costOf, megabytes, rateOf, ratesBeside, statisticsOf } from '../figures.ts';
import type { Result } from '../result.ts';
import { eachVariant, type Scenario, type ScenarioContext } from '../scenario.ts';
import { type System, withSystem } from '../system.ts';

interface Line {
  readonly variant: string;
  /** Handler of those that wait behind the measured ones. */
  readonly behind?: string;
}

const handler = 'bench.noop';
const lines: readonly Line[] = [
  { variant: 'alone' },
  { variant: 'more behind', behind: handler },
  { variant: 'more of another handler', behind: 'bench.behind' },
];
const slots = 4_000;
const lookEveryMs = 20;
const limitMs = 15 * 60_000;

/** The measured ones are first in line; the time ends when so many outcomes are recorded. */
export const backlog: Scenario = {
  name: 'backlog',
  about: 'no-op tasks wait, then agents with 4,000 slots arrive',
  extent: { tasks: 100_000, behind: 2_000_000 },
  engines: ['postgres'],
  beside: 'line',
  run: async (context) =>
    ratesBeside(await eachVariant(context, lines, (line) => measure(context, line)), 'alone'),
};

function measure(context: ScenarioContext, line: Line): Promise<readonly Result[]> {
  const { server, tasks, behind, inputBytes } = context;
  return withSystem(context, { slots }, async (system) => {
    const { coordinator, agents, client, observer } = system;
    const order = { handler, callTasks: 100, inFlight: 16, inputBytes };
    const warmUp = Math.ceil(tasks / 10);
    await agents.join();
    await client.submit({ ...order, tasks: warmUp });
    await observer.settled();
    await agents.leave();
    await client.submit({ ...order, tasks });
    const last = await lastInLine(observer);
    if (line.behind) await standBehind(observer, line.behind, behind, inputBytes);
    await observer.run('VACUUM (ANALYZE) tasks');
    await observer.run('CHECKPOINT');
    await observer.resetStatistics();
    const cost = costOf(system);
    const beganAt = Date.now();
    await agents.join();
    await untilEnded(observer, last, warmUp + tasks);
    const facts = cost(tasks);
    const memoryMb = megabytes(coordinator.memoryPeak());
    await system.stop();
    const ended = await checkStates(system, warmUp + tasks, line.behind ? behind : 0);
    const endedAt = await momentOf(observer, warmUp + tasks);
    const result = {
      ...{ scenario: 'backlog', variant: line.variant, database: server.engine, tasks, memoryMb },
      tasksPerSecond: rateOf(tasks, beganAt, endedAt),
      ...(await statisticsOf(observer, ended - warmUp)),
      facts: { 'waiting behind': line.behind ? behind : 0, ...facts },
    };
    return [result];
  });
}

async function lastInLine(observer: Observer): Promise<string> {
  const [row] = await observer.run<{ id: string }>(
    'SELECT id FROM tasks WHERE state = 3 ORDER BY due_at DESC, id DESC LIMIT 1',
  );
  if (row === undefined) throw new Error('No task waits.');
  return row.id;
}

/** Stores tasks that are due a little after all others, by SQL because there are many. */
async function standBehind(
  observer: Observer,
  name: string,
  count: number,
  inputBytes: number,
): Promise<void> {
  await observer.run(
    `INSERT INTO handlers (namespace_id, name) VALUES (1, $1) ON CONFLICT DO NOTHING`,
    [name],
  );
  // An id is a UUIDv7: milliseconds, the version, then what is different for each.
  await observer.run(
    `INSERT INTO tasks (id, namespace_id, handler_id, state, created_at, due_at, input_type, input, content_hash)
     SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + n / 1000), 12, '0')
         || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
       1, h.id, 3, now(), now() + n * interval '1 microsecond', 'application/json',
       convert_to('{"text":"' || repeat('x', $3::int4 - 11) || '"}', 'UTF8'), decode(md5(n::text), 'hex')
     FROM handlers h, generate_series(1, $2::int8) AS n WHERE h.namespace_id = 1 AND h.name = $1`,
    [name, count, inputBytes],
  );
}

/** The one that was last in line has ended, and as many as stood in it: then everything is counted, which takes long. */
async function untilEnded(observer: Observer, last: string, count: number): Promise<void> {
  const how = { everyMs: lookEveryMs, limitMs, what: 'The end of the line' };
  await until(async () => {
    const [row] = await observer.run<{ ended: boolean }>(
      'SELECT ended_at IS NOT NULL AS ended FROM tasks WHERE id = $1',
      [last],
    );
    return row?.ended === true;
  }, how);
  await until(async () => {
    const [row] = await observer.run<{ count: string }>(
      'SELECT count(*) AS count FROM tasks WHERE ended_at IS NOT NULL',
    );
    return Number(row?.count) >= count;
  }, how);
}

/** Those first in line have succeeded and the others wait or have succeeded too; answers how many have. */
async function checkStates(
  { observer }: System,
  firstInLine: number,
  behind: number,
): Promise<number> {
  const { SUCCEEDED: ended = 0, READY: ready = 0, ...other } = await observer.countStates();
  const isRight =
    ended >= firstInLine &&
    ended + ready === firstInLine + behind &&
    Object.keys(other).length === 0;
  if (isRight) return ended;
  const found = JSON.stringify({ SUCCEEDED: ended, READY: ready, ...other });
  throw new Error(
    `${firstInLine} tasks should have succeeded, ${behind} behind them; found ${found}.`,
  );
}
