/**
 * Handlers: names that tasks were submitted for or that agents registered, with the options of the newest registration.
 *
 * Rows are read before they are inserted, because a refused insert also spends a number.
 */
import type { HandlerId, HandlerOptions, NamespaceId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { bools, int4s, storableJson, texts } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import type { Dictionaries, HandlerFacts, HandlerRow } from '../store.ts';

const columns = `h.id, h.namespace_id, h.name, h.registered, h.options, h.limited, h.limit_ids, h.description, h.created_at, h.updated_at`;

const allSql = statement('handlers_all', `SELECT ${columns} FROM handlers h`);

const findSql = statement(
  'handlers_find',
  `SELECT ${columns} FROM unnest($2::text[]) AS a(name)
  JOIN handlers h ON h.namespace_id = $1::int4 AND h.name = a.name`,
);

// The lock lets a pause of the namespace that is under way go first, or wait until it can see these.
const addSql = statement(
  'handlers_add',
  `WITH own AS (SELECT id, paused FROM namespaces WHERE id = $1::int4 FOR SHARE)
  INSERT INTO handlers (namespace_id, name, namespace_paused)
  SELECT own.id, a.name, own.paused FROM own, unnest($2::text[]) AS a(name) ORDER BY a.name
  ON CONFLICT (namespace_id, name) DO NOTHING`,
);

const registerSql = statement(
  'handlers_register',
  `UPDATE handlers h SET registered = true, options = a.options::jsonb, at_most_once = a.at_most_once,
    lost_attempts_max = a.lost_attempts_max, description = a.description, input_schema = a.input_schema,
    output_schema = a.output_schema, updated_at = now()
  FROM unnest($2::text[], $3::text[], $4::bool[], $5::int4[], $6::text[], $7::text[], $8::text[])
    AS a(name, options, at_most_once, lost_attempts_max, description, input_schema, output_schema)
  WHERE h.namespace_id = $1::int4 AND h.name = a.name
    AND (h.registered, h.options, h.description, h.input_schema, h.output_schema)
      IS DISTINCT FROM (true, a.options::jsonb, a.description, a.input_schema, a.output_schema)`,
);

const schemasSql = statement(
  'handlers_schemas',
  `SELECT input_schema AS "inputSchema", output_schema AS "outputSchema" FROM handlers WHERE id = $1::int4`,
);

/** Options of a handler that no agent has registered yet. */
const noOptions: HandlerOptions = {
  retry: null,
  attemptTimeoutMs: null,
  atMostOnce: false,
  lostAttemptsMax: 3,
  cancelGraceMs: 5_000,
};

type HandlerTableRow = {
  id: HandlerId;
  namespace_id: NamespaceId;
  name: string;
  registered: boolean;
  options: Partial<HandlerOptions>;
  limited: boolean;
  limit_ids: readonly number[];
  description: string;
  created_at: number;
  updated_at: number;
};

type Handlers = Pick<
  Dictionaries,
  'handlers' | 'ensureHandlers' | 'registerHandlers' | 'handlerSchemas'
>;

/** Handlers over a database. */
export function createHandlers(database: Database): Handlers {
  return {
    handlers: async () => (await database.run<HandlerTableRow>(allSql)).map(handlerOf),
    ensureHandlers: (namespaceId, names) => ensureHandlers(database, namespaceId, names),
    registerHandlers: async (namespaceId, facts) => {
      const names = facts.map(({ name }) => name);
      await ensureHandlers(database, namespaceId, names);
      await register(database, namespaceId, facts);
      return inOrder(names, await find(database, namespaceId, names));
    },
    handlerSchemas: async (id) => {
      const [row] = await database.run<{ inputSchema: string; outputSchema: string }>(schemasSql, [
        id,
      ]);
      return row ?? { inputSchema: '', outputSchema: '' };
    },
  };
}

async function ensureHandlers(
  database: Database,
  namespaceId: NamespaceId,
  names: readonly string[],
): Promise<readonly HandlerRow[]> {
  const found = await find(database, namespaceId, names);
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 0) return inOrder(names, found);
  await database.run(addSql, [namespaceId, texts([...new Set(missing)])]);
  return inOrder(names, await find(database, namespaceId, names));
}

async function register(
  database: Database,
  namespaceId: NamespaceId,
  facts: readonly HandlerFacts[],
): Promise<void> {
  const sorted = [...new Map(facts.map((fact) => [fact.name, fact])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  await database.run(registerSql, [
    namespaceId,
    texts(sorted.map(({ name }) => name)),
    texts(sorted.map(({ options }) => storableJson(options))),
    bools(sorted.map(({ options }) => options.atMostOnce)),
    int4s(sorted.map(({ options }) => options.lostAttemptsMax)),
    texts(sorted.map(({ description }) => description)),
    texts(sorted.map(({ inputSchema }) => inputSchema)),
    texts(sorted.map(({ outputSchema }) => outputSchema)),
  ]);
}

async function find(
  database: Database,
  namespaceId: NamespaceId,
  names: readonly string[],
): Promise<ReadonlyMap<string, HandlerRow>> {
  const rows = await database.run<HandlerTableRow>(findSql, [
    namespaceId,
    texts([...new Set(names)]),
  ]);
  return new Map(rows.map((row) => [row.name, handlerOf(row)]));
}

function inOrder(
  names: readonly string[],
  found: ReadonlyMap<string, HandlerRow>,
): readonly HandlerRow[] {
  return names.map((name) => {
    const row = found.get(storableText(name));
    if (row === undefined) throw new Error(`Handler "${name}" was not stored.`);
    return row;
  });
}

function handlerOf(row: HandlerTableRow): HandlerRow {
  return {
    id: row.id,
    namespaceId: row.namespace_id,
    name: row.name,
    registered: row.registered,
    options: { ...noOptions, ...row.options },
    limited: row.limited,
    limitIds: row.limit_ids,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
