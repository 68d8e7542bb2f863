/**
 * Turns of schedules: their rows are locked, what a turn must know is read, and all that was decided is written, in one transaction.
 *
 * Rows that another replica has locked are passed over, so replicas share what is due. What is read after the lock was given
 * sees every turn before: a snapshot from before the lock would count too few of the running tasks.
 */
import type { FireDecision, OpenFire, ScheduleId } from '../../rules/schedule/schedule.ts';
import type { NamespaceId, Payload } from '../../rules/task.ts';
import { times, uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { code, payloadOf } from '../rows.ts';
import type { Decide, DueSchedule, Schedules } from '../store.ts';
import {
  decisionOf,
  type OpenRow,
  openFireOf,
  type ScheduleRow,
  scheduleColumns,
  scheduleOf,
  scheduleSource,
  stage,
} from './schedule-rows.ts';
import { type DecidedTurn, writeTurns } from './write-turns.ts';

const claimSql = statement(
  'schedules_claim',
  `SELECT ${scheduleColumns}, now() AS now FROM ${scheduleSource} WHERE s.look_at <= now()
  ORDER BY s.look_at LIMIT $1::int4 FOR UPDATE OF s SKIP LOCKED`,
);

const lockSql = statement(
  'schedules_lock',
  `SELECT ${scheduleColumns}, now() AS now FROM ${scheduleSource}
  WHERE s.namespace_id = $1::int4 AND s.name = $2::text FOR UPDATE OF s`,
);

// Of a schedule that need not know what runs, only what has ended or waits: without a bound, thousands may run.
const openSql = statement(
  'schedules_open',
  `SELECT f.schedule_id, f.nominal_at, f.due_at, f.backfill, f.task_id, t.state AS task_state, t.ended_at
  FROM unnest($1::uuid[]) AS a(id) JOIN schedules s ON s.id = a.id
  JOIN fires f ON f.schedule_id = a.id AND f.stage > ${stage.done} AND (f.stage > ${stage.running} OR s.limited)
  LEFT JOIN tasks t ON t.id = f.task_id
  ORDER BY f.decided_at, f.nominal_at`,
);

/** How many of the newest records are looked through for the last output. */
const outputWalkMax = 1_000;
/** A larger one is not put into an input. */
const outputBytesMax = 65_536;

const outputSql = statement(
  'schedules_output',
  `SELECT a.id, p.output_type, p.output FROM unnest($1::uuid[]) AS a(id) CROSS JOIN LATERAL (
    SELECT t.output_type, CASE WHEN octet_length(t.output) <= ${outputBytesMax} THEN t.output END AS output FROM (
      SELECT f.task_id, f.nominal_at FROM fires f WHERE f.schedule_id = a.id ORDER BY f.nominal_at DESC LIMIT ${outputWalkMax}) f
    JOIN tasks t ON t.id = f.task_id
    WHERE t.state + 0 = ${code.succeeded}
    ORDER BY f.nominal_at DESC LIMIT 1) p`,
);

const presentSql = statement(
  'schedules_present',
  `SELECT nominal_at, decision FROM fires
  WHERE schedule_id = $1::uuid AND nominal_at >= ($2::timestamptz[])[1] AND nominal_at < ($2::timestamptz[])[2]`,
);

type ClaimedRow = ScheduleRow & { readonly now: number };
type OutputRow = {
  readonly id: ScheduleId;
  readonly output_type: string | null;
  readonly output: Buffer | null;
};

/** Turns over a database. */
export function createTurns(database: Database): Pick<Schedules, 'takeTurns' | 'takeTurnOf'> {
  return {
    takeTurns: (limit, tasksMax, decide, claimed) =>
      database.transaction(async (connection) => {
        const rows = await connection.run<ClaimedRow>(claimSql, [limit]);
        claimed?.(rows.length);
        const due = await readDue(connection, rows);
        return writeTurns(connection, decideUntil(due, tasksMax, decide));
      }),
    takeTurnOf: (namespaceId, name, range, decide) =>
      database.transaction(async (connection) => {
        const due = await lockOne(connection, namespaceId, name);
        if (due === null) return null;
        const present = range === null ? new Map() : await readPresent(connection, due, range);
        return writeTurns(connection, [{ due, taken: decide(due, present) }]);
      }),
  };
}

/** What is over the limit is due still, and comes with the next turns. */
function decideUntil(
  due: readonly DueSchedule[],
  tasksMax: number,
  decide: Decide,
): readonly DecidedTurn[] {
  const decided: DecidedTurn[] = [];
  let tasks = 0;
  for (const each of due) {
    if (tasks >= tasksMax) break;
    const taken = decide(each);
    decided.push({ due: each, taken });
    tasks += taken.tasks.size;
  }
  return decided;
}

async function lockOne(
  connection: Connection,
  namespaceId: NamespaceId,
  name: string,
): Promise<DueSchedule | null> {
  const rows = await connection.run<ClaimedRow>(lockSql, [namespaceId, name]);
  const [due] = await readDue(connection, rows);
  return due ?? null;
}

async function readDue(
  connection: Connection,
  rows: readonly ClaimedRow[],
): Promise<readonly DueSchedule[]> {
  if (rows.length === 0) return [];
  const open = await readOpen(connection, rows);
  const outputs = await readOutputs(connection, rows);
  return rows.map((row) => ({
    schedule: scheduleOf(row),
    open: open.get(row.id) ?? [],
    previousOutput: outputs.get(row.id) ?? null,
    now: row.now,
  }));
}

async function readOpen(
  connection: Connection,
  rows: readonly ClaimedRow[],
): Promise<ReadonlyMap<ScheduleId, OpenFire[]>> {
  const found = await connection.run<OpenRow>(openSql, [uuids(rows.map(({ id }) => id))]);
  const open = new Map<ScheduleId, OpenFire[]>();
  for (const row of found) {
    const fires = open.get(row.schedule_id);
    if (fires === undefined) open.set(row.schedule_id, [openFireOf(row)]);
    else fires.push(openFireOf(row));
  }
  return open;
}

async function readOutputs(
  connection: Connection,
  rows: readonly ClaimedRow[],
): Promise<ReadonlyMap<ScheduleId, Payload | null>> {
  const asking = rows.filter(
    ({ spec, input }) => spec.task.inputIsTemplate && input?.includes('{{previous_output}}'),
  );
  if (asking.length === 0) return new Map();
  const found = await connection.run<OutputRow>(outputSql, [uuids(asking.map(({ id }) => id))]);
  return new Map(found.map((row) => [row.id, payloadOf(row.output_type, row.output)]));
}

async function readPresent(
  connection: Connection,
  { schedule }: DueSchedule,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<number, FireDecision>> {
  const rows = await connection.run<{ nominal_at: number; decision: number }>(presentSql, [
    schedule.id,
    times([from, to]),
  ]);
  return new Map(rows.map(({ nominal_at, decision }) => [nominal_at, decisionOf(decision)]));
}
