/**
 * Sessions as rows, and the reads of them.
 */
import { type Kysely, sql } from 'kysely';
import type { CoordinatorId, HandlerId, NamespaceId, SessionId } from '../../rules/task.ts';
import { int4s } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { code, sessionCode, sessionStateOf } from '../rows.ts';
import type { Schema, SessionsTable } from '../schema.ts';
import type { Serving, SessionRow, SessionState, Sessions } from '../store.ts';

const stateNumber: Readonly<Record<SessionState, number>> = {
  ATTACHED: sessionCode.attached,
  DETACHED: sessionCode.detached,
  LOST: sessionCode.lost,
  CLOSED: sessionCode.closed,
};

// Versions are kept by the handler's name, or by its number.
const servingSql = statement(
  'sessions_serving',
  `SELECT h.id AS handler_id, s.agent_id,
    coalesce(s.handler_versions ->> h.name, s.handler_versions ->> h.id::text, '') AS version
  FROM sessions s
  CROSS JOIN LATERAL unnest(s.handler_ids) AS u(handler_id)
  JOIN handlers h ON h.id = u.handler_id
  WHERE s.namespace_id = $1::int4 AND s.state = ${sessionCode.attached} AND u.handler_id = ANY($2::int4[])
  ORDER BY h.id, s.agent_id`,
);

/** See `Sessions.serving`. */
export async function serving(
  database: Database,
  namespaceId: NamespaceId,
  handlerIds: readonly HandlerId[],
): Promise<readonly Serving[]> {
  if (handlerIds.length === 0) return [];
  const rows = await database.run<{ handler_id: HandlerId; agent_id: string; version: string }>(
    servingSql,
    [namespaceId, int4s(handlerIds)],
  );
  return rows.map((row) => ({
    handlerId: row.handler_id,
    agentId: row.agent_id,
    version: row.version,
  }));
}

/** See `Sessions.list`. */
export async function listSessions(
  kysely: Kysely<Schema>,
  query: Parameters<Sessions['list']>[0],
): Promise<readonly SessionRow[]> {
  let rows = sessionsWithRunning(kysely)
    .where('s.namespace_id', '=', query.namespaceId)
    .orderBy('s.id', 'desc')
    .limit(query.limit);
  if (query.states.length > 0)
    rows = rows.where(
      's.state',
      'in',
      query.states.map((state) => stateNumber[state]),
    );
  if (query.before !== null) rows = rows.where('s.id', '<', query.before);
  return (await rows.execute()).map(sessionOf);
}

/** See `Sessions.find`. */
export async function findSessions(
  kysely: Kysely<Schema>,
  namespaceId: NamespaceId,
  id: string,
  limit: number,
): Promise<readonly SessionRow[]> {
  const rows = await sessionsWithRunning(kysely)
    .where('s.namespace_id', '=', namespaceId)
    .where((where) =>
      where.or([where('s.agent_id', '=', id), where(sql<string>`s.id::text`, '=', id)]),
    )
    .orderBy('s.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(sessionOf);
}

function sessionsWithRunning(kysely: Kysely<Schema>) {
  return kysely
    .selectFrom('sessions as s')
    .selectAll('s')
    .select((select) =>
      select
        .selectFrom('tasks as t')
        .whereRef('t.session_id', '=', 's.id')
        .where(sql<boolean>`t.state = ${sql.lit(code.running)}`)
        .select(sql<number>`count(*)`.as('count'))
        .as('running'),
    );
}

type ReadSession = Omit<
  SessionsTable,
  'created_at' | 'attached_at' | 'detached_at' | 'ended_at' | 'handler_versions' | 'labels'
> & {
  created_at: number;
  attached_at: number;
  detached_at: number | null;
  handler_versions: Record<string, string>;
  labels: Record<string, string>;
  running: number | null;
};

function sessionOf(row: ReadSession): SessionRow {
  return {
    id: row.id as SessionId,
    namespaceId: row.namespace_id as NamespaceId,
    agentId: row.agent_id,
    coordinatorId: row.coordinator_id as CoordinatorId,
    handlerIds: row.handler_ids as HandlerId[],
    handlerVersions: row.handler_versions,
    slots: row.slots,
    weight: row.weight,
    labels: row.labels,
    sdk: row.sdk,
    host: row.host,
    lostAfterMs: row.lost_after_ms,
    dial: row.dial,
    state: sessionStateOf(row.state),
    draining: row.draining,
    attachment: row.attachment,
    running: row.running ?? 0,
    createdAt: row.created_at,
    attachedAt: row.attached_at,
    detachedAt: row.detached_at,
  };
}
