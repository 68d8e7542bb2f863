/**
 * How a task of a limited handler gets into its lane: what every statement that makes a task WAITING has in it.
 *
 * The lane of a task is a number made of its handler and key, so that nobody has to look it up: the handler's own number without a key,
 * with one 128 bits of a hash, which no two keys share. Its row is there as long as something waits in it; whoever puts a task in line
 * holds the row until its commit, and whoever claims passes such a row over. So no claim takes a lane for empty while a task is
 * on its way into it.
 */
import { code } from '../rows.ts';

/** SQL: the lane of a handler and a key. */
export function laneOf(handlerId: string, key: string): string {
  return `(CASE WHEN ${key} IS NULL THEN lpad(to_hex(${handlerId}), 32, '0')
    ELSE substr(encode(sha256(convert_to(${handlerId} || ' ' || ${key}, 'UTF8')), 'hex'), 1, 32) END)::uuid`;
}

/** SQL: the state of the task `t` once nothing but a slot keeps it from running. */
export const readyOrInLine = `(CASE WHEN t.lane_id IS NULL THEN ${code.ready} ELSE ${code.waiting} END)`;

/** Columns of the task `t` that `inLine` needs of each row, beside its id, handler and state. */
export const lineColumns = 't.namespace_id, t.lane_id, t.key, t.key_weight';

/**
 * SQL: a CTE that puts the lanes of those rows of another in line that are WAITING. `freed`: these rows have run, so that a lane which
 * was full has room. A new lane begins where the next in turn stands; if none is in turn, behind all.
 */
export function inLine(rows: string, freed: boolean): string {
  return `in_line AS (
    INSERT INTO lanes AS l (id, namespace_id, handler_id, key, weight, turn, open)
    SELECT DISTINCT ON (w.lane_id) w.lane_id, w.namespace_id, w.handler_id, coalesce(w.key, ''), coalesce(w.key_weight, 1),
      coalesce((SELECT o.turn FROM lanes o WHERE o.handler_id = w.handler_id AND o.open ORDER BY o.turn LIMIT 1),
        (SELECT o.turn FROM lanes o WHERE o.handler_id = w.handler_id AND NOT o.open ORDER BY o.turn DESC LIMIT 1), 0), true
    FROM ${rows} w WHERE w.state = ${code.waiting} AND w.lane_id IS NOT NULL
    ORDER BY w.lane_id, w.id DESC
    ON CONFLICT (id) DO UPDATE SET open = true, empty = false, look_at = NULL, weight = excluded.weight
      WHERE l.empty OR l.weight <> excluded.weight OR (${freed} AND NOT l.open)
  )`;
}
