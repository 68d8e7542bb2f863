/**
 * Ends of tasks that matter to their schedules: noted in the record, which makes it the schedule's turn.
 *
 * An outcome is recorded by a flush that knows nothing of schedules; whoever hears of it, or looks now and then, notes it here in
 * a transaction of its own. The schedule's row is locked before the record, as in a turn.
 */
import type { ScheduleId } from '../../rules/schedule/schedule.ts';
import type { TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { code } from '../rows.ts';
import type { Schedules } from '../store.ts';
import { stage } from './schedule-rows.ts';

const peekSql = statement(
  'schedules_peek',
  `SELECT (SELECT ceil(extract(epoch FROM look_at - now()) * 1000)::int8 FROM schedules WHERE look_at IS NOT NULL
      ORDER BY look_at LIMIT 1) AS look_in_ms,
    EXISTS (SELECT FROM fires WHERE stage = ${stage.running}) AS watching`,
);

// A task that is gone has ended, too.
const ended = `LEFT JOIN tasks t ON t.id = f.task_id WHERE (t.id IS NULL OR t.state + 0 > ${code.running})`;

const lockSql = statement(
  'ends_lock',
  `SELECT s.id FROM schedules s WHERE s.id IN (
    SELECT f.schedule_id FROM unnest($1::uuid[]) AS a(id)
    JOIN fires f ON f.task_id = a.id AND f.stage = ${stage.running} ${ended})
  ORDER BY s.id FOR UPDATE`,
);

const noteSql = statement(
  'ends_note',
  `WITH noted AS (
    UPDATE fires r SET stage = ${stage.ended} FROM (
      SELECT f.schedule_id, f.nominal_at FROM unnest($1::uuid[]) AS a(id)
      JOIN fires f ON f.task_id = a.id AND f.stage = ${stage.running} ${ended}) e
    WHERE r.schedule_id = e.schedule_id AND r.nominal_at = e.nominal_at AND r.schedule_id = ANY($2::uuid[])
    RETURNING r.schedule_id)
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

const noId = '00000000-0000-0000-0000-000000000000';

/** Ends over a database. */
export function createEnds(database: Database): Pick<Schedules, 'peek' | 'noteEnds' | 'findEnds'> {
  return {
    peek: async () => {
      const [row] = await database.run<{ look_in_ms: number | null; watching: boolean }>(peekSql);
      return { lookInMs: row?.look_in_ms ?? null, watching: row?.watching ?? false };
    },
    noteEnds: (taskIds) =>
      database.transaction(async (connection) => {
        const ids = uuids(taskIds);
        const locked = await connection.run<{ id: ScheduleId }>(lockSql, [ids]);
        if (locked.length === 0) return 0;
        const of = uuids(locked.map(({ id }) => id));
        return (await connection.run(noteSql, [ids, of])).length;
      }),
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
