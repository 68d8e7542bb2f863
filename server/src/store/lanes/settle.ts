/**
 * What a handler had before its limits came or went: moved into its lanes, or out of them.
 *
 * A claim or insert that read the handler before the change may still commit tasks of the old kind. So nothing is moved until every
 * transaction has ended that began before the change; then no more of the old kind come, and when none is left the handler is
 * settled. Until then nothing is handed over from its lanes: what runs could not be counted.
 */
import type { HandlerId, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import { code, sessionCode } from '../rows.ts';
import type { Lanes } from '../store.ts';
import { inLine, laneOf } from './in-line.ts';

const unsettledSql = statement(
  'lanes_unsettled',
  `SELECT id, limited, pg_snapshot_xmin(pg_current_snapshot()) > limited_by AS ripe
  FROM handlers WHERE NOT settled ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
);

const anySql = statement(
  'lanes_any_unsettled',
  'SELECT EXISTS (SELECT FROM handlers WHERE NOT settled) AS any',
);

/** SQL: unfinished tasks of a handler; those that run are found by their sessions, for which there is an index. */
const unfinished = (which: string) => `SELECT id FROM (
    (SELECT t.id FROM tasks t WHERE t.handler_id = $1::int4 AND t.state = ${code.ready} AND ${which} LIMIT $2::int4)
    UNION ALL
    (SELECT t.id FROM tasks t WHERE t.handler_id = $1::int4 AND t.state NOT IN (${code.ready}, ${code.running})
      AND t.state IN (${code.delayed}, ${code.waiting}) AND ${which} LIMIT $2::int4)
    UNION ALL
    (SELECT t.id FROM sessions s JOIN tasks t ON t.session_id = s.id AND t.state = ${code.running}
      WHERE (s.state <= ${sessionCode.detached} OR s.leases_left) AND t.handler_id = $1::int4 AND ${which} LIMIT $2::int4)
  ) found ORDER BY id LIMIT $2::int4`;

const outsideSql = statement('lanes_outside', unfinished('t.lane_id IS NULL'));
const insideSql = statement('lanes_inside', unfinished('t.lane_id IS NOT NULL'));

const enterSql = statement(
  'lanes_enter',
  `WITH asked AS MATERIALIZED (SELECT ${keyColumn('id')} FROM unnest($1::uuid[]) AS u(id)), moved AS (
    UPDATE tasks t SET lane_id = ${laneOf('t.handler_id', 't.key')},
      state = CASE WHEN t.state = ${code.ready} THEN ${code.waiting} ELSE t.state END
    FROM asked a WHERE ${byKey('a')} AND ${within('$2', '$3')} AND t.state <= ${code.running} AND t.lane_id IS NULL
    RETURNING t.id, t.namespace_id, t.handler_id, t.state, t.lane_id, t.key, t.key_weight
  ), ${inLine('moved', false)}
  SELECT count(*)::int4 AS count FROM moved`,
);

const leaveSql = statement(
  'lanes_leave',
  `WITH asked AS MATERIALIZED (SELECT ${keyColumn('id')} FROM unnest($1::uuid[]) AS u(id)), moved AS (
    UPDATE tasks t SET lane_id = NULL, state = CASE WHEN t.state = ${code.waiting} THEN ${code.ready} ELSE t.state END
    FROM asked a WHERE ${byKey('a')} AND ${within('$2', '$3')} AND t.state <= ${code.running} AND t.lane_id IS NOT NULL
    RETURNING t.id
  )
  SELECT count(*)::int4 AS count FROM moved`,
);

const settledSql = statement(
  'lanes_settled',
  `WITH gone AS (DELETE FROM lanes l USING handlers h WHERE h.id = $1::int4 AND l.handler_id = h.id AND NOT h.limited)
  UPDATE handlers SET settled = true WHERE id = $1::int4`,
);

type Unsettled = { readonly id: HandlerId; readonly limited: boolean; readonly ripe: boolean };

/** See `Lanes.settle`. */
export function settle(database: Database, limit: number): ReturnType<Lanes['settle']> {
  return database.transaction(async (connection) => {
    const [handler] = await connection.run<Unsettled>(unsettledSql);
    // One that somebody else holds for a moment is not done with.
    if (handler === undefined) {
      const [row] = await connection.run<{ any: boolean }>(anySql);
      return { handlerIds: [], more: row?.any === true };
    }
    if (!handler.ripe) return { handlerIds: [], more: true };
    const { id, limited } = handler;
    const rows = await connection.run<{ id: TaskId }>(limited ? outsideSql : insideSql, [
      id,
      limit,
    ]);
    if (rows.length > 0)
      await move(
        connection,
        rows.map((row) => row.id),
        limited,
      );
    else await connection.run(settledSql, [id]);
    return { handlerIds: [id], more: true };
  });
}

async function move(
  connection: Connection,
  ids: readonly TaskId[],
  enters: boolean,
): Promise<void> {
  const sorted = ids.toSorted();
  await connection.run(enters ? enterSql : leaveSql, [uuids(sorted), ...boundsOf(sorted)]);
}
