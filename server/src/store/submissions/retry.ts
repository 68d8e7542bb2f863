/**
 * Makes new tasks of finished ones. The finished row remembers its retry, so a task is retried once, ever.
 */
import type { HandlerId, NamespaceId, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { inLine, laneOf } from '../lanes/in-line.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import { code } from '../rows.ts';
import type { RetriedTask, Submissions } from '../store.ts';
import { filteredTasks } from '../tasks/filter.ts';

// Deadline and time-to-live keep their length, counted from now; there is no key: it named the first submission.
const retrySql = statement(
  'tasks_retry',
  `WITH asked AS MATERIALIZED (
    SELECT new_id, ${keyColumn('id')} FROM unnest($2::uuid[], $3::uuid[]) AS u(id, new_id)),
  marked AS (
    UPDATE tasks t SET retried_as = a.new_id FROM asked a
    WHERE ${byKey('a')} AND ${within('$4', '$5')} AND t.namespace_id = $1::int4 AND t.state + 0 >= ${code.succeeded} AND t.retried_as IS NULL
    RETURNING t.*
  ), made AS (
  INSERT INTO tasks (id, namespace_id, handler_id, state, priority, created_at, due_at, deadline_at, expires_at,
    check_at, input_type, input, options, labels, content_hash, traceparent, tracestate, parent_id, root_id, retry_of,
    nominal_at, key, key_weight, lane_id)
  SELECT retried_as, m.namespace_id, handler_id, CASE WHEN h.limited THEN ${code.waiting} ELSE ${code.ready} END, priority, now(), now(), now() + (deadline_at - m.created_at),
    now() + (expires_at - m.created_at), now() + (least(deadline_at, expires_at) - m.created_at), input_type, input,
    m.options, labels, content_hash, traceparent, tracestate, parent_id, root_id, m.id, nominal_at, key, key_weight,
    CASE WHEN h.limited THEN ${laneOf('handler_id', 'key')} END
  FROM marked m LEFT JOIN handlers h ON h.id = m.handler_id
  RETURNING id, retry_of, namespace_id, handler_id, state, lane_id, key, key_weight
  ), ${inLine('made', false)}
  SELECT id, retry_of, handler_id FROM made`,
);

const standingSql = statement(
  'tasks_retry_standing',
  `SELECT id, state, retried_as, handler_id FROM tasks WHERE id = ANY($2::uuid[]) AND namespace_id = $1::int4`,
);

type StandingRow = { id: TaskId; state: number; retried_as: TaskId | null; handler_id: HandlerId };

/** See `Submissions.retry`. */
export async function retryTasks(
  database: Database,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
  newIds: readonly TaskId[],
): Promise<readonly RetriedTask[]> {
  const pairs = [...new Map(ids.map((id, at) => [id, newIds[at] as TaskId]))].sort();
  const made = await database.run<{ id: TaskId; retry_of: TaskId; handler_id: HandlerId }>(
    retrySql,
    [
      namespaceId,
      uuids(pairs.map(([id]) => id)),
      uuids(pairs.map(([, newId]) => newId)),
      ...boundsOf(pairs.map(([id]) => id)),
    ],
  );
  const retries = new Map(made.map((row) => [row.retry_of, row]));
  const rest = pairs.map(([id]) => id).filter((id) => !retries.has(id));
  const rows =
    rest.length === 0
      ? []
      : await database.run<StandingRow>(standingSql, [namespaceId, uuids(rest)]);
  const standing = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const retry = retries.get(id);
    if (retry)
      return {
        kind: 'RETRIED',
        id,
        retryId: retry.id,
        duplicate: false,
        handlerId: retry.handler_id,
      };
    return standingOf(id, standing.get(id));
  });
}

/** See `Submissions.retryable`. */
export async function findRetryable(
  database: Database,
  query: Parameters<Submissions['retryable']>[0],
): Promise<{ readonly ids: readonly TaskId[]; readonly more: boolean }> {
  const asked = query.filter.states;
  const states = (['FAILED', 'CANCELLED'] as const).filter(
    (state) => asked.length === 0 || asked.includes(state),
  );
  if (states.length === 0) return { ids: [], more: false };
  const rows = await database.cold((kysely) =>
    filteredTasks(kysely, query.namespaceId, { ...query.filter, states })
      .select('t.id')
      .where('t.retried_as', 'is', null)
      .orderBy('t.id', 'desc')
      .limit(query.limit + 1)
      .execute(),
  );
  const ids = rows.map(({ id }) => id as TaskId);
  return { ids: ids.slice(0, query.limit), more: ids.length > query.limit };
}

function standingOf(id: TaskId, row: StandingRow | undefined): RetriedTask {
  if (row === undefined) return { kind: 'MISSING', id };
  if (row.retried_as === null) return { kind: 'UNFINISHED', id };
  const { retried_as: retryId, handler_id: handlerId } = row;
  return { kind: 'RETRIED', id, retryId, duplicate: true, handlerId };
}
