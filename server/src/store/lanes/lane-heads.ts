/**
 * The first tasks of lanes, in the order in which they may be handed over, and how many run of each lane.
 *
 * Read once the lanes are locked. Of each lane come about as many as it may have; what waits behind them comes with another claim.
 */
import type { WaitingLane } from '../../rules/lanes/admission.ts';
import type { HandlerLimits } from '../../rules/lanes/limits.ts';
import type { HandlerId, LaneId, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Connection, statement } from '../engines/database.ts';
import { code } from '../rows.ts';
import { type BucketColumns, bucketOf } from './limit-rows.ts';

/** SQL: the time of the statement, in whole milliseconds, rounded down. */
export const nowText = 'floor(extract(epoch FROM statement_timestamp()) * 1000)::int8';

/** SQL: the lanes of $2 in their order. How many run is counted once per lane, up to the limit of a key ($4; 0 if there is none). */
const lanesOf = `lane AS MATERIALIZED (
    SELECT a.n::int4 AS n, a.id, (SELECT count(*)::int4 FROM (SELECT FROM tasks r
      WHERE r.handler_id = $1::int4 AND r.lane_id = a.id AND r.state = ${code.running} LIMIT $4::int4) c) AS running
    FROM unnest($2::uuid[]) WITH ORDINALITY AS a(id, n)
  )`;
const headColumns = `t.id, t.attempt, coalesce(octet_length(t.input), 0) AS size, coalesce(t.check_at <= now(), false) AS late`;
/** SQL: at most $3 tasks of each lane, from a subquery that names the lane `l`. */
const headsOf = (
  first: string,
) => `SELECT l.n, l.running, ${nowText} AS now, w.id, w.attempt, w.size, w.late
  FROM lane l LEFT JOIN LATERAL (${first} LIMIT $3::int4) w ON true`;

const headsSql = statement(
  'lanes_heads',
  `WITH ${lanesOf}
  ${headsOf(`SELECT ${headColumns} FROM tasks t WHERE t.lane_id = l.id AND t.state = ${code.waiting}
    ORDER BY -t.priority::int4, t.due_at, t.id`)}`,
);

/** SQL: the first of the priorities that wait in a lane, behind another. */
const nextRank = (lane: string, behind: string) =>
  `(SELECT -t.priority::int4 FROM tasks t WHERE t.lane_id = ${lane} AND t.state = ${code.waiting}${behind}
    ORDER BY -t.priority::int4 LIMIT 1)`;

// With ageing, a task of priority p stands where one of priority 0 would that was due p intervals ($5) earlier: that never changes
// while it waits. So the first ones of each priority that there is are compared, and the index need not know of ageing.
const agedHeadsSql = statement(
  'lanes_heads_aged',
  `WITH RECURSIVE ${lanesOf}, level(n, id, rank) AS (
    SELECT n, id, ${nextRank('lane.id', '')} FROM lane
    UNION ALL
    SELECT n, id, ${nextRank('v.id', ' AND -t.priority::int4 > v.rank')} FROM level v WHERE v.rank IS NOT NULL
  )
  ${headsOf(`SELECT h.* FROM level v CROSS JOIN LATERAL (
      SELECT ${headColumns}, t.due_at + v.rank * $5::int8 * interval '1 millisecond' AS stands_at FROM tasks t
      WHERE t.lane_id = v.id AND t.state = ${code.waiting} AND -t.priority::int4 = v.rank
      ORDER BY t.due_at, t.id LIMIT $3::int4) h
    WHERE v.n = l.n ORDER BY h.stands_at, h.id`)}`,
);

/** A lane that is locked. */
export type LaneRow = BucketColumns & {
  readonly id: LaneId;
  readonly weight: number;
  readonly turn: number;
  readonly open: boolean;
};

type HeadRow = {
  readonly n: number;
  readonly now: number;
  readonly running: number;
  /** Null: nothing waits in the lane. */
  readonly id: TaskId | null;
  readonly attempt: number;
  readonly size: number;
  /** Past its deadline or time-to-live: left to monitoring. */
  readonly late: boolean;
};

/** What waits in lanes. */
export type Heads = {
  readonly lanes: readonly WaitingLane[];
  /** Numbers of their next attempts. */
  readonly attempts: ReadonlyMap<TaskId, number>;
  /** By the database, in whole milliseconds. */
  readonly now: number;
};

/** Reads the lanes in their order, for so much room. */
export async function readHeads(
  connection: Connection,
  handlerId: HandlerId,
  lanes: readonly LaneRow[],
  { room, limits }: { readonly room: number; readonly limits: HandlerLimits },
): Promise<Heads> {
  // Twice what the lanes need if all have as many: one with more waiting comes again.
  const most = Math.min(room + 1, Math.ceil((room * 2) / lanes.length));
  const { keyConcurrency, priorityAgeingMs } = limits;
  const asked = [handlerId, uuids(lanes.map(({ id }) => id)), most, keyConcurrency ?? 0];
  const rows =
    priorityAgeingMs === null
      ? await connection.run<HeadRow>(headsSql, asked)
      : await connection.run<HeadRow>(agedHeadsSql, [...asked, priorityAgeingMs]);
  const byLane = Map.groupBy(rows, ({ n }) => n);
  return {
    lanes: lanes.map((lane, at): WaitingLane => {
      const own = byLane.get(at + 1) ?? [];
      const found = own.filter(({ id }) => id !== null);
      const heads = found.flatMap(({ id, size, late }) =>
        id === null || late ? [] : [{ taskId: id, bytes: size }],
      );
      const { id, weight, turn, open } = lane;
      const facts = { id, weight, turn, open, bucket: bucketOf(lane) };
      const late = found.length - heads.length;
      return { ...facts, running: own[0]?.running ?? 0, heads, late, whole: found.length < most };
    }),
    attempts: new Map(rows.flatMap(({ id, attempt }) => (id === null ? [] : [[id, attempt]]))),
    now: rows[0]?.now ?? 0,
  };
}
