/**
 * READY → RUNNING: takes rows for free slots in one statement, by priority, then due time, then id.
 *
 * With one handler it is one ordered walk of the index `tasks_ready`. With several, a first walk without locks decides
 * how many rows each handler deserves, so that no more rows are locked than there are slots. Rows that another claim
 * has locked are passed over.
 *
 * The walk looks into every partition once, which is cheap; the update would look into every partition for every row,
 * and took 50 µs per task with 35 partitions. So it is bound to the days where claims found their rows (17 µs). If the
 * walk picked a row of another day, nothing is claimed, and the claim is repeated without bounds: see `claim-days.ts`.
 *
 * While an old snapshot keeps dead index entries, each claim walks over those of all before it: 19, 27, 34, 43 µs per
 * task in the first to fourth 30,000 of a backlog. Begun after the last lease of the claim before, it stays at 17.
 */
import type { HandlerId, Lease, LeaseRef } from '../../rules/task.ts';
import { int4s, int8s, uuids } from '../engines/codec.ts';
import { type Database, type Parameter, statement } from '../engines/database.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import { code, type LeaseRow, leaseColumns, leaseOf, sessionCode } from '../rows.ts';
import type { ClaimRequest, Peeked } from '../store.ts';
import { type ClaimDays, everyDay, type IdBounds } from './claim-days.ts';
import { numberedSlots } from './slot-numbers.ts';

/** Least and greatest id of the days to claim from, and of the tasks to begin after. */
const day = { from: '$9', to: '$10' } as const;
const begin = { from: '$11', to: '$12' } as const;

/** Sessions are joined once each; the slots ($3) name them by number. */
const slotSql = `standing AS MATERIALIZED (
    SELECT array_agg(s.id ORDER BY u.n) AS ids
    FROM unnest($1::uuid[], $2::int8[]) WITH ORDINALITY AS u(session_id, attachment, n)
    LEFT JOIN sessions s ON s.id = u.session_id AND s.attachment = u.attachment AND s.state + 0 = ${sessionCode.attached}
  ), slot AS MATERIALIZED (
    SELECT array_agg(session_id ORDER BY n) AS sessions, count(*)::int4 AS free
    FROM (SELECT n, ((SELECT ids FROM standing))[number] AS session_id
      FROM unnest($3::int4[]) WITH ORDINALITY AS u(number, n)) numbered
    WHERE session_id IS NOT NULL
  )`;

/**
 * Where to begin, per handler: after the key of the task of an earlier lease. A task whose key may have changed since,
 * by another attempt, is none; then the walk is from the start. Of a handler that is paused, or whose tasks wait in lanes, nothing
 * is taken.
 */
const startSql = `start AS MATERIALIZED (
    SELECT h.handler_id, h.most, coalesce(-t.priority::int4, -40000) AS rank,
      coalesce(t.due_at, '-infinity') AS due_at, coalesce(t.id, '00000000-0000-0000-0000-000000000000') AS id
    FROM (SELECT *, ${keyColumn('after_id')}
      FROM unnest($4::int4[], $5::int4[], $6::uuid[], $7::int4[]) AS u(handler_id, most, after_id, after_epoch)) h
    JOIN handlers g ON g.id = h.handler_id AND NOT g.held AND NOT g.limited
    LEFT JOIN tasks t ON ${byKey('h')} AND ${within(begin.from, begin.to)} AND t.handler_id = h.handler_id
      AND t.lease_epoch = h.after_epoch AND t.state + 0 >= ${code.running}
  )`;

/** What can be claimed of a handler, in order. Tasks past their deadline or time-to-live are left to monitoring. */
const walk = (of: (column: string) => string) => `FROM tasks t
    WHERE t.handler_id = ${of('handler_id')} AND t.state = ${code.ready} AND (t.check_at IS NULL OR t.check_at > now())
      AND (-t.priority::int4, t.due_at, t.id) > (${of('rank')}, ${of('due_at')}, ${of('id')})
    ORDER BY -t.priority::int4, t.due_at, t.id`;

const columns = `t.id, -t.priority::int4 AS rank, t.due_at, t.attempt, coalesce(octet_length(t.input), 0) AS size`;

/**
 * Numbers the picked rows in order, leaves out those past the limit of bytes ($8), and leases the rest. now() is when the statement
 * arrived; on a busy machine it may see a promotion that came after that, and no lease is older than its due time.
 */
const leaseSql = `placed AS MATERIALIZED (
    SELECT ${keyColumn('id')}, n, CASE WHEN attempt > 1 THEN id END AS resumed FROM (
      SELECT id, attempt, size, row_number() OVER line AS n, sum(size) OVER line AS until
      FROM picked WINDOW line AS (ORDER BY rank, due_at, id)) numbered
    WHERE (until - size < $8::int8 OR n = 1)
      AND (SELECT bool_and(id BETWEEN ${day.from}::uuid AND ${day.to}::uuid) FROM picked)
  )
  UPDATE tasks t SET state = ${code.running}, lease_epoch = t.lease_epoch + 1,
    leased_at = greatest(now(), t.due_at), check_at = t.deadline_at,
    session_id = ((SELECT sessions FROM slot))[placed.n::int4]
  FROM placed LEFT JOIN task_progress p ON p.task_id = placed.resumed
  WHERE ${byKey('placed')} AND ${within(day.from, day.to)}
  RETURNING placed.n, ${leaseColumns}`;

