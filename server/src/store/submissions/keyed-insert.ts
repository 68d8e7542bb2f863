/**
 * Submissions with idempotency keys: the keys and the tasks in one transaction, keys first.
 *
 * A key is a row of its own, so that it costs only those who ask. Whoever finds it taken is answered with the task that
 * holds it, until it expires; then the next submission takes it over.
 */
import type { NewTask, TaskId } from '../../rules/task.ts';
import { int4s, int8s, texts, uuids } from '../engines/codec.ts';
import { type Connection, statement } from '../engines/database.ts';
import type { StoredTask } from '../store.ts';
import {
  type AskedTask,
  type InsertMode,
  insertBeside,
  readExisting,
  reusedByCall,
} from './insert.ts';

const takeSql = statement(
  'keys_take',
  `INSERT INTO idempotency_keys AS k (namespace_id, handler_id, key, task_id, expires_at)
  SELECT namespace_id, handler_id, key, task_id, now() + ttl_ms * interval '1 millisecond'
  FROM unnest($1::int4[], $2::int4[], $3::text[], $4::uuid[], $5::int8[])
    AS u(namespace_id, handler_id, key, task_id, ttl_ms)
  ORDER BY namespace_id, handler_id, key
  ON CONFLICT (namespace_id, handler_id, key) DO UPDATE
    SET task_id = excluded.task_id, expires_at = excluded.expires_at WHERE k.expires_at <= now()
  RETURNING task_id`,
);

const holdersSql = statement(
  'keys_holders',
  `SELECT u.task_id AS asker, k.task_id AS holder
  FROM unnest($1::int4[], $2::int4[], $3::text[], $4::uuid[]) AS u(namespace_id, handler_id, key, task_id)
  JOIN idempotency_keys k USING (namespace_id, handler_id, key)`,
);

/** As `insertTasks`, in a transaction, for tasks of which some have keys; always looks first. */
export async function insertKeyedTasks(
  connection: Connection,
  asked: readonly AskedTask[],
  { repeated }: InsertMode,
): Promise<ReadonlyMap<TaskId, StoredTask>> {
  const existing = await readExisting(connection, asked);
  // Calls that will be refused must not take keys.
  const reused = reusedByCall(asked, existing);
  const allowed = asked.filter(({ call }) => !reused.has(call));
  const holders = await takeKeys(connection, allowed);
  // Refused calls go along, to be answered.
  const insert = asked.filter(({ task }) => !holders.has(task.id));
  const answers = new Map(await insertBeside(connection, insert, existing, repeated));
  for (const [asker, holder] of holders) answers.set(asker, { kind: 'DUPLICATE', id: holder });
  return answers;
}

/** Takes the keys that are free; answers, by task, who holds the others. A key of one's own id is one's own. */
async function takeKeys(
  connection: Connection,
  asked: readonly AskedTask[],
): Promise<ReadonlyMap<TaskId, TaskId>> {
  const keyed = asked.map(({ task }) => task).filter((task) => task.idempotency !== null);
  if (keyed.length === 0) return new Map();
  const names = namesOf(keyed);
  const ttls = int8s(keyed.map((task) => task.idempotency?.ttlMs));
  const taken = await connection.run<{ task_id: TaskId }>(takeSql, [...names, ttls]);
  if (taken.length === keyed.length) return new Map();
  // A statement of its own: its snapshot sees those whom the one above has waited for.
  const rows = await connection.run<{ asker: TaskId; holder: TaskId }>(holdersSql, names);
  return new Map(
    rows.filter(({ asker, holder }) => asker !== holder).map((row) => [row.asker, row.holder]),
  );
}

function namesOf(tasks: readonly NewTask[]): readonly Buffer[] {
  return [
    int4s(tasks.map((task) => task.namespaceId)),
    int4s(tasks.map((task) => task.handlerId)),
    texts(tasks.map((task) => task.idempotency?.key)),
    uuids(tasks.map((task) => task.id)),
  ];
}
