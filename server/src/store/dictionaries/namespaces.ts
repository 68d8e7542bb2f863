/**
 * Namespaces: the boundary of tenants. Deleting one hides it at once; retention removes what is left of it.
 */
import { type Kysely, sql } from 'kysely';
import type { NamespaceId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import type { Database } from '../engines/database.ts';
import { code, sessionCode } from '../rows.ts';
import type { Schema } from '../schema.ts';
import type { Dictionaries, NamespaceRow } from '../store.ts';

const columns = [
  ...(['id', 'name', 'description', 'retention_ms', 'created_at', 'paused', 'pause_note'] as const),
] as const;

type Namespaces = Pick<
  Dictionaries,
  'namespaces' | 'createNamespace' | 'updateNamespace' | 'deleteNamespace'
>;

/** Namespaces over a database. */
export function createNamespaces(database: Database): Namespaces {
  return {
    namespaces: () =>
      database.cold(async (kysely) =>
        (await namespaceRows(kysely).orderBy('name').execute()).map(namespaceOf),
      ),
    createNamespace: (name, description, retentionMs) =>
      database.cold(async (kysely) => {
        const row = await kysely
          .insertInto('namespaces')
          .values({ name, description: storableText(description), retention_ms: retentionMs })
          .onConflict((conflict) =>
            conflict.column('name').where('deleted_at', 'is', null).doNothing(),
          )
          .returning(columns)
          .executeTakeFirst();
        return row === undefined ? 'EXISTS' : namespaceOf(row);
      }),
    updateNamespace: (name, change) =>
      database.cold(async (kysely) => {
        const { description, retentionMs } = change;
        const row = await kysely
          .updateTable('namespaces')
          .set({
            name,
            ...(description === undefined ? {} : { description: storableText(description) }),
            ...(retentionMs === undefined ? {} : { retention_ms: retentionMs }),
          })
          .where('name', '=', name)
          .where('deleted_at', 'is', null)
          .returning(columns)
          .executeTakeFirst();
        return row === undefined ? 'MISSING' : namespaceOf(row);
      }),
    deleteNamespace: (name) => database.cold((kysely) => deleteNamespace(kysely, name)),
  };
}

/** Hides the namespace at once; retention removes its tasks, handlers and row. */
async function deleteNamespace(
  kysely: Kysely<Schema>,
  name: string,
): Promise<'DELETED' | 'MISSING' | 'NOT_EMPTY'> {
  const unfinished = sql`EXISTS (SELECT FROM tasks t WHERE t.namespace_id = n.id AND (t.state = ${sql.lit(code.delayed)}
    OR t.state = ${sql.lit(code.waiting)} OR t.state = ${sql.lit(code.ready)} OR t.state = ${sql.lit(code.running)}))`;
  const present = sql`EXISTS (SELECT FROM sessions s WHERE s.namespace_id = n.id AND s.state <= ${sql.lit(sessionCode.detached)})`;
  const asking = sql`EXISTS (SELECT FROM schedules s WHERE s.namespace_id = n.id)`;
  const { rows } = await sql<{ empty: boolean }>`
    WITH found AS (SELECT n.id, NOT (${unfinished} OR ${present} OR ${asking}) AS empty FROM namespaces n
      WHERE n.name = ${name} AND n.deleted_at IS NULL FOR UPDATE),
    hidden AS (UPDATE namespaces n SET deleted_at = now() FROM found WHERE n.id = found.id AND found.empty)
    SELECT empty FROM found`.execute(kysely);
  const [row] = rows;
  if (row === undefined) return 'MISSING';
  return row.empty ? 'DELETED' : 'NOT_EMPTY';
}

function namespaceRows(kysely: Kysely<Schema>) {
  return kysely.selectFrom('namespaces').select(columns).where('deleted_at', 'is', null);
}

function namespaceOf(row: {
  id: number;
  name: string;
  description: string;
  retention_ms: number | null;
  created_at: number;
  paused: boolean;
  pause_note: string;
}): NamespaceRow {
  return {
    id: row.id as NamespaceId,
    name: row.name,
    description: row.description,
    retentionMs: row.retention_ms,
    createdAt: row.created_at,
    paused: row.paused,
    pauseNote: row.pause_note,
  };
}
