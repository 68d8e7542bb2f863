/**
 * READY → RUNNING: takes rows for free slots in one statement, by priority, then due time, then id.
 *
 * With one handler it is one ordered walk of the index `tasks_ready`. With several, a first walk without locks decides
 * how many rows each handler deserves, so that no more rows are locked than there are slots. Rows that another claim
 * has locked are passed over. A cursor past dead index entries would join `walk` as one more condition.
 */
import type { HandlerId, Lease } from '../../rules/task.ts';
import { int4s, int8s, uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { byKey, keyColumn } from '../row-locks.ts';
import { code, type LeaseRow, leaseColumns, leaseOf, sessionCode } from '../rows.ts';
import type { ClaimRequest } from '../store.ts';

const slotSql = `slot AS MATERIALIZED (
    SELECT array_agg(u.session_id ORDER BY u.n) AS sessions, count(*)::int4 AS free
    FROM unnest($1::uuid[], $2::int8[]) WITH ORDINALITY AS u(session_id, attachment, n)
    JOIN sessions s ON s.id = u.session_id AND s.attachment = u.attachment AND s.state + 0 = ${sessionCode.attached}
  )`;

/** What can be claimed of a handler, in order. Tasks past their deadline or time-to-live are left to monitoring. */
const walk = (handler: string) => `FROM tasks t
    WHERE t.handler_id = ${handler} AND t.state = ${code.ready} AND (t.check_at IS NULL OR t.check_at > now())
    ORDER BY t.priority DESC, t.due_at, t.id`;

const columns = `t.id, t.priority, t.due_at, t.attempt, coalesce(octet_length(t.input), 0) AS size`;

/** Numbers the picked rows in order, leaves out those past the limit of bytes ($5), and leases the rest. */
const leaseSql = `placed AS MATERIALIZED (
    SELECT ${keyColumn('id')}, n, CASE WHEN attempt > 1 THEN id END AS resumed FROM (
      SELECT id, attempt, size, row_number() OVER line AS n, sum(size) OVER line AS until
      FROM picked WINDOW line AS (ORDER BY priority DESC, due_at, id)) numbered
    WHERE until - size < $5::int8 OR n = 1
  )
  UPDATE tasks t SET state = ${code.running}, lease_epoch = t.lease_epoch + 1, session_id = slot.sessions[placed.n::int4],
    leased_at = now(), check_at = t.deadline_at
  FROM slot CROSS JOIN placed LEFT JOIN task_progress p ON p.task_id = placed.resumed
  WHERE ${byKey('placed')}
  RETURNING placed.n, ${leaseColumns}`;

const claimOneSql = statement(
  'leases_claim_one',
  `WITH ${slotSql}, picked AS MATERIALIZED (
    SELECT ${columns} ${walk('($3::int4[])[1]')}
    LIMIT (SELECT least(free, ($4::int4[])[1]) FROM slot) FOR UPDATE SKIP LOCKED
  ), ${leaseSql}`,
);

const claimManySql = statement(
  'leases_claim_many',
  `WITH ${slotSql}, deserved AS MATERIALIZED (
    SELECT handler_id, count(*)::int4 AS most FROM (
      SELECT h.handler_id
      FROM unnest($3::int4[], $4::int4[]) AS h(handler_id, most)
      CROSS JOIN LATERAL (SELECT t.priority, t.due_at, t.id ${walk('h.handler_id')}
        LIMIT least(h.most, (SELECT free FROM slot))) c
      ORDER BY c.priority DESC, c.due_at, c.id LIMIT (SELECT free FROM slot)) first
    GROUP BY handler_id
  ), picked AS MATERIALIZED (
    SELECT c.* FROM deserved d CROSS JOIN LATERAL (
      SELECT ${columns} ${walk('d.handler_id')} LIMIT d.most FOR UPDATE SKIP LOCKED) c
  ), ${leaseSql}`,
);

const peekSql = statement(
  'leases_peek',
  `SELECT h.handler_id FROM unnest($1::int4[]) AS h(handler_id)
  WHERE EXISTS (SELECT FROM tasks t WHERE t.handler_id = h.handler_id AND t.state = ${code.ready}
    AND (t.check_at IS NULL OR t.check_at > now()))`,
);

/** See `Leases.claim`. */
export async function claim(database: Database, request: ClaimRequest): Promise<readonly Lease[]> {
  const { handlers, slots } = request;
  if (handlers.length === 0 || slots.length === 0) return [];
  const rows = await database.run<LeaseRow & { n: number }>(
    handlers.length === 1 ? claimOneSql : claimManySql,
    [
      uuids(slots.map(({ sessionId }) => sessionId)),
      int8s(slots.map(({ attachment }) => attachment)),
      int4s(handlers.map(({ handlerId }) => handlerId)),
      int4s(handlers.map(({ limit }) => limit)),
      request.bytesMax,
    ],
  );
  return rows.toSorted((a, b) => a.n - b.n).map(leaseOf);
}

/** See `Leases.peek`. */
export async function peek(
  database: Database,
  handlerIds: readonly HandlerId[],
): Promise<ReadonlySet<HandlerId>> {
  if (handlerIds.length === 0) return new Set();
  const rows = await database.run<{ handler_id: HandlerId }>(peekSql, [int4s(handlerIds)]);
  return new Set(rows.map((row) => row.handler_id));
}
