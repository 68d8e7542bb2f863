/**
 * Stores submitted tasks: one statement for a whole flush of calls.
 *
 * The statement itself decides RUNNING, READY or DELAYED, by the database's time and by joining the handler and the
 * offered session, so that no flag that a coordinator remembers can leak. A call with an id that is stored with other
 * content is left out whole. Should such an id arrive between the statement's snapshot and its insert, the division by
 * zero in ON CONFLICT undoes everything, and the statement is run again.
 */
import { stateOfCode } from '../../rules/lifecycle.ts';
import type { Lease, NewTask, SessionId, TaskId } from '../../rules/task.ts';
import { byteas, int4s, int8s, storableJson, texts, times, uuids } from '../engines/codec.ts';
import { type Connection, statement } from '../engines/database.ts';
import { StoreRefused } from '../errors.ts';
import { code, sessionCode } from '../rows.ts';
import type { StoredTask } from '../store.ts';

/** A task with the number of its call. */
export type AskedTask = { readonly call: number; readonly task: NewTask };

/** Thrown if a transaction found another state of things than the statement before it; repeat all of it. */
export class InsertRaced extends Error {
  override readonly name = 'InsertRaced';
}

const ms = `interval '1 millisecond'`;
const same = `tasks.content_hash = excluded.content_hash AND tasks.namespace_id = excluded.namespace_id`;

const insertSql = statement(
  'tasks_insert',
  `WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::int4[], $3::int4[], $4::int4[], $5::int4[], $6::text[], $7::text[], $8::bytea[],
      $9::text[], $10::bytea[], $11::text[], $12::timestamptz[], $13::int8[], $14::int8[], $15::int8[], $16::text[],
      $17::text[], $18::uuid[], $19::uuid[], $20::uuid[], $21::timestamptz[], $22::uuid[], $23::int8[])
    AS u(id, call, namespace_id, handler_id, priority, labels, input_type, input, options, content_hash, idempotency_key,
      due_at, start_delay_ms, total_timeout_ms, start_ttl_ms, traceparent, tracestate, parent_id, root_id, retry_of,
      nominal_at, offer_session, offer_attachment)
  ), reused AS (
    SELECT a.call FROM asked a JOIN tasks t ON t.id = a.id
    WHERE t.content_hash <> a.content_hash OR t.namespace_id <> a.namespace_id
  ), judged AS (
    SELECT a.*, d.due, CASE
      WHEN d.due > now() THEN ${code.delayed}
      WHEN s.id IS NOT NULL AND NOT h.paused AND NOT h.limited THEN ${code.running}
      ELSE ${code.ready} END AS state,
      now() + a.total_timeout_ms * ${ms} AS deadline_at, d.due + a.start_ttl_ms * ${ms} AS expires_at
    FROM asked a
    CROSS JOIN LATERAL (
      SELECT greatest(now(), coalesce(a.due_at, now() + coalesce(a.start_delay_ms, 0) * ${ms})) AS due) d
    LEFT JOIN handlers h ON h.id = a.handler_id
    LEFT JOIN sessions s ON s.id = a.offer_session AND s.attachment = a.offer_attachment
      AND s.state + 0 = ${sessionCode.attached}
    WHERE a.call NOT IN (SELECT call FROM reused)
  )
  INSERT INTO tasks (id, namespace_id, handler_id, state, priority, lease_epoch, session_id, created_at, due_at,
    leased_at, deadline_at, expires_at, check_at, input_type, input, options, labels, content_hash, idempotency_key,
    traceparent, tracestate, parent_id, root_id, retry_of, nominal_at)
  SELECT id, namespace_id, handler_id, state, priority,
    CASE WHEN state = ${code.running} THEN 1 ELSE 0 END, CASE WHEN state = ${code.running} THEN offer_session END,
    now(), due, CASE WHEN state = ${code.running} THEN now() END, deadline_at, expires_at,
    CASE WHEN state = ${code.running} THEN deadline_at ELSE least(deadline_at, expires_at) END,
    input_type, input, options::jsonb, labels::jsonb, content_hash, idempotency_key, traceparent, tracestate,
    parent_id, root_id, retry_of, nominal_at
  FROM judged
  ON CONFLICT (id) DO UPDATE SET priority = tasks.priority WHERE 1 / (CASE WHEN ${same} THEN 1 ELSE 0 END) = 0
  RETURNING id, state, deadline_at,
    CASE WHEN state = ${code.delayed} THEN ceil(extract(epoch FROM due_at - now()) * 1000)::int8 ELSE 0 END AS due_in_ms`,
);

