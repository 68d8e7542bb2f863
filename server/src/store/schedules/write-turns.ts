/**
 * Writes what turns have decided, however many schedules they are of: records first, whose key refuses a second one of the same
 * nominal time; then the tasks of those that are new; then the schedules, which were locked before.
 */
import { replacedReason } from '../../rules/schedule/overlap.ts';
import { type Fire, isWatched, type ScheduleId } from '../../rules/schedule/schedule.ts';
import type { DecidedFire } from '../../rules/schedule/turn.ts';
import type { NewTask, TaskId, TaskState } from '../../rules/task.ts';
import { bools, int4s, int8s, texts, times, uuids } from '../engines/codec.ts';
import { type Connection, statement } from '../engines/database.ts';
import type { CancelResult, DueSchedule, TakenTurn, TurnsReport, WrittenTurn } from '../store.ts';
import { storedOf } from '../submissions/insert.ts';
import { insertRows } from '../submissions/insert-rows.ts';
import { cancelIds } from '../tasks/cancel.ts';
import { decisionCode, scheduleStateCode, stage } from './schedule-rows.ts';

// The statement's time, not the transaction's: ends that the turn has seen may have been recorded since it began, and what waited
// for one of them is decided after it.
const decidedNow = 'statement_timestamp()';

const recordSql = statement(
  'fires_insert',
  `INSERT INTO fires (schedule_id, nominal_at, due_at, decided_at, decision, stage, backfill, task_id, last_nominal_at, skipped)
  SELECT schedule_id, nominal_at, due_at, ${decidedNow}, decision, stage, backfill, task_id, last_nominal_at, skipped
  FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int4[], $5::int4[], $6::bool[], $7::uuid[],
    $8::timestamptz[], $9::int4[])
    AS u(schedule_id, nominal_at, due_at, decision, stage, backfill, task_id, last_nominal_at, skipped)
  ON CONFLICT (schedule_id, nominal_at) DO NOTHING
  RETURNING schedule_id, nominal_at, decided_at`,
);

const decideSql = statement(
  'fires_decide',
  `UPDATE fires f SET decided_at = ${decidedNow}, decision = u.decision, stage = u.stage, backfill = u.backfill, task_id = u.task_id,
    last_nominal_at = NULL, skipped = 0
  FROM unnest($1::uuid[], $2::timestamptz[], $3::int4[], $4::int4[], $5::bool[], $6::uuid[])
    AS u(schedule_id, nominal_at, decision, stage, backfill, task_id)
  WHERE f.schedule_id = u.schedule_id AND f.nominal_at = u.nominal_at
  RETURNING f.schedule_id, f.nominal_at, f.decided_at`,
);

const endSql = statement(
  'fires_end',
  `UPDATE fires f SET stage = ${stage.done} FROM unnest($1::uuid[], $2::timestamptz[]) AS u(schedule_id, nominal_at)
  WHERE f.schedule_id = u.schedule_id AND f.nominal_at = u.nominal_at`,
);

const standSql = statement(
  'schedules_stand',
  `UPDATE schedules s SET state = u.state, next_at = u.next_at, look_at = u.look_at, fires = u.fires, failures = u.failures,
    pause_note = u.pause_note, paused_by_failures = u.paused_by_failures,
    updated_at = CASE WHEN s.state <> u.state THEN now() ELSE s.updated_at END
  FROM unnest($1::uuid[], $2::int4[], $3::timestamptz[], $4::timestamptz[], $5::int8[], $6::int4[], $7::text[], $8::bool[])
    AS u(id, state, next_at, look_at, fires, failures, pause_note, paused_by_failures)
  WHERE s.id = u.id`,
);

/** A turn with what it was decided about. */
export type DecidedTurn = { readonly due: DueSchedule; readonly taken: TakenTurn };

const noTurns: TurnsReport = Object.freeze({ turns: [], tasks: [], watched: [], cancelled: [] });

/** A record to be written, of one of the schedules. */
type Record = {
  readonly turn: DecidedTurn;
  readonly fire: DecidedFire;
  readonly task: NewTask | undefined;
};

/** A record that was written. */
type Written = Record & { readonly decidedAt: number };

type DecidedRow = {
  readonly schedule_id: ScheduleId;
  readonly nominal_at: number;
  readonly decided_at: number;
};

/** Writes turns; answers what was written. */
export async function writeTurns(
  connection: Connection,
  turns: readonly DecidedTurn[],
): Promise<TurnsReport> {
  if (turns.length === 0) return noTurns;
  const records = turns.flatMap((turn) =>
    turn.taken.turn.fires.map((fire) => ({
      turn,
      fire,
      task: turn.taken.tasks.get(fire.nominalAt),
    })),
  );
  const written = [
    ...(await insertRecords(
      connection,
      records.filter(({ fire }) => fire.fresh),
    )),
    ...(await changeRecords(
      connection,
      records.filter(({ fire }) => !fire.fresh),
    )),
  ];
  await noteEnds(connection, turns);
  const newTasks = written.flatMap(({ task }) => task ?? []);
  const stored = newTasks.length === 0 ? new Map() : await insertRows(connection, newTasks);
  const cancelled = await cancelReplaced(connection, turns);
  await writeStandings(connection, turns);
  const tasks = newTasks.map((task) => {
    const { state, lease } = storedOf(task, stored.get(task.id));
    return { taskId: task.id, handlerId: task.handlerId, state, lease };
  });
  const states = new Map(tasks.map(({ taskId, state }) => [taskId, state]));
  const byTurn = Map.groupBy(written, ({ turn }) => turn);
  return {
    turns: turns.map((turn) => writtenTurn(turn, byTurn.get(turn) ?? [], states)),
    tasks,
    watched: written.flatMap(({ turn, task }) =>
      task !== undefined && isWatched(turn.due.schedule.spec) ? [task.id] : [],
    ),
    cancelled,
  };
}

