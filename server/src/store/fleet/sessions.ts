/**
 * Presence of agents: ATTACHED → DETACHED → LOST, or → CLOSED; LOST and CLOSED have no exits.
 *
 * Every change is guarded by the attachment, and attach, loss and close hold the session's row, so that of two
 * coordinators who speak of one session exactly one is right.
 */

import type { SessionId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { int4s, storableJson } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { createLostLeases, endLeasesOf } from '../leases/lost-leases.ts';
import { code, sessionCode } from '../rows.ts';
import type { Sessions } from '../store.ts';
import { attach, factParameters } from './attach.ts';
import { findSessions, listSessions, serving } from './session-rows.ts';

// A repetition of the same create finds its own row.
const createSql = statement(
  'sessions_create',
  `INSERT INTO sessions (id, agent_id, coordinator_id, handler_ids, handler_versions, slots, weight, labels, sdk, host,
    lost_after_ms, dial, namespace_id, token_hash, state, attachment)
  VALUES ($1::uuid, $2, $3::uuid, $4::int4[], $5::jsonb, $6::int4, $7::int4, $8::jsonb, $9, $10, $11::int8, $12::int8,
    $13::int4, $14::bytea, ${sessionCode.attached}, 1)
  ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash RETURNING attachment`,
);

const updateSql = statement(
  'sessions_update',
  `UPDATE sessions SET slots = coalesce($3::int4, slots), handler_ids = coalesce($4::int4[], handler_ids),
    handler_versions = coalesce($5::jsonb, handler_versions), draining = coalesce($6::bool, draining)
  WHERE id = $1::uuid AND attachment = $2::int8 AND state = ${sessionCode.attached}`,
);

const detachSql = statement(
  'sessions_detach',
  `UPDATE sessions SET state = ${sessionCode.detached}, detached_at = now(),
    lost_in_ms = greatest(0, lost_after_ms - $3::int8)
  WHERE id = $1::uuid AND attachment = $2::int8 AND state = ${sessionCode.attached}`,
);

const closeSql = statement(
  'sessions_close',
  `UPDATE sessions SET state = ${sessionCode.closed}, ended_at = now(), leases_left = true
  WHERE id = $1::uuid AND attachment = $2::int8 AND state <= ${sessionCode.detached} RETURNING id`,
);

const loseSql = statement(
  'sessions_lose',
  `UPDATE sessions SET state = ${sessionCode.lost}, ended_at = now(), leases_left = true
  WHERE id = $1::uuid AND attachment = $2::int8 AND state = ${sessionCode.detached} RETURNING id`,
);

const pruneSql = statement(
  'sessions_prune',
  `DELETE FROM sessions s WHERE s.id IN (
    SELECT id FROM sessions WHERE state >= ${sessionCode.lost} AND NOT leases_left
      AND ended_at < now() - $1::int8 * interval '1 millisecond' LIMIT 1000 FOR UPDATE SKIP LOCKED)
    AND NOT EXISTS (SELECT FROM tasks t WHERE t.session_id = s.id AND t.state = ${code.running})
  RETURNING id`,
);

/** Sessions over a database. */
export function createSessions(database: Database): Sessions {
  const changes = async (sql: typeof loseSql, parameters: readonly (string | number)[]) =>
    (await database.run<{ id: SessionId }>(sql, parameters)).length;
  return {
    create: async (id, tokenHash, facts, handlerVersions) => {
      const [row] = await database.run<{ attachment: number }>(createSql, [
        id,
        ...factParameters(facts, handlerVersions),
        facts.namespaceId,
        tokenHash,
      ]);
      return { attachment: row?.attachment ?? 1 };
    },
    attach: (...parameters) => attach(database, ...parameters),
    update: async (id, attachment, { slots, handlerIds, handlerVersions, draining }) => {
      await database.run(updateSql, [
        id,
        attachment,
        slots ?? null,
        handlerIds === undefined ? null : int4s(handlerIds),
        storableJson(handlerVersions),
        draining ?? null,
      ]);
    },
    detach: async (id, attachment, silentMs) => {
      await database.run(detachSql, [id, attachment, Math.round(silentMs)]);
    },
    close: (id, attachment) =>
      database.transaction(async (connection) => {
        const rows = await connection.run(closeSql, [id, attachment]);
        return rows.length === 0 ? [] : endLeasesOf(connection, id);
      }),
    lose: async (id, attachment) => (await changes(loseSql, [id, attachment])) > 0,
    loseLeases: createLostLeases(database),
    list: (query) => database.cold((kysely) => listSessions(kysely, query)),
    find: (namespaceId, id, limit) =>
      database.cold((kysely) => findSessions(kysely, namespaceId, storableText(id), limit)),
    serving: (namespaceId, handlerIds) => serving(database, namespaceId, handlerIds),
    prune: (olderThanMs) => changes(pruneSql, [Math.round(olderThanMs)]),
  };
}
