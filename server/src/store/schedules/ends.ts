/**
 * Ends of tasks that matter to their schedules: noted in the record, which makes it the schedule's turn.
 *
 * An outcome is recorded by a flush that knows nothing of schedules; whoever hears of it, or looks now and then, notes it here in
 * a transaction of its own. The schedule's row is locked before the record, as in a turn.
 */
import type { ScheduleId } from '../../rules/schedule/schedule.ts';
import type { TaskId } from '../../rules/task.ts';
import { times, uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { code } from '../rows.ts';
import type { Schedules } from '../store.ts';
import { stage } from './schedule-rows.ts';

/** SQL: columns that say when the next turn of any schedule is due, and whether ends of tasks matter to any. */
export const lookColumns = `(SELECT ceil(extract(epoch FROM look_at - now()) * 1000)::int8 FROM schedules WHERE look_at IS NOT NULL
    ORDER BY look_at LIMIT 1) AS look_in_ms, EXISTS (SELECT FROM fires WHERE stage = ${stage.running}) AS watching`;

const peekSql = statement('schedules_peek', `SELECT ${lookColumns}`);

// No statement of these locks rows and reads tasks at once: see row-locks.ts. A task that has ended stays so, and one that is gone
// has ended, too. OFFSET 0 has each task looked up by itself, whatever the planner thinks of a table that nobody has analysed.
const endedSql = statement(
  'ends_read',
  `SELECT f.schedule_id, f.nominal_at FROM unnest($1::uuid[]) AS a(id)
  CROSS JOIN LATERAL (
    SELECT schedule_id, nominal_at, task_id FROM fires WHERE task_id = a.id AND stage = ${stage.running} OFFSET 0) f
  LEFT JOIN tasks t ON t.id = f.task_id WHERE t.id IS NULL OR t.state + 0 > ${code.running}`,
);

const lockSql = statement(
  'ends_lock',
  `SELECT id FROM schedules WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
);

const noteSql = statement(
  'ends_note',
  `WITH noted AS (
    UPDATE fires f SET stage = ${stage.ended} FROM unnest($1::uuid[], $2::timestamptz[]) AS u(schedule_id, nominal_at)
    WHERE f.schedule_id = u.schedule_id AND f.nominal_at = u.nominal_at AND f.stage = ${stage.running}
    RETURNING f.schedule_id)
  UPDATE schedules s SET look_at = now() FROM (SELECT DISTINCT schedule_id FROM noted) n
  WHERE s.id = n.schedule_id AND (s.look_at IS NULL OR s.look_at > now())
  RETURNING s.id`,
);

const findSql = statement(
  'ends_find',
  `SELECT f.task_id, (t.id IS NULL OR t.state + 0 > ${code.running}) AS ended FROM (
    SELECT task_id FROM fires WHERE stage = ${stage.running} AND task_id > $1::uuid ORDER BY task_id LIMIT $2::int4) f
  LEFT JOIN tasks t ON t.id = f.task_id`,
);

type EndedRow = { readonly schedule_id: ScheduleId; readonly nominal_at: number };

const noId = '00000000-0000-0000-0000-000000000000';

/** Ends over a database. */
export function createEnds(database: Database): Pick<Schedules, 'peek' | 'noteEnds' | 'findEnds'> {
  return {
    peek: async () => {
      const [row] = await database.run<{ look_in_ms: number | null; watching: boolean }>(peekSql);
      return { lookInMs: row?.look_in_ms ?? null, watching: row?.watching ?? false };
    },
    noteEnds: async (taskIds) => {
      const ended = await database.run<EndedRow>(endedSql, [uuids(taskIds)]);
      if (ended.length === 0) return 0;
      const schedules = uuids(ended.map((row) => row.schedule_id));
      const nominalTimes = times(ended.map((row) => row.nominal_at));
      return database.transaction(async (connection) => {
        await connection.run(lockSql, [schedules]);
        return (await connection.run(noteSql, [schedules, nominalTimes])).length;
      });
    },
    findEnds: async (after, limit) => {
      const rows = await database.run<{ task_id: TaskId; ended: boolean }>(findSql, [
        after ?? noId,
        limit,
      ]);
      const found = (wanted: boolean) =>
        rows.filter((row) => row.ended === wanted).map(({ task_id }) => task_id);
      const last =
        rows
          .map(({ task_id }) => task_id)
          .sort()
          .at(-1) ?? null;
      return {
        ended: found(true),
        unfinished: found(false),
        last: rows.length < limit ? null : last,
      };
    },
  };
}
