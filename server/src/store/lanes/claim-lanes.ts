/**
 * WAITING → RUNNING: hands over tasks of one handler's lanes, never more than its limits allow.
 *
 * First the rows of shared limits are locked, then those of lanes. Only then is counted what runs, each time in a statement of its
 * own: a snapshot from before the lock once let eight run under a limit of two. Lanes that another transaction holds are passed over: it
 * may have fewer slots than they need, so whoever passes over some is told that there is more. The update looks itself whether a task
 * still waits, so that one which was cancelled meanwhile is left out and its lane stays open; and whether the handler was paused or
 * its limits were changed, so that either binds every statement that begins after it.
 */
import {
  type Admission,
  admit,
  type LaneStanding,
  type SharedLimit,
  sharedLookAt,
  sharedRoom,
} from '../../rules/lanes/admission.ts';
import { type HandlerLimits, noLimits } from '../../rules/lanes/limits.ts';
import type { HandlerId, Lease } from '../../rules/task.ts';
import { bools, float8s, int4s, int8s, times, uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { numberedSlots } from '../leases/slot-numbers.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import { code, type LeaseRow, leaseColumns, leaseOf, sessionCode } from '../rows.ts';
import type { LaneClaim, LaneClaimRequest } from '../store.ts';
import { type Heads, type LaneRow, nowText, readHeads } from './lane-heads.ts';
import { bucketOf, rateOf } from './limit-rows.ts';

/** Lanes of one transaction. */
const lanesMax = 256;
/** Of them, those that were closed and may be looked at again. */
const closedMax = 64;

// Every column of the limits is null if there are none.
const limitsSql = statement(
  'lanes_limits',
  `SELECT h.limited, h.settled, h.held, h.limits, h.limits_revision, l.id, l.name, l.concurrency, l.rate_count, l.rate_window_ms, l.rate_burst, l.tokens, l.tokens_at
  FROM handlers h
  LEFT JOIN LATERAL (SELECT * FROM limits WHERE id = ANY(h.limit_ids) ORDER BY id FOR UPDATE) l ON true
  WHERE h.id = $1::int4`,
);

/** SQL: tasks that run under the limit of a row `l`. */
export const runningUnder = `FROM handlers u JOIN tasks t
    ON t.handler_id = u.id AND t.state = ${code.running} AND t.lane_id IS NOT NULL WHERE u.limited AND l.id = ANY(u.limit_ids)`;

// Counted up to the limit: more is no less room.
const countsSql = statement(
  'lanes_counts',
  `SELECT l.id, (SELECT count(*)::int4 FROM (SELECT ${runningUnder} LIMIT l.most) r) AS running, ${nowText} AS now
  FROM unnest($1::int4[], $2::int4[]) AS l(id, most)`,
);

const columns = 'id, weight, turn, open, tokens, tokens_at';
const ofHandler = 'FROM lanes WHERE handler_id = $1::int4';

// Those whose turn it is, those whose time has come, and those that may have room again.
const lockSql = statement(
  'lanes_lock',
  `WITH ready AS (SELECT ${columns} ${ofHandler} AND open ORDER BY turn, id LIMIT $2::int4 FOR UPDATE SKIP LOCKED),
  timely AS (SELECT ${columns} ${ofHandler} AND NOT open AND look_at <= statement_timestamp() ORDER BY look_at LIMIT ${closedMax}
    FOR UPDATE SKIP LOCKED),
  freed AS (SELECT ${columns} FROM lanes WHERE id = ANY($3::uuid[]) AND NOT open AND NOT empty
    AND look_at > statement_timestamp() FOR UPDATE SKIP LOCKED)
  SELECT * FROM ready UNION ALL SELECT * FROM timely UNION ALL SELECT * FROM freed`,
);

// Read once the claim is written: what is open then is left by it, or was passed over because another claim held it.
const restSql = statement(
  'lanes_rest',
  `SELECT EXISTS (SELECT ${ofHandler} AND open) AS open,
    (SELECT greatest(0, ceil(extract(epoch FROM look_at - statement_timestamp()) * 1000))::int8
    ${ofHandler} AND NOT open AND NOT empty ORDER BY look_at LIMIT 1) AS in_ms`,
);

const leaseSql = statement(
  'lanes_lease',
  `WITH standing AS MATERIALIZED (
    SELECT array_agg(s.id ORDER BY u.n) AS ids
    FROM unnest($1::uuid[], $2::int8[]) WITH ORDINALITY AS u(session_id, attachment, n)
    LEFT JOIN sessions s ON s.id = u.session_id AND s.attachment = u.attachment AND s.state + 0 = ${sessionCode.attached}
  ), asked AS MATERIALIZED (
    SELECT ${keyColumn('id')}, n, resumed, ((SELECT ids FROM standing))[number] AS session_id
    FROM unnest($3::uuid[], $4::int4[], $5::uuid[]) WITH ORDINALITY AS u(id, number, resumed, n)
  )
  UPDATE tasks t SET state = ${code.running}, lease_epoch = t.lease_epoch + 1, leased_at = ($6::timestamptz[])[1],
    check_at = t.deadline_at, session_id = a.session_id
  FROM asked a LEFT JOIN task_progress p ON p.task_id = a.resumed
  WHERE ${byKey('a')} AND ${within('$9', '$10')} AND t.state + 0 = ${code.waiting} AND a.session_id IS NOT NULL
    AND EXISTS (SELECT FROM handlers h WHERE h.id = $7::int4 AND h.limits_revision = $8::int4 AND NOT h.held)
  RETURNING a.n::int4 AS n, ${leaseColumns}`,
);

const standSql = statement(
  'lanes_stand',
  `UPDATE lanes l SET turn = u.turn, open = u.open, look_at = u.look_at, empty = u.empty, tokens = u.tokens, tokens_at = u.tokens_at
  FROM unnest($1::uuid[], $2::float8[], $3::bool[], $4::timestamptz[], $5::bool[], $6::float8[], $7::timestamptz[])
    AS u(id, turn, open, look_at, empty, tokens, tokens_at)
  WHERE l.id = u.id`,
);

const goneSql = statement('lanes_gone', 'DELETE FROM lanes WHERE id = ANY($1::uuid[])');

const spendSql = statement(
  'lanes_spend',
  `UPDATE limits l SET tokens = u.tokens, tokens_at = u.tokens_at
  FROM unnest($1::int4[], $2::float8[], $3::timestamptz[]) AS u(id, tokens, tokens_at) WHERE l.id = u.id`,
);

type LimitRow = {
  readonly limited: boolean;
  readonly settled: boolean;
  readonly held: boolean;
  readonly limits: Partial<HandlerLimits>;
  readonly limits_revision: number;
  readonly id: number | null;
  readonly name: string;
  readonly concurrency: number | null;
  readonly rate_count: number | null;
  readonly rate_window_ms: number;
  readonly rate_burst: number;
  readonly tokens: number | null;
  readonly tokens_at: number;
};

const nothing: LaneClaim = Object.freeze({
  limited: true,
  leases: [],
  more: false,
  nextInMs: null,
});

/** See `Lanes.claim`. */
export function claimLanes(database: Database, request: LaneClaimRequest): Promise<LaneClaim> {
  return database.transaction(async (connection) => {
    const { handlerId, slots, freed } = request;
    const rows = await connection.run<LimitRow>(limitsSql, [handlerId]);
    const [first] = rows;
    if (first?.limited !== true) return { ...nothing, limited: false };
    if (!first.settled || first.held || slots.length === 0) return nothing;
    const shared = await readShared(connection, rows);
    const passable = sharedRoom(shared.limits, shared.now);
    const room = Math.min(slots.length, passable);
    if (room <= 0) return { ...nothing, nextInMs: untilLook(shared) };
    const lanes = await connection.run<LaneRow>(lockSql, [handlerId, lanesMax, uuids(freed)]);
    if (lanes.length === 0) {
      const { open, nextInMs } = await readRest(connection, handlerId);
      return { ...nothing, more: open, nextInMs };
    }
    const limits = { ...noLimits, ...first.limits };
    const heads = await readHeads(connection, handlerId, lanes, { room, limits });
    const { now } = heads;
    const most = { slots: slots.length, bytesMax: request.bytesMax, now };
    const admission = admit(heads.lanes, shared.limits, limits, most);
    const plan = { request, admission, revision: first.limits_revision, heads };
    const leases = await lease(connection, plan);
    await writeStandings(connection, admission, leases);
    const rest = await readRest(connection, handlerId);
    const lookIn = [
      untilLook({ limits: shared.limits.map((limit) => afterwards(limit, admission)), now }),
      rest.nextInMs,
    ].filter((inMs) => inMs !== null);
    return {
      limited: true,
      leases,
      more: leases.length < passable && (admission.more || rest.open),
      nextInMs: lookIn.length === 0 ? null : Math.min(...lookIn),
    };
  });
}

type Shared = { readonly limits: readonly SharedLimit[]; readonly now: number };

async function readShared(connection: Connection, rows: readonly LimitRow[]): Promise<Shared> {
  const ids = rows.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return { limits: [], now: 0 };
  const counts = await connection.run<{ id: number; running: number; now: number }>(countsSql, [
    int4s(ids),
    int4s(rows.flatMap(({ id, concurrency }) => (id === null ? [] : (concurrency ?? 0)))),
  ]);
  const running = new Map(counts.map((row) => [row.id, row.running]));
  const limits = rows.flatMap(({ id, name, concurrency, ...row }): readonly SharedLimit[] =>
    id === null
      ? []
      : [
          {
            id,
            name,
            concurrency,
            rate: rateOf(row),
            bucket: bucketOf(row),
            running: running.get(id) ?? 0,
          },
        ],
  );
  return { limits, now: counts[0]?.now ?? 0 };
}

/** A limit with its bucket as an admission leaves it. */
function afterwards(limit: SharedLimit, { buckets }: Admission): SharedLimit {
  return { ...limit, bucket: buckets.find(({ id }) => id === limit.id)?.bucket ?? limit.bucket };
}

function untilLook({ limits, now }: Shared): number | null {
  const at = sharedLookAt(limits, now);
  return at === null ? null : Math.max(0, at - now);
}

/** What this claim leaves: lanes in which something may be had at once, and when the next of the others is looked at. */
async function readRest(connection: Connection, handlerId: HandlerId) {
  const [row] = await connection.run<{ open: boolean; in_ms: number | null }>(restSql, [handlerId]);
  return { open: row?.open ?? false, nextInMs: row?.in_ms ?? null };
}

type Plan = {
  readonly request: LaneClaimRequest;
  readonly admission: Admission;
  readonly revision: number;
  readonly heads: Heads;
};

async function lease(
  connection: Connection,
  { request, admission, revision, heads }: Plan,
): Promise<readonly Lease[]> {
  const ids = admission.taken.map(({ taskId }) => taskId);
  if (ids.length === 0) return [];
  const { sessions, numbers } = numberedSlots(request.slots.slice(0, ids.length));
  const rows = await connection.run<LeaseRow & { n: number }>(leaseSql, [
    uuids(sessions.map(({ sessionId }) => sessionId)),
    int8s(sessions.map(({ attachment }) => attachment)),
    uuids(ids),
    int4s(numbers),
    uuids(ids.map((id) => ((heads.attempts.get(id) ?? 1) > 1 ? id : null))),
    times([heads.now]),
    request.handlerId,
    revision,
    ...boundsOf(ids.toSorted()),
  ]);
  return rows.toSorted((a, b) => a.n - b.n).map(leaseOf);
}

/** A lane of which something was not handed over after all, as when a session has gone, is looked at again. */
async function writeStandings(
  connection: Connection,
  { taken, lanes, buckets }: Admission,
  leases: readonly Lease[],
): Promise<void> {
  const leased = new Set(leases.map(({ taskId }) => taskId));
  const missed = new Set(
    taken.flatMap(({ taskId, laneId }) => (leased.has(taskId) ? [] : [laneId])),
  );
  const standings = lanes.map(
    (lane): LaneStanding =>
      missed.has(lane.id) ? { ...lane, stands: 'OPEN', lookAt: null } : lane,
  );
  const gone = standings.filter(({ stands }) => stands === 'GONE');
  const kept = standings.filter(({ stands }) => stands !== 'GONE');
  if (gone.length > 0) await connection.run(goneSql, [uuids(gone.map(({ id }) => id))]);
  if (kept.length > 0)
    await connection.run(standSql, [
      uuids(kept.map(({ id }) => id)),
      float8s(kept.map(({ turn }) => turn)),
      bools(kept.map(({ stands }) => stands === 'OPEN')),
      times(kept.map(({ lookAt }) => lookAt)),
      bools(kept.map(({ stands }) => stands === 'EMPTY')),
      float8s(kept.map(({ bucket }) => bucket?.tokens)),
      times(kept.map(({ bucket }) => bucket?.at)),
    ]);
  if (buckets.length > 0)
    await connection.run(spendSql, [
      int4s(buckets.map(({ id }) => id)),
      float8s(buckets.map(({ bucket }) => bucket?.tokens)),
      times(buckets.map(({ bucket }) => bucket?.at)),
    ]);
}
