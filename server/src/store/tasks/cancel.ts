/**
 * Cancels tasks: what does not run ends at once, what runs is asked to stop; the first request stands.
 */
import type {
  HandlerId,
  LeaseRef,
  NamespaceId,
  SessionId,
  TaskFilter,
  TaskId,
} from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import { code } from '../rows.ts';
import type { CancelResult } from '../store.ts';
import { filteredTasks } from './filter.ts';

// Rows are locked in order of their ids, as outcomes lock them, and answered as they stand under the lock: the snapshot
// of the statement may know an older lease.
const cancelSql = statement(
  'tasks_cancel',
  `WITH asked AS MATERIALIZED (SELECT ${keyColumn('id')} FROM unnest($2::uuid[]) AS u(id)),
  found AS MATERIALIZED (
    SELECT t.id, ${keyColumn('t.id')}, t.state, t.cancel_requested_at, t.lease_epoch, t.session_id, t.handler_id
    FROM asked a JOIN tasks t ON ${byKey('a')} AND ${within('$4', '$5')} AND t.namespace_id = $1::int4 FOR UPDATE OF t
  ), moved AS (
    UPDATE tasks t SET state = CASE WHEN f.state < ${code.running} THEN ${code.cancelled} ELSE f.state END,
      ended_at = CASE WHEN f.state < ${code.running} THEN now() END,
      check_at = CASE WHEN f.state = ${code.running} THEN t.check_at END,
      cancel_requested_at = now(), cancel_reason = $3::text
    FROM found f
    WHERE ${byKey('f')} AND ${within('$4', '$5')} AND f.state <= ${code.running} AND f.cancel_requested_at IS NULL
    RETURNING t.id
  )
  SELECT id, state, lease_epoch, session_id, handler_id FROM found`,
);

type CancelRow = {
  id: TaskId;
  state: number;
  lease_epoch: number;
  session_id: SessionId;
  handler_id: HandlerId;
};

/** See `Tasks.cancel`. */
export async function cancel(
  database: Database,
  namespaceId: NamespaceId,
  which: { readonly ids: readonly TaskId[] } | { readonly filter: TaskFilter },
  reason: string,
  limit: number,
): Promise<CancelResult> {
  if ('ids' in which) {
    return { ...(await cancelIds(database, namespaceId, which.ids, reason)), more: false };
  }
  const ids = await findUnfinished(database, namespaceId, which.filter, limit);
  const now = ids.slice(0, limit);
  // What finished or went between the two statements does not match the filter any more.
  const result = await cancelIds(database, namespaceId, now, reason);
  return { ...result, finished: [], missing: [], more: ids.length > limit };
}

/** Cancels tasks of one namespace, within a transaction or by itself. */
export async function cancelIds(
  connection: Connection,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
  reason: string,
): Promise<Omit<CancelResult, 'more'>> {
  const distinct = [...new Set(ids)].sort();
  const cancelled: TaskId[] = [];
  const cancelledHandlerIds: HandlerId[] = [];
  const requested: (LeaseRef & { sessionId: SessionId })[] = [];
  const finished: TaskId[] = [];
  if (distinct.length === 0)
    return { cancelled, cancelledHandlerIds, requested, finished, missing: [] };
  const rows = await connection.run<CancelRow>(cancelSql, [
    namespaceId,
    uuids(distinct),
    storableText(reason),
    ...boundsOf(distinct),
  ]);
  for (const row of rows) {
    if (row.state < code.running) {
      cancelled.push(row.id);
      cancelledHandlerIds.push(row.handler_id);
    } else if (row.state > code.running) finished.push(row.id);
    else requested.push({ taskId: row.id, leaseEpoch: row.lease_epoch, sessionId: row.session_id });
  }
  const found = new Set(rows.map(({ id }) => id));
  const missing = distinct.filter((id) => !found.has(id));
  return { cancelled, cancelledHandlerIds, requested, finished, missing };
}

/** Newest first, one more than the limit to tell whether there are more. Those that are asked to stop already are left out. */
async function findUnfinished(
  database: Database,
  namespaceId: NamespaceId,
  filter: TaskFilter,
  limit: number,
): Promise<readonly TaskId[]> {
  const unfinished = ['DELAYED', 'WAITING', 'READY', 'RUNNING'] as const;
  const states =
    filter.states.length === 0
      ? unfinished
      : unfinished.filter((state) => filter.states.includes(state));
  if (states.length === 0) return [];
  const rows = await database.cold((kysely) =>
    filteredTasks(kysely, namespaceId, { ...filter, states })
      .select('t.id')
      .where('t.cancel_requested_at', 'is', null)
      .orderBy('t.id', 'desc')
      .limit(limit + 1)
      .execute(),
  );
  return rows.map(({ id }) => id as TaskId);
}
