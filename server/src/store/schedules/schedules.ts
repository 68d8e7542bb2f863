/**
 * Schedules and their records as readers ask for them, and their ends.
 */
import { type Kysely, sql } from 'kysely';
import type { Fire } from '../../rules/schedule/schedule.ts';
import type { NamespaceId } from '../../rules/task.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import type { Schema } from '../schema.ts';
import type { DeletedSchedule, ScheduleQuery, Schedules } from '../store.ts';
import { createApply } from './apply.ts';
import { createEnds } from './ends.ts';
import {
  decisionCode,
  type FireRow,
  fireOf,
  type ScheduleRow,
  scheduleOf,
  scheduleStateCode,
  scheduleStateOf,
  stage,
} from './schedule-rows.ts';
import { createTurns } from './turns.ts';

const deleteSql = statement(
  'schedules_delete',
  `DELETE FROM schedules WHERE namespace_id = $1::int4 AND name = $2::text RETURNING id, handler_id, state`,
);

const closeSql = statement(
  'schedules_close',
  `UPDATE fires SET stage = ${stage.done} WHERE schedule_id = $1::uuid AND stage > ${stage.done}`,
);

type DeletedRow = Pick<ScheduleRow, 'id' | 'handler_id' | 'state'>;

/** Schedules over a database. */
export function createSchedules(database: Database): Schedules {
  return {
    ...createApply(database),
    ...createTurns(database),
    ...createEnds(database),
    get: (namespaceId, name) =>
      database.cold(async (kysely) => {
        const row = await scheduleRows(kysely)
          .where('s.namespace_id', '=', namespaceId)
          .where('s.name', '=', name)
          .executeTakeFirst();
        return row === undefined ? null : scheduleOf(row as ScheduleRow);
      }),
    list: (query) => database.cold((kysely) => list(kysely, query)),
    names: (namespaceId, limit) =>
      database.cold(async (kysely) => {
        const rows = await kysely
          .selectFrom('schedules')
          .select('name')
          .where('namespace_id', '=', namespaceId)
          .orderBy('name')
          .limit(limit)
          .execute();
        return rows.map(({ name }) => name);
      }),
    delete: (namespaceId, name) =>
      database.transaction((connection) => deleteSchedule(connection, namespaceId, name)),
    fires: (query) => database.cold((kysely) => listFires(kysely, query)),
    // What is not done with stays as long as its schedule is there.
    deleteFires: (retentionMs, limit) =>
      database.cold(async (kysely) => {
        const result = await sql`DELETE FROM fires WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM fires WHERE stage = ${sql.lit(stage.done)}
            AND decided_at < now() - ${Math.round(retentionMs)}::int8 * interval '1 millisecond'
          ORDER BY decided_at LIMIT ${limit}))`.execute(kysely);
        return Number(result.numAffectedRows ?? 0);
      }),
  };
}

/** Its records go with retention; nobody can ask for them any more. */
async function deleteSchedule(
  connection: Connection,
  namespaceId: NamespaceId,
  name: string,
): Promise<DeletedSchedule | null> {
  const [row] = await connection.run<DeletedRow>(deleteSql, [namespaceId, name]);
  if (row === undefined) return null;
  await connection.run(closeSql, [row.id]);
  return { id: row.id, name, handlerId: row.handler_id, state: scheduleStateOf(row.state) };
}

function scheduleRows(kysely: Kysely<Schema>) {
  return kysely
    .selectFrom('schedules as s')
    .innerJoin('handlers as h', 'h.id', 's.handler_id')
    .select(['s.id', 's.namespace_id', 's.name', 's.handler_id', 'h.name as handler', 's.state'])
    .select(['s.spec', 's.input_type', 's.input', 's.next_at', 's.fires', 's.failures'])
    .select(['s.pause_note', 's.paused_by_failures', 's.created_at', 's.updated_at']);
}

async function list(kysely: Kysely<Schema>, query: ScheduleQuery) {
  let rows = scheduleRows(kysely)
    .where('s.namespace_id', '=', query.namespaceId)
    .where('s.name', '>', query.after);
  if (query.handlerId !== null) rows = rows.where('s.handler_id', '=', query.handlerId);
  if (query.states.length > 0)
    rows = rows.where('s.state', 'in', query.states.map(scheduleStateCode));
  const found = await rows
    .orderBy('s.name')
    .limit(query.limit + 1)
    .execute();
  const schedules = found.slice(0, query.limit).map((row) => scheduleOf(row as ScheduleRow));
  return { schedules, more: found.length > query.limit };
}

async function listFires(
  kysely: Kysely<Schema>,
  { scheduleId, decisions, before, limit }: Parameters<Schedules['fires']>[0],
): Promise<{ readonly fires: readonly Fire[]; readonly more: boolean }> {
  let rows = kysely
    .selectFrom('fires as f')
    .leftJoin('tasks as t', 't.id', 'f.task_id')
    .select(['f.nominal_at', 'f.due_at', 'f.decided_at', 'f.decision', 'f.task_id'])
    .select(['t.state as task_state', 'f.last_nominal_at', 'f.skipped'])
    .where('f.schedule_id', '=', scheduleId);
  if (decisions.length > 0) rows = rows.where('f.decision', 'in', decisions.map(decisionCode));
  if (before !== null)
    rows = rows.where(
      'f.nominal_at',
      '<',
      sql<number>`'epoch'::timestamptz + ${before}::int8 * interval '1 millisecond'`,
    );
  const found = await rows
    .orderBy('f.nominal_at', 'desc')
    .limit(limit + 1)
    .execute();
  const fires = found.slice(0, limit).map((row) => fireOf(row as FireRow));
  return { fires, more: found.length > limit };
}
