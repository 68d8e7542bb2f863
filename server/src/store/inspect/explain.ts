/**
 * Reads all that decides about one task. Each statement has a snapshot of its own: an explanation is of a moment, not of a transaction.
 */
import type { HeldLimit, TaskFacts } from '../../rules/inspect/obstacles.ts';
import { type HandlerLimits, noLimits } from '../../rules/lanes/limits.ts';
import { stateOfCode } from '../../rules/lifecycle.ts';
import type { HandlerId, LaneId, NamespaceId, TaskId } from '../../rules/task.ts';
import { int4s } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { type BucketColumns, bucketOf, type RateColumns, rateOf } from '../lanes/limit-rows.ts';
import { code, sessionCode } from '../rows.ts';

/** Tasks that go first are counted up to here. */
const aheadMax = 1_000;
/** Tasks that are named. */
const holdersMax = 10;

const taskSql = statement(
  'explain_task',
  `SELECT t.state, t.due_at, t.attempt, t.key, t.lane_id, t.handler_id, t.priority, s.agent_id,
    floor(extract(epoch FROM now()) * 1000)::int8 AS now,
    h.name, h.paused, h.pause_note, h.namespace_paused, n.pause_note AS namespace_note, h.limited, h.settled, h.limits, h.limit_ids
  FROM tasks t JOIN handlers h ON h.id = t.handler_id JOIN namespaces n ON n.id = t.namespace_id
  LEFT JOIN sessions s ON s.id = t.session_id
  WHERE t.id = $2::uuid AND t.namespace_id = $1::int4`,
);

const limitsSql = statement(
  'explain_limits',
  `SELECT l.id, l.name, l.concurrency, l.rate_count, l.rate_window_ms, l.rate_burst, l.tokens, l.tokens_at, r.ids[1:${holdersMax}] AS holders,
    cardinality(r.ids) AS running
  FROM limits l CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(t.id::text ORDER BY t.leased_at), '{}') AS ids FROM handlers u JOIN tasks t
    ON t.handler_id = u.id AND t.state = ${code.running} AND t.lane_id IS NOT NULL WHERE u.limited AND l.id = ANY(u.limit_ids)) r
  WHERE l.id = ANY($1::int4[]) ORDER BY l.id`,
);

const laneSql = statement(
  'explain_lane',
  `SELECT r.ids[1:${holdersMax}] AS holders, cardinality(r.ids) AS running, l.tokens, l.tokens_at FROM (
    SELECT coalesce(array_agg(t.id::text ORDER BY t.leased_at), '{}') AS ids FROM tasks t
    WHERE t.handler_id = $1::int4 AND t.lane_id = $2::uuid AND t.state = ${code.running}) r
  LEFT JOIN lanes l ON l.id = $2::uuid`,
);

/** SQL: others before the task of $1 among those of one line. */
const before = (line: string) => `SELECT count(*)::int4 AS ahead, min(due_at) AS oldest FROM (
    SELECT o.due_at FROM tasks o WHERE ${line} AND (o.check_at IS NULL OR o.check_at > now())
      AND (-o.priority::int4, o.due_at, o.id) < (SELECT -t.priority::int4, t.due_at, t.id FROM tasks t WHERE t.id = $1::uuid)
    ORDER BY -o.priority::int4, o.due_at, o.id LIMIT ${aheadMax}) first`;

const aheadInLaneSql = statement(
  'explain_ahead_in_lane',
  before(`o.lane_id = $2::uuid AND o.state = ${code.waiting}`),
);
const aheadReadySql = statement(
  'explain_ahead_ready',
  before(`o.handler_id = $2::int4 AND o.state = ${code.ready}`),
);