const claimOneSql = statement(
  'leases_claim_one',
  `WITH ${slotSql}, ${startSql}, picked AS MATERIALIZED (
    SELECT ${columns} ${walk((column) => `(SELECT ${column} FROM start)`)}
    LIMIT (SELECT least(free, most) FROM slot, start) FOR UPDATE SKIP LOCKED
  ), ${leaseSql}`,
);

const claimManySql = statement(
  'leases_claim_many',
  `WITH ${slotSql}, ${startSql}, deserved AS MATERIALIZED (
    SELECT handler_id, count(*)::int4 AS most FROM (
      SELECT h.handler_id
      FROM start h
      CROSS JOIN LATERAL (SELECT -t.priority::int4 AS rank, t.due_at, t.id ${walk((column) => `h.${column}`)}
        LIMIT least(h.most, (SELECT free FROM slot))) c
      ORDER BY c.rank, c.due_at, c.id LIMIT (SELECT free FROM slot)) first
    GROUP BY handler_id
  ), picked AS MATERIALIZED (
    SELECT c.* FROM (SELECT h.handler_id, h.rank, h.due_at, h.id, d.most FROM deserved d JOIN start h USING (handler_id)) h
    CROSS JOIN LATERAL (
      SELECT ${columns} ${walk((column) => `h.${column}`)} LIMIT h.most FOR UPDATE SKIP LOCKED) c
  ), ${leaseSql}`,
);

const peekSql = statement(
  'leases_peek',
  `SELECT h.id AS handler_id, h.limited FROM unnest($1::int4[]) AS a(id) JOIN handlers h ON h.id = a.id AND NOT h.held
  WHERE CASE WHEN h.limited
    THEN EXISTS (SELECT FROM lanes l WHERE l.handler_id = h.id AND l.open)
      OR EXISTS (SELECT FROM lanes l WHERE l.handler_id = h.id AND NOT l.open AND NOT l.empty AND l.look_at <= now())
    ELSE EXISTS (SELECT FROM tasks t WHERE t.handler_id = h.id AND t.state = ${code.ready}
      AND (t.check_at IS NULL OR t.check_at > now())) END`,
);

type ClaimedRow = LeaseRow & { readonly n: number };

/** See `Leases.claim`. */
export async function claim(
  database: Database,
  days: ClaimDays,
  request: ClaimRequest,
): Promise<readonly Lease[]> {
  const { handlers, slots } = request;
  if (handlers.length === 0 || slots.length === 0) return [];
  const sql = handlers.length === 1 ? claimOneSql : claimManySql;
  const parameters = parametersOf(request);
  const begins = boundsOf(handlers.flatMap(({ after }) => (after ? [after.taskId] : [])).sort());
  const bounds = days.bounds();
  const run = (of: IdBounds) => database.run<ClaimedRow>(sql, [...parameters, ...of, ...begins]);
  let rows = bounds === everyDay ? [] : await run(bounds);
  if (rows.length === 0) {
    // Nothing is known, or there is nothing at all, or something of another day.
    rows = await run(everyDay);
    days.found(rows.map(({ id }) => id));
  }
  return rows.toSorted((a, b) => a.n - b.n).map(leaseOf);
}

function parametersOf({ handlers, slots, bytesMax }: ClaimRequest): readonly Parameter[] {
  const { sessions, numbers } = numberedSlots(slots);
  const after = handlers.map((handler): LeaseRef | null => handler.after ?? null);
  return [
    uuids(sessions.map(({ sessionId }) => sessionId)),
    int8s(sessions.map(({ attachment }) => attachment)),
    int4s(numbers),
    int4s(handlers.map(({ handlerId }) => handlerId)),
    int4s(handlers.map(({ limit }) => limit)),
    uuids(after.map((lease) => lease?.taskId)),
    int4s(after.map((lease) => lease?.leaseEpoch)),
    bytesMax,
  ];
}

/** See `Leases.peek`. */
export async function peek(database: Database, handlerIds: readonly HandlerId[]): Promise<Peeked> {
  if (handlerIds.length === 0) return { ready: new Set(), inLanes: new Set() };
  const rows = await database.run<{ handler_id: HandlerId; limited: boolean }>(peekSql, [
    int4s(handlerIds),
  ]);
  const of = (limited: boolean) =>
    new Set(rows.filter((row) => row.limited === limited).map((row) => row.handler_id));
  return { ready: of(false), inLanes: of(true) };
}