function stageOf({ turn, fire, task }: Record): number {
  if (task !== undefined) return isWatched(turn.due.schedule.spec) ? stage.running : stage.done;
  return fire.decision === 'BUFFERED' ? stage.waiting : stage.done;
}

const scheduleIds = (records: readonly Record[]) =>
  uuids(records.map(({ turn }) => turn.due.schedule.id));
const nominalTimes = (records: readonly Record[]) =>
  times(records.map(({ fire }) => fire.nominalAt));
const decisions = (records: readonly Record[]) =>
  int4s(records.map(({ fire }) => decisionCode(fire.decision)));
const stages = (records: readonly Record[]) => int4s(records.map(stageOf));
const backfills = (records: readonly Record[]) => bools(records.map(({ fire }) => fire.backfill));
const taskIds = (records: readonly Record[]) => uuids(records.map(({ task }) => task?.id));

/** Answers those that had no record; a second one of the same nominal time is dropped, and gets no task. */
async function insertRecords(
  connection: Connection,
  records: readonly Record[],
): Promise<readonly Written[]> {
  if (records.length === 0) return [];
  const rows = await connection.run<DecidedRow>(recordSql, [
    ...[scheduleIds(records), nominalTimes(records), times(records.map(({ fire }) => fire.dueAt))],
    ...[decisions(records), stages(records), backfills(records), taskIds(records)],
    times(records.map(({ fire }) => fire.lastNominalAt)),
    int4s(records.map(({ fire }) => fire.skipped)),
  ]);
  return writtenOf(records, rows);
}

async function changeRecords(
  connection: Connection,
  records: readonly Record[],
): Promise<readonly Written[]> {
  if (records.length === 0) return [];
  const rows = await connection.run<DecidedRow>(decideSql, [
    ...[scheduleIds(records), nominalTimes(records), decisions(records), stages(records)],
    ...[backfills(records), taskIds(records)],
  ]);
  return writtenOf(records, rows);
}

function writtenOf(records: readonly Record[], rows: readonly DecidedRow[]): readonly Written[] {
  const at = new Map(rows.map((row) => [`${row.schedule_id} ${row.nominal_at}`, row.decided_at]));
  return records.flatMap((record) => {
    const decidedAt = at.get(`${record.turn.due.schedule.id} ${record.fire.nominalAt}`);
    return decidedAt === undefined ? [] : [{ ...record, decidedAt }];
  });
}

async function noteEnds(connection: Connection, turns: readonly DecidedTurn[]): Promise<void> {
  const ended = turns.flatMap(({ due, taken }) =>
    taken.turn.ended.map((nominalAt) => ({ id: due.schedule.id, nominalAt })),
  );
  if (ended.length === 0) return;
  await connection.run(endSql, [
    uuids(ended.map(({ id }) => id)),
    times(ended.map(({ nominalAt }) => nominalAt)),
  ]);
}

async function cancelReplaced(
  connection: Connection,
  turns: readonly DecidedTurn[],
): Promise<readonly Omit<CancelResult, 'more'>[]> {
  const byNamespace = new Map<number, { of: DecidedTurn; ids: TaskId[] }>();
  for (const turn of turns) {
    if (turn.taken.turn.cancel.length === 0) continue;
    const { namespaceId } = turn.due.schedule;
    const group = byNamespace.get(namespaceId) ?? { of: turn, ids: [] };
    byNamespace.set(namespaceId, group);
    group.ids.push(...turn.taken.turn.cancel);
  }
  const results: Omit<CancelResult, 'more'>[] = [];
  for (const { of, ids } of byNamespace.values())
    results.push(await cancelIds(connection, of.due.schedule.namespaceId, ids, replacedReason));
  return results;
}

async function writeStandings(
  connection: Connection,
  turns: readonly DecidedTurn[],
): Promise<void> {
  const standings = turns.map(({ taken }) => taken.turn.standing);
  await connection.run(standSql, [
    uuids(turns.map(({ due }) => due.schedule.id)),
    int4s(standings.map(({ state }) => scheduleStateCode(state))),
    times(standings.map(({ nextAt }) => nextAt)),
    times(standings.map(({ lookAt }) => lookAt)),
    int8s(standings.map(({ fires }) => fires)),
    int4s(standings.map(({ failures }) => failures)),
    texts(standings.map(({ pauseNote }) => pauseNote)),
    bools(standings.map(({ pausedByFailures }) => pausedByFailures)),
  ]);
}

function writtenTurn(
  { due, taken }: DecidedTurn,
  written: readonly Written[],
  states: ReadonlyMap<TaskId, TaskState>,
): WrittenTurn {
  const { schedule, now } = due;
  return {
    schedule,
    standing: taken.turn.standing,
    now,
    fires: written.map(({ fire, task, decidedAt }): Fire => {
      const { nominalAt, dueAt, decision, lastNominalAt, skipped } = fire;
      const told = { nominalAt, dueAt, decision, lastNominalAt, skipped, decidedAt };
      if (task === undefined) return { ...told, taskId: null, taskState: null };
      return { ...told, taskId: task.id, taskState: states.get(task.id) ?? null };
    }),
  };
}
