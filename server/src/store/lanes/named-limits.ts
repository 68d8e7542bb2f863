/**
 * Limits that handlers share, by name.
 */

import { wholeTokensAt } from '../../rules/lanes/limits.ts';
import type { NamedLimit, WrittenLimit } from '../../rules/lanes/standing.ts';
import type { NamespaceId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { type Database, statement } from '../engines/database.ts';
import type { Lanes } from '../store.ts';
import { runningUnder } from './claim-lanes.ts';
import { type BucketColumns, bucketOf, type RateColumns, rateOf } from './limit-rows.ts';

const columns = `l.name, l.description, l.concurrency, l.rate_count, l.rate_window_ms, l.rate_burst, l.tokens, l.tokens_at,
  l.created_at, l.updated_at, (SELECT count(*)::int4 ${runningUnder}) AS running, floor(extract(epoch FROM now()) * 1000)::int8 AS now,
  (SELECT coalesce(array_agg(u.name ORDER BY u.name), '{}') FROM handlers u WHERE l.id = ANY(u.limit_ids)) AS handlers`;

// Tokens that are there stay: a higher burst fills with time, and a lower one holds from now on.
const setSql = statement(
  'limits_set',
  `INSERT INTO limits AS l (namespace_id, name, description, concurrency, rate_count, rate_window_ms, rate_burst)
  VALUES ($1::int4, $2::text, $3::text, $4::int4, $5::int4, $6::int8, $7::int4)
  ON CONFLICT (namespace_id, name) WHERE handler_id IS NULL DO UPDATE SET description = excluded.description,
    concurrency = excluded.concurrency, rate_count = excluded.rate_count, rate_window_ms = excluded.rate_window_ms,
    rate_burst = excluded.rate_burst, updated_at = now()`,
);

const getSql = statement(
  'limits_get',
  `SELECT ${columns} FROM limits l WHERE l.namespace_id = $1::int4 AND l.name = $2::text AND l.handler_id IS NULL`,
);

const listSql = statement(
  'limits_list',
  `SELECT ${columns} FROM limits l WHERE l.namespace_id = $1::int4 AND l.name > $2::text AND l.handler_id IS NULL
  ORDER BY l.name LIMIT $3::int4`,
);

// The lock keeps a handler from being put under it meanwhile.
const holdSql = statement(
  'limits_hold',
  `SELECT l.id FROM limits l WHERE l.namespace_id = $1::int4 AND l.name = $2::text AND l.handler_id IS NULL FOR UPDATE`,
);
const usersSql = statement(
  'limits_users',
  'SELECT name FROM handlers WHERE $1::int4 = ANY(limit_ids) ORDER BY name LIMIT 10',
);
const deleteSql = statement('limits_delete', 'DELETE FROM limits WHERE id = $1::int4');

type Row = RateColumns &
  BucketColumns & {
    readonly name: string;
    readonly description: string;
    readonly concurrency: number | null;
    readonly created_at: number;
    readonly updated_at: number;
    readonly running: number;
    readonly now: number;
    readonly handlers: readonly string[];
  };

/** Named limits over a database. */
export function createNamedLimits(
  database: Database,
): Pick<Lanes, 'setLimit' | 'limit' | 'limits' | 'deleteLimit'> {
  const get = async (namespaceId: NamespaceId, name: string): Promise<NamedLimit | null> => {
    const [row] = await database.run<Row>(getSql, [namespaceId, name]);
    return row === undefined ? null : limitOf(row);
  };
  return {
    limit: get,
    setLimit: async (namespaceId, written) => {
      await database.run(setSql, [namespaceId, ...parametersOf(written)]);
      const limit = await get(namespaceId, written.name);
      if (limit === null) throw new Error(`The limit "${written.name}" was deleted as it was set.`);
      return limit;
    },
    limits: async (namespaceId, after, most) => {
      const rows = await database.run<Row>(listSql, [namespaceId, after, most + 1]);
      return { limits: rows.slice(0, most).map(limitOf), more: rows.length > most };
    },
    deleteLimit: (namespaceId, name) =>
      database.transaction(async (connection) => {
        const [held] = await connection.run<{ id: number }>(holdSql, [namespaceId, name]);
        if (held === undefined) return 'MISSING';
        const users = await connection.run<{ name: string }>(usersSql, [held.id]);
        if (users.length > 0) return { usedBy: users.map((user) => user.name) };
        await connection.run(deleteSql, [held.id]);
        return 'DELETED';
      }),
  };
}

function parametersOf({ name, description, concurrency, rate }: WrittenLimit) {
  return [
    ...[name, storableText(description), concurrency],
    ...[rate?.count ?? null, rate?.windowMs ?? null, rate?.burst ?? null],
  ];
}

function limitOf(row: Row): NamedLimit {
  const rate = rateOf(row);
  return {
    name: row.name,
    description: row.description,
    concurrency: row.concurrency,
    rate,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    running: row.running,
    tokens: rate === null ? null : wholeTokensAt(rate, bucketOf(row), row.now),
    handlers: row.handlers,
  };
}
