/**
 * Ends the leases of sessions that ended: LOST ones as lost attempts, CLOSED ones as interrupted attempts.
 *
 * Rows that another transaction holds are passed over, and a row that the database refuses to change is left out and
 * never stands before the others (river#1318).
 */
import { failureOf } from '../../rules/outcome.ts';
import type { SessionId, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { inLine, lineColumns, readyOrInLine } from '../lanes/in-line.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import {
  attemptCode,
  code,
  type EndedRow,
  endedLeaseOf,
  failureText,
  sessionCode,
} from '../rows.ts';
import type { EndedLease } from '../store.ts';

/** Time after the end of a session in which a statement that read it before may still commit a lease under it. */
const lateLeaseWindow = `interval '1 minute'`;

const candidatesSql = statement(
  'lost_candidates',
  `SELECT c.id FROM sessions s CROSS JOIN LATERAL (
    SELECT t.id FROM tasks t WHERE t.session_id = s.id AND t.state = ${code.running} AND NOT t.id = ANY($2::uuid[])
    LIMIT $1::int4 FOR UPDATE SKIP LOCKED) c
  WHERE s.leases_left AND s.state >= ${sessionCode.lost} LIMIT $1::int4`,
);

const ofSessionSql = statement(
  'lost_of_session',
  `SELECT id FROM tasks WHERE session_id = $1::uuid AND state = ${code.running} ORDER BY id FOR UPDATE`,
);

const isLost = `s.state = ${sessionCode.lost}`;
const once = `coalesce(t.options -> 'atMostOnce', 'null'::jsonb) = 'true'::jsonb
  OR (coalesce(t.options -> 'atMostOnce', 'null'::jsonb) = 'null'::jsonb AND coalesce(h.at_most_once, false))`;

/** The state after it, from the row `t`, its handler `h` and its session `s`. */
const next = `(CASE WHEN t.cancel_requested_at IS NOT NULL THEN ${code.cancelled}
    WHEN ${once} THEN ${code.failed}
    WHEN ${isLost} AND t.losses + 1 > coalesce(h.lost_attempts_max, 3) THEN ${code.failed}
    ELSE ${readyOrInLine} END)`;

const endSql = statement(
  'lost_end',
  `WITH asked AS MATERIALIZED (SELECT ${keyColumn('id')} FROM unnest($1::uuid[]) AS u(id)),
  judged AS MATERIALIZED (
    SELECT t.id, ${keyColumn('t.id')}, ${next} AS next, ${isLost} AS lost, s.agent_id,
      t.attempt, t.lease_epoch, t.session_id, t.leased_at
    FROM asked a JOIN tasks t ON ${byKey('a')} AND ${within('$4', '$5')} AND t.state + 0 = ${code.running}
    JOIN sessions s ON s.id = t.session_id AND s.state >= ${sessionCode.lost}
    LEFT JOIN handlers h ON h.id = t.handler_id
    FOR UPDATE OF t SKIP LOCKED
  ), moved AS (
    UPDATE tasks t SET state = j.next,
      attempt = t.attempt + CASE WHEN j.next < ${code.running} THEN 1 ELSE 0 END,
      losses = t.losses + CASE WHEN j.lost THEN 1 ELSE 0 END,
      ended_at = CASE WHEN j.next >= ${code.succeeded} THEN now() END,
      check_at = CASE WHEN j.next < ${code.succeeded} THEN t.deadline_at END,
      cancel_told = false,
      failure = CASE WHEN NOT j.next = ${code.failed} THEN t.failure WHEN j.lost THEN $2::text ELSE $3::text END
    FROM judged j WHERE ${byKey('j')} AND ${within('$4', '$5')}
    RETURNING t.id, t.lease_epoch, t.state, t.handler_id, ${lineColumns}
  ), noted AS (
    INSERT INTO attempts (task_id, number, lease_epoch, session_id, agent_id, outcome, leased_at, ended_at, failure)
    SELECT id, attempt, lease_epoch, session_id, agent_id,
      CASE WHEN lost THEN ${attemptCode.lost} ELSE ${attemptCode.interrupted} END, leased_at, now(),
      CASE WHEN lost THEN $2::text END
    FROM judged
    ON CONFLICT (task_id, number) DO NOTHING
  ), ${inLine('moved', true)}
  SELECT id, lease_epoch, state, handler_id FROM moved`,
);

const settleSql = statement(
  'lost_settle',
  `UPDATE sessions s SET leases_left = false
  WHERE s.leases_left AND s.state >= ${sessionCode.lost} AND s.ended_at < now() - ${lateLeaseWindow}
    AND NOT EXISTS (SELECT FROM tasks t WHERE t.session_id = s.id AND t.state = ${code.running})`,
);

const lostFailure = failureText(
  failureOf('LOST', 'SessionLost', 'The agent that ran the attempt was lost.'),
);
const interruptedFailure = failureText(
  failureOf(
    'LOST',
    'Interrupted',
    'The agent left without an outcome; a task declared at-most-once is not run again.',
  ),
);

/** Rows that the database refuses to change; passed over until the next start. Bounded, oldest forgotten. */
const refusedMax = 10_000;

/** A sweep over the leases of ended sessions. */
export function createLostLeases(
  database: Database,
): (limit: number) => Promise<readonly EndedLease[]> {
  const refused = new Set<TaskId>();
  const remember = (id: TaskId) => {
    const [oldest] = refused;
    if (refused.size >= refusedMax && oldest !== undefined) refused.delete(oldest);
    refused.add(id);
  };
  return async (limit) => {
    for (;;) {
      const rows = await database.run<{ id: TaskId }>(candidatesSql, [limit, uuids([...refused])]);
      if (rows.length === 0) break;
      const before = refused.size;
      const ids = rows.map(({ id }) => id);
      const ended = await endOneByOneIfRefused(database, ids, remember);
      // None of them, although they were free: look behind the refused ones, or leave it to whoever was faster.
      if (ended.length > 0 || refused.size === before) return ended;
    }
    await database.run(settleSql);
    return [];
  };
}

/** Ends the leases of a session that closes, within its transaction. */
export async function endLeasesOf(
  connection: Connection,
  sessionId: SessionId,
): Promise<readonly EndedLease[]> {
  const rows = await connection.run<{ id: TaskId }>(ofSessionSql, [sessionId]);
  return rows.length === 0
    ? []
    : endLeases(
        connection,
        rows.map(({ id }) => id),
      );
}

async function endLeases(
  connection: Connection,
  ids: readonly TaskId[],
): Promise<readonly EndedLease[]> {
  const sorted = ids.toSorted();
  const rows = await connection.run<EndedRow>(endSql, [
    uuids(sorted),
    lostFailure,
    interruptedFailure,
    ...boundsOf(sorted),
  ]);
  return rows.map(endedLeaseOf);
}

async function endOneByOneIfRefused(
  database: Database,
  ids: readonly TaskId[],
  remember: (id: TaskId) => void,
): Promise<readonly EndedLease[]> {
  try {
    return await endLeases(database, ids);
  } catch (error) {
    // Only an answer of the database about these rows; an outage says nothing about any of them.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  const ended: EndedLease[] = [];
  for (const id of ids) {
    try {
      ended.push(...(await endLeases(database, [id])));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      remember(id);
    }
  }
  return ended;
}
