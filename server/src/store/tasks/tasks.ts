/**
 * Reads of tasks, for api and its waiters.
 */
import { sql } from 'kysely';
import { stateOfCode } from '../../rules/lifecycle.ts';
import type { NamespaceId, Task, TaskId, TaskState } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { code } from '../rows.ts';
import type { Tasks } from '../store.ts';
import { readAttempts } from './attempts.ts';
import { cancel } from './cancel.ts';
import { filteredTasks, splitFilter } from './filter.ts';
import { createReadTasks, type ReadTasks } from './read.ts';
import { payloadBytes } from './task-rows.ts';

// Progress is read only of what runs. Thousands of waiters ask this; it touches no payload.
const statesSql = statement(
  'tasks_states',
  `SELECT t.id, t.state, concat_ws('.', t.state, t.attempt, t.lease_epoch, t.cancel_requested_at IS NOT NULL,
    (extract(epoch FROM p.updated_at) * 1000000)::int8) AS version
  FROM unnest($2::uuid[]) AS a(id) JOIN tasks t ON t.id = a.id AND t.namespace_id = $1::int4
  LEFT JOIN task_progress p ON p.task_id = CASE WHEN t.state = ${code.running} THEN t.id END`,
);

/** Tasks over a database. */
export function createTasks(database: Database): Tasks {
  const read = createReadTasks(database);
  return {
    get: async (namespaceId, id, view) => {
      const [task] = await read({ namespaceId, ids: [id], payloads: view !== 'BASIC' });
      if (task === undefined) return null;
      return view === 'FULL' ? { ...task, attempts: await readAttempts(database, id) } : task;
    },
    getMany: (namespaceId, ids, view) => read({ namespaceId, ids, payloads: view === 'PAYLOADS' }),
    states: (namespaceId, ids) => readStates(database, namespaceId, ids),
    list: (query) => list(database, read, query),
    attempts: (id) => readAttempts(database, id),
    cancel: (namespaceId, which, reason, limit) =>
      cancel(database, namespaceId, which, reason, limit),
  };
}

async function readStates(
  database: Database,
  namespaceId: NamespaceId,
  ids: readonly TaskId[],
): Promise<ReadonlyMap<TaskId, { readonly state: TaskState; readonly version: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await database.run<{ id: TaskId; state: number; version: string }>(statesSql, [
    namespaceId,
    uuids([...new Set(ids)]),
  ]);
  return new Map(
    rows.map(({ id, state, version }) => [id, { state: stateOfCode(state), version }]),
  );
}

async function list(
  database: Database,
  read: ReadTasks,
  query: Parameters<Tasks['list']>[0],
): Promise<{ readonly tasks: readonly Task[]; readonly more: boolean }> {
  const payloads = query.view === 'PAYLOADS';
  // Which ids, then their rows: the walk along the index carries no payloads.
  const found = await findNewest(database, query);
  const page: TaskId[] = [];
  let bytes = 0;
  for (const row of found.slice(0, query.limit)) {
    bytes += payloads ? row.bytes : 0;
    if (page.length > 0 && bytes > query.bytesMax) break;
    page.push(row.id as TaskId);
  }
  const tasks = await read({ namespaceId: query.namespaceId, ids: page, payloads });
  const newestFirst = tasks.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return { tasks: newestFirst, more: found.length > page.length };
}

/** Newest first, one more than the limit to tell whether there are more. One statement, so that no task moves between its parts. */
async function findNewest(
  database: Database,
  { namespaceId, filter, before, limit }: Parameters<Tasks['list']>[0],
): Promise<readonly { readonly id: string; readonly bytes: number }[]> {
  return database.cold(async (kysely) => {
    const parts = splitFilter(filter).map((part) => {
      const ids = filteredTasks(kysely, namespaceId, part)
        .select(['t.id', payloadBytes.as('bytes')])
        .orderBy('t.id', 'desc')
        .limit(limit + 1);
      return before === null ? ids : ids.where('t.id', '<', before);
    });
    const found = await sql<{ id: string; bytes: number }>`SELECT id, bytes
      FROM (${sql.join(parts, sql` UNION ALL `)}) AS parts ORDER BY id DESC LIMIT ${limit + 1}`.execute(
      kysely,
    );
    return found.rows;
  });
}