const existingSql = statement(
  'tasks_existing',
  `SELECT id, namespace_id, content_hash, state, lease_epoch, session_id, deadline_at,
    CASE WHEN deadline_at IS NOT NULL THEN (extract(epoch FROM deadline_at - now()) * 1000)::int8 END AS deadline_in_ms,
    CASE WHEN state = ${code.delayed} THEN greatest(0, ceil(extract(epoch FROM due_at - now()) * 1000))::int8
      ELSE 0 END AS due_in_ms
  FROM tasks WHERE id = ANY($1::uuid[])`,
);

type InsertedRow = { id: TaskId; state: number; deadline_at: number | null; due_in_ms: number };
type ExistingRow = {
  id: TaskId;
  namespace_id: number;
  content_hash: Buffer;
  state: number;
  lease_epoch: number;
  session_id: SessionId | null;
  deadline_at: number | null;
  deadline_in_ms: number | null;
  due_in_ms: number;
};

/**
 * Stores tasks with distinct ids; answers by id. A call's tasks are answered ID_REUSED, all of them with the id that
 * was reused, if nothing of it was stored.
 */
export async function insertTasks(
  connection: Connection,
  asked: readonly AskedTask[],
  repeated: boolean,
): Promise<ReadonlyMap<TaskId, StoredTask>> {
  const inserted = await insertRows(connection, asked);
  const answers = new Map<TaskId, StoredTask>();
  const rest: AskedTask[] = [];
  for (const item of asked) {
    const row = inserted.get(item.task.id);
    if (row === undefined) rest.push(item);
    else answers.set(item.task.id, storedOf(item.task, row));
  }
  if (rest.length > 0) await answerExisting(connection, rest, repeated, answers);
  return answers;
}

/** Ids of these tasks that are stored with other content. */
export async function findReused(
  connection: Connection,
  tasks: readonly NewTask[],
): Promise<ReadonlySet<TaskId>> {
  const rows = await readExisting(connection, tasks);
  return new Set(tasks.filter((task) => isReused(task, rows.get(task.id))).map((task) => task.id));
}

async function insertRows(
  connection: Connection,
  asked: readonly AskedTask[],
): Promise<ReadonlyMap<TaskId, InsertedRow>> {
  try {
    const rows = await connection.run<InsertedRow>(insertSql, parametersOf(asked));
    return new Map(rows.map((row) => [row.id, row]));
  } catch (error) {
    const isRace = error instanceof StoreRefused && error.code === '22012';
    throw isRace ? new InsertRaced('A task id was reused while it was inserted.') : error;
  }
}

async function answerExisting(
  connection: Connection,
  rest: readonly AskedTask[],
  repeated: boolean,
  answers: Map<TaskId, StoredTask>,
): Promise<void> {
  const rows = await readExisting(
    connection,
    rest.map(({ task }) => task),
  );
  const reused = new Map<number, TaskId>();
  for (const { call, task } of rest)
    if (!reused.has(call) && isReused(task, rows.get(task.id))) reused.set(call, task.id);
  for (const { call, task } of rest) {
    const culprit = reused.get(call);
    const row = rows.get(task.id);
    if (culprit !== undefined) answers.set(task.id, { kind: 'ID_REUSED', id: culprit });
    else if (row === undefined) throw new InsertRaced('A task was gone as soon as it was found.');
    else
      answers.set(task.id, repeated ? repeatedOf(task, row) : { kind: 'DUPLICATE', id: task.id });
  }
}

