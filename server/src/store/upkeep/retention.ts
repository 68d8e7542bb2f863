/**
 * The end of what is finished: whole partitions are dropped, what lies beside stragglers is deleted in batches.
 *
 * Retention counts from the end of a task; a namespace may have its own, and that of a deleted one is zero.
 */
import { leastIdAt } from '../../rules/ids.ts';
import { type Database, statement } from '../engines/database.ts';
import { byKey, keyColumn, within } from '../row-locks.ts';
import { code } from '../rows.ts';
import type { Retention } from '../store.ts';
import { dropPartitions, isOver } from './drop-partitions.ts';
import { ensurePartitions } from './partitions.ts';

const dayMs = 86_400_000;
/** Rows that one look for finished tasks walks along at most, so that it stays short. */
const walkedRowsMax = 20_000;
// Walks ids from the cursor; what belongs to a deleted namespace goes even if it never ended, unless it runs.
const deleteSql = statement(
  'retention_delete',
  `WITH walked AS MATERIALIZED (
    SELECT id, namespace_id, state, ended_at FROM tasks WHERE id > $3::uuid AND id < $4::uuid
    ORDER BY id LIMIT ${walkedRowsMax}
  ), chosen AS MATERIALIZED (
    SELECT w.id, ${keyColumn('w.id')} FROM walked w WHERE (w.state >= ${code.succeeded} AND ${isOver('w', '$1::int8')})
      OR (w.state <> ${code.running} AND EXISTS (
        SELECT FROM namespaces n WHERE n.id = w.namespace_id AND n.deleted_at IS NOT NULL))
    ORDER BY w.id LIMIT $2::int4
  ), locked AS MATERIALIZED (
    SELECT t.id, ${keyColumn('t.id')} FROM chosen c JOIN tasks t ON ${byKey('c')} AND ${within('$3', '$4')}
      AND t.state + 0 <> ${code.running} FOR UPDATE OF t SKIP LOCKED
  ), gone AS (
    DELETE FROM tasks t USING locked l WHERE ${byKey('l')} AND ${within('$3', '$4')} RETURNING t.id
  ), a AS (DELETE FROM attempts x USING locked l WHERE x.task_id = l.id),
  b AS (DELETE FROM attempt_logs x USING locked l WHERE x.task_id = l.id),
  c AS (DELETE FROM task_progress x USING locked l WHERE x.task_id = l.id)
  SELECT (SELECT count(*) FROM gone)::int4 AS deleted, (SELECT count(*) FROM walked)::int4 AS walked,
    (SELECT count(*) FROM chosen)::int4 AS chosen,
    (SELECT id FROM walked ORDER BY id DESC LIMIT 1) AS last_walked, (SELECT id FROM chosen ORDER BY id DESC LIMIT 1) AS last_chosen`,
);

const keysSql = statement(
  'retention_keys',
  `DELETE FROM idempotency_keys k USING (
    SELECT namespace_id, handler_id, key FROM idempotency_keys WHERE expires_at <= now()
    ORDER BY expires_at LIMIT $1::int4 FOR UPDATE SKIP LOCKED) old
  WHERE (k.namespace_id, k.handler_id, k.key) = (old.namespace_id, old.handler_id, old.key) RETURNING 1`,
);

// A bucket that is full again is none that must be remembered. Where tasks come and go claims find them; nobody claims of keys that
// were used once.
const lanesSql = statement(
  'retention_lanes',
  `DELETE FROM lanes l USING (
    SELECT id FROM lanes WHERE empty AND look_at <= now() ORDER BY look_at LIMIT $1::int4 FOR UPDATE SKIP LOCKED) old
  WHERE l.id = old.id RETURNING 1`,
);

const shortestSql = statement(
  'retention_shortest',
  `SELECT least($1::int8, (SELECT min(CASE WHEN deleted_at IS NOT NULL THEN 0 ELSE retention_ms END) FROM namespaces))
    AS shortest_ms, (extract(epoch FROM now()) * 1000)::int8 AS now_ms`,
);

// A deleted namespace keeps its row for a day, so that what a slow coordinator still stored under it is found.
const forgetSql = statement(
  'retention_forget_namespaces',
  `WITH empty AS (
    SELECT n.id FROM namespaces n WHERE n.deleted_at < now() - interval '1 day'
      AND NOT EXISTS (SELECT FROM tasks t WHERE t.namespace_id = n.id)),
  h AS (DELETE FROM handlers USING empty WHERE handlers.namespace_id = empty.id),
  l AS (DELETE FROM lanes USING empty WHERE lanes.namespace_id = empty.id),
  m AS (DELETE FROM limits USING empty WHERE limits.namespace_id = empty.id)
  DELETE FROM namespaces USING empty WHERE namespaces.id = empty.id RETURNING namespaces.id`,
);

type DeletedRow = {
  deleted: number;
  walked: number;
  chosen: number;
  last_walked: string | null;
  last_chosen: string | null;
};

const noId = '00000000-0000-0000-0000-000000000000';

/** Retention over a database. */
export function createRetention(database: Database): Retention {
  // Where the last walk along the ids stopped; only a hint, so each replica has its own.
  let cursor = noId;
  return {
    ensurePartitions: () => ensurePartitions(database),
    dropPartitions: (retentionMs) => dropPartitions(database, Math.round(retentionMs)),
    deleteFinished: async (retentionMs, limit) => {
      const [limits] = await database.run<{ shortest_ms: number; now_ms: number }>(shortestSql, [
        Math.round(retentionMs),
      ]);
      if (limits === undefined) return 0;
      // Ids may be a day ahead of their submission, not more; younger ids cannot be past any retention.
      const end = leastIdAt(limits.now_ms - limits.shortest_ms + dayMs);
      const [row] = await database.run<DeletedRow>(deleteSql, [
        Math.round(retentionMs),
        limit,
        cursor,
        end,
      ]);
      cursor = nextCursor(row, limit);
      if (cursor === noId) await database.run(forgetSql);
      return row?.deleted ?? 0;
    },
    deleteExpiredKeys: async (limit) => (await database.run(keysSql, [limit])).length,
    deleteIdleLanes: async (limit) => (await database.run(lanesSql, [limit])).length,
  };
}

/** After the last row that was decided upon; from the start once the end was reached. */
function nextCursor(row: DeletedRow | undefined, limit: number): string {
  if (row === undefined) return noId;
  if (row.chosen >= limit) return row.last_chosen ?? noId;
  return row.walked < walkedRowsMax ? noId : (row.last_walked ?? noId);
}