// Sent ahead of free slots or not: what runs beyond the slots makes none free.
const agentsSql = statement(
  'explain_agents',
  `SELECT count(*)::int4 AS count, coalesce(sum(s.slots), 0)::int4 AS slots,
    coalesce(sum(CASE WHEN s.draining THEN 0 ELSE greatest(0, s.slots - r.running) END), 0)::int4 AS free,
    coalesce((array_agg(r.first) FILTER (WHERE r.first IS NOT NULL))[1:${holdersMax}], '{}') AS holders
  FROM sessions s CROSS JOIN LATERAL (
    SELECT count(*)::int4 AS running, min(t.id::text) AS first FROM tasks t
    WHERE t.session_id = s.id AND t.state = ${code.running}) r
  WHERE s.namespace_id = $1::int4 AND s.state = ${sessionCode.attached} AND $2::int4 = ANY(s.handler_ids)`,
);

type FactsRow = {
  readonly state: number;
  readonly due_at: number;
  readonly attempt: number;
  readonly key: string | null;
  readonly lane_id: LaneId | null;
  readonly handler_id: HandlerId;
  readonly agent_id: string | null;
  readonly now: number;
  readonly name: string;
  readonly paused: boolean;
  readonly pause_note: string;
  readonly namespace_paused: boolean;
  readonly namespace_note: string;
  readonly limited: boolean;
  readonly settled: boolean;
  readonly limits: Partial<HandlerLimits>;
  readonly limit_ids: readonly number[];
};

type Held = { readonly running: number; readonly holders: readonly TaskId[] };
type LimitRow = RateColumns &
  BucketColumns &
  Held & { readonly id: number; readonly name: string; readonly concurrency: number | null };
type AheadRow = { readonly ahead: number; readonly oldest: number | null };
type AgentsRow = Held & { readonly count: number; readonly slots: number; readonly free: number };

/** See `Inspect.explain`. */
export async function explain(
  database: Database,
  namespaceId: NamespaceId,
  id: TaskId,
): Promise<TaskFacts | null> {
  const [row] = await database.run<FactsRow>(taskSql, [namespaceId, id]);
  if (row === undefined) return null;
  const { handler_id: handlerId, lane_id: laneId } = row;
  const [shared, lane, ahead, agents] = await Promise.all([
    readLimits(database, row.limit_ids),
    readLane(database, handlerId, laneId),
    laneId === null
      ? database.run<AheadRow>(aheadReadySql, [id, handlerId])
      : database.run<AheadRow>(aheadInLaneSql, [id, laneId]),
    database.run<AgentsRow>(agentsSql, [namespaceId, handlerId]),
  ]);
  return {
    now: row.now,
    state: stateOfCode(row.state),
    dueAt: row.due_at,
    attempt: row.attempt,
    agentId: row.agent_id ?? '',
    key: row.key ?? '',
    handler: {
      name: row.name,
      paused: row.paused,
      pauseNote: row.pause_note,
      namespacePaused: row.namespace_paused,
      namespaceNote: row.namespace_note,
      limited: row.limited,
      settled: row.settled,
      limits: { ...noLimits, ...row.limits },
    },
    shared,
    lane,
    ahead: ahead[0]?.ahead ?? 0,
    oldestDueAt: ahead[0]?.oldest ?? null,
    agents: agents[0] ?? { count: 0, slots: 0, free: 0, holders: [] },
  };
}

async function readLimits(
  database: Database,
  ids: readonly number[],
): Promise<readonly HeldLimit[]> {
  if (ids.length === 0) return [];
  const rows = await database.run<LimitRow>(limitsSql, [int4s(ids)]);
  return rows.map(({ id, name, concurrency, running, holders, ...row }) => ({
    ...{ id, name, concurrency, running, holders },
    rate: rateOf(row),
    bucket: bucketOf(row),
  }));
}

async function readLane(
  database: Database,
  handlerId: HandlerId,
  laneId: LaneId | null,
): Promise<TaskFacts['lane']> {
  if (laneId === null) return { running: 0, holders: [], bucket: null };
  const [row] = await database.run<Held & BucketColumns>(laneSql, [handlerId, laneId]);
  return {
    running: row?.running ?? 0,
    holders: row?.holders ?? [],
    bucket: row === undefined ? null : bucketOf(row),
  };
}