async function readExisting(
  connection: Connection,
  tasks: readonly NewTask[],
): Promise<ReadonlyMap<TaskId, ExistingRow>> {
  const rows = await connection.run<ExistingRow>(existingSql, [uuids(tasks.map(({ id }) => id))]);
  return new Map(rows.map((row) => [row.id, row]));
}

function isReused(task: NewTask, row: ExistingRow | undefined): boolean {
  if (row === undefined) return false;
  return row.namespace_id !== task.namespaceId || !row.content_hash.equals(task.contentHash);
}

function storedOf(task: NewTask, row: InsertedRow): StoredTask {
  const state = stateOfCode(row.state);
  const lease = state === 'RUNNING' ? eagerLease(task, row.deadline_at, task.totalTimeoutMs) : null;
  return { kind: 'STORED', id: task.id, state, lease, dueInMs: row.due_in_ms };
}

/** The answer to a flush whose first reply was lost: as it stands, with the lease if it is still the first one. */
function repeatedOf(task: NewTask, row: ExistingRow): StoredTask {
  const state = stateOfCode(row.state);
  const stands =
    state === 'RUNNING' && row.lease_epoch === 1 && row.session_id === task.offer?.sessionId;
  const lease = stands ? eagerLease(task, row.deadline_at, row.deadline_in_ms) : null;
  return { kind: 'STORED', id: task.id, state, lease, dueInMs: row.due_in_ms };
}

/** The first lease of a task, from what was submitted: nothing of it has to be read back. */
function eagerLease(
  task: NewTask,
  deadlineAt: number | null,
  deadlineInMs: number | null,
): Lease | null {
  if (task.offer === null) return null;
  return {
    taskId: task.id,
    leaseEpoch: 1,
    sessionId: task.offer.sessionId,
    namespaceId: task.namespaceId,
    handlerId: task.handlerId,
    attempt: 1,
    failures: 0,
    options: task.options,
    input: task.input,
    checkpoint: null,
    labels: task.labels,
    deadlineAt,
    deadlineInMs,
    cancelRequested: false,
    origin: task.origin,
  };
}

function parametersOf(asked: readonly AskedTask[]): readonly Buffer[] {
  const sorted = asked.toSorted((a, b) => (a.task.id < b.task.id ? -1 : 1));
  const of = <Value>(pick: (task: NewTask) => Value) => sorted.map(({ task }) => pick(task));
  return [
    uuids(of((task) => task.id)),
    int4s(sorted.map(({ call }) => call)),
    int4s(of((task) => task.namespaceId)),
    int4s(of((task) => task.handlerId)),
    int4s(of((task) => task.priority)),
    texts(of((task) => storableJson(task.labels))),
    texts(of((task) => task.input?.mediaType)),
    byteas(of((task) => task.input?.data)),
    texts(of((task) => storableJson(task.options))),
    byteas(of((task) => task.contentHash)),
    texts(of((task) => task.idempotency?.key)),
    times(of((task) => task.dueAt)),
    int8s(of((task) => task.startDelayMs || null)),
    int8s(of((task) => task.totalTimeoutMs)),
    int8s(of((task) => task.startTtlMs)),
    texts(of((task) => task.origin.traceparent)),
    texts(of((task) => task.origin.tracestate)),
    uuids(of((task) => task.origin.parentId)),
    uuids(of((task) => task.origin.rootId)),
    uuids(of((task) => task.origin.retryOf)),
    times(of((task) => task.origin.nominalAt)),
    uuids(of((task) => task.offer?.sessionId)),
    int8s(of((task) => task.offer?.attachment)),
  ];
}
