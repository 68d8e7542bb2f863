/**
 * The limits of one handler, and pauses.
 *
 * What is written here binds every statement that begins after the commit: inserts and claims read the handler's row themselves.
 */
import { type HandlerLimits, isLimited, noLimits } from '../../rules/lanes/limits.ts';
import type { HandlerStanding } from '../../rules/lanes/standing.ts';
import type { HandlerId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { int4s, storableJson, texts } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { code } from '../rows.ts';
import type { Lanes } from '../store.ts';

const lockSql = statement(
  'handler_limits_lock',
  'SELECT namespace_id, limited FROM handlers WHERE id = $1::int4 FOR UPDATE',
);

const namedSql = statement(
  'handler_limits_named',
  `SELECT id, name FROM limits WHERE namespace_id = $1::int4 AND name = ANY($2::text[]) AND handler_id IS NULL
  ORDER BY id FOR SHARE`,
);

const ownSql = statement(
  'handler_limits_own',
  `INSERT INTO limits AS l (namespace_id, handler_id, concurrency, rate_count, rate_window_ms, rate_burst)
  VALUES ($1::int4, $2::int4, $3::int4, $4::int4, $5::int8, $6::int4)
  ON CONFLICT (handler_id) WHERE handler_id IS NOT NULL DO UPDATE SET concurrency = excluded.concurrency,
    rate_count = excluded.rate_count, rate_window_ms = excluded.rate_window_ms, rate_burst = excluded.rate_burst, updated_at = now()
  RETURNING id`,
);

const setSql = statement(
  'handler_limits_set',
  `UPDATE handlers h SET limits = $2::jsonb, limit_ids = $3::int4[], limits_revision = h.limits_revision + 1, updated_at = now(),
    limited = $4::bool,
    settled = h.settled AND h.limited = $4::bool,
    limited_by = CASE WHEN h.limited = $4::bool THEN h.limited_by ELSE pg_current_xact_id() END
  WHERE h.id = $1::int4`,
);

/** Tasks in lanes are counted up to here. */
const countMax = 10_000;

const standingSql = statement(
  'handler_limits_standing',
  `SELECT h.limits, h.settled, h.paused, h.namespace_paused, h.pause_note,
    (SELECT count(*)::int4 FROM tasks t WHERE t.handler_id = h.id AND t.state = ${code.running} AND t.lane_id IS NOT NULL) AS running,
    (SELECT count(*)::int4 FROM (SELECT FROM tasks t WHERE t.handler_id = h.id AND t.state = ${code.waiting} AND t.lane_id IS NOT NULL LIMIT ${countMax}) w) AS waiting
  FROM handlers h WHERE h.id = $1::int4`,
);

const pauseSql = statement(
  'handlers_pause',
  'UPDATE handlers SET paused = $2::bool, pause_note = $3::text, updated_at = now() WHERE id = $1::int4',
);
const pauseNamespaceSql = statement(
  'namespaces_pause',
  'UPDATE namespaces SET paused = $2::bool, pause_note = $3::text WHERE id = $1::int4',
);
const pauseAllSql = statement(
  'handlers_pause_all',
  'UPDATE handlers SET namespace_paused = $2::bool WHERE namespace_id = $1::int4 AND namespace_paused <> $2::bool',
);

type StandingRow = {
  readonly limits: Partial<HandlerLimits>;
  readonly settled: boolean;
  readonly paused: boolean;
  readonly namespace_paused: boolean;
  readonly pause_note: string;
  readonly running: number;
  readonly waiting: number;
};

/** Limits of handlers over a database. */
export function createHandlerLimits(
  database: Database,
): Pick<Lanes, 'setHandlerLimits' | 'handlerStanding' | 'pauseHandler' | 'pauseNamespace'> {
  return {
    setHandlerLimits: (handlerId, limits) =>
      database.transaction(async (connection) => {
        const [handler] = await connection.run<{ namespace_id: number }>(lockSql, [handlerId]);
        if (handler === undefined) throw new Error(`There is no handler ${handlerId}.`);
        const named = await connection.run<{ id: number; name: string }>(namedSql, [
          handler.namespace_id,
          texts(limits.names),
        ]);
        const missing = limits.names.filter((name) => !named.some((row) => row.name === name));
        if (missing.length > 0) return { missing };
        const own = await ownLimit(connection, handler.namespace_id, handlerId, limits);
        await connection.run(setSql, [
          handlerId,
          storableJson(limits),
          int4s([...own, ...named.map(({ id }) => id)]),
          isLimited(limits),
        ]);
        return 'SET';
      }),
    handlerStanding: async (handlerId) => {
      const [row] = await database.run<StandingRow>(standingSql, [handlerId]);
      return row === undefined ? null : standingOf(row);
    },
    pauseHandler: async (handlerId, paused, note) => {
      await database.run(pauseSql, [handlerId, paused, storableText(note)]);
    },
    pauseNamespace: (namespaceId, paused, note) =>
      database.transaction(async (connection) => {
        await connection.run(pauseNamespaceSql, [namespaceId, paused, storableText(note)]);
        await connection.run(pauseAllSql, [namespaceId, paused]);
      }),
  };
}

/** The row of the limits that all lanes of a handler share; without one it is kept, unused, with its bucket. */
async function ownLimit(
  connection: Connection,
  namespaceId: number,
  handlerId: HandlerId,
  { concurrency, rate }: HandlerLimits,
): Promise<readonly number[]> {
  if (concurrency === null && rate === null) return [];
  const rows = await connection.run<{ id: number }>(ownSql, [
    ...[namespaceId, handlerId, concurrency],
    ...[rate?.count ?? null, rate?.windowMs ?? null, rate?.burst ?? null],
  ]);
  return rows.map(({ id }) => id);
}

function standingOf(row: StandingRow): HandlerStanding {
  return {
    limits: { ...noLimits, ...row.limits },
    settled: row.settled,
    paused: row.paused,
    namespacePaused: row.namespace_paused,
    pauseNote: row.pause_note,
    running: row.running,
    waiting: row.waiting,
  };
}
