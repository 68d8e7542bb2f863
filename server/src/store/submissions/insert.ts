/**
 * Stores the tasks of many calls, each call wholly or not at all, and answers each task.
 *
 * Ids are nearly always new, so at first nobody looks. If one is stored already, nothing was written: what is known by
 * these ids is read, calls with an id of other content are left out whole, what is stored already is answered, and the
 * rest is inserted.
 */
import { stateOfCode } from '../../rules/lifecycle.ts';
import type { Lease, NewTask, SessionId, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Connection, statement } from '../engines/database.ts';
import { code } from '../rows.ts';
import type { StoredTask } from '../store.ts';
import { type InsertedRow, insertRows } from './insert-rows.ts';

/** A task with the number of its call. */
export type AskedTask = { readonly call: number; readonly task: NewTask };

/** How a flush is stored. */
export type InsertMode = {
  /** An earlier write of exactly these tasks may have happened. */
  readonly repeated: boolean;
  /** Some of the ids may be stored already: look first. */
  readonly looksFirst: boolean;
};

/** What is stored under an id. */
export type ExistingRow = {
  readonly id: TaskId;
  readonly namespace_id: number;
  readonly content_hash: Buffer;
  readonly state: number;
  readonly lease_epoch: number;
  readonly session_id: SessionId | null;
  readonly deadline_at: number | null;
  readonly deadline_in_ms: number | null;
  readonly due_in_ms: number;
};

/** Stored rows by id. */
export type Existing = ReadonlyMap<TaskId, ExistingRow>;

const existingSql = statement(
  'tasks_existing',
  `SELECT id, namespace_id, content_hash, state, lease_epoch, session_id, deadline_at,
    CASE WHEN deadline_at IS NOT NULL THEN (extract(epoch FROM deadline_at - now()) * 1000)::int8 END AS deadline_in_ms,
    CASE WHEN state = ${code.delayed} THEN greatest(0, ceil(extract(epoch FROM due_at - now()) * 1000))::int8
      ELSE 0 END AS due_in_ms
  FROM tasks WHERE id = ANY($1::uuid[])`,
);

/** Stores tasks with distinct ids; answers by id. Throws `InsertRaced` if an id was stored that nobody had seen. */
export async function insertTasks(
  connection: Connection,
  asked: readonly AskedTask[],
  mode: InsertMode,
): Promise<ReadonlyMap<TaskId, StoredTask>> {
  const existing: Existing = mode.looksFirst ? await readExisting(connection, asked) : new Map();
  return insertBeside(connection, asked, existing, mode.repeated);
}

/**
 * As `insertTasks`, with what is stored under these ids. A call's tasks are answered ID_REUSED, all of them with the id
 * that was reused, and nothing of it is stored.
 */
export async function insertBeside(
  connection: Connection,
  asked: readonly AskedTask[],
  existing: Existing,
  repeated: boolean,
): Promise<ReadonlyMap<TaskId, StoredTask>> {
  const reused = reusedByCall(asked, existing);
  const answers = new Map<TaskId, StoredTask>();
  const fresh: NewTask[] = [];
  for (const { call, task } of asked) {
    const culprit = reused.get(call);
    const row = existing.get(task.id);
    if (culprit !== undefined) answers.set(task.id, { kind: 'ID_REUSED', id: culprit });
    else if (row === undefined) fresh.push(task);
    else if (repeated) answers.set(task.id, repeatedOf(task, row));
    else answers.set(task.id, { kind: 'DUPLICATE', id: task.id });
  }
  if (fresh.length === 0) return answers;
  const inserted = await insertRows(connection, fresh);
  for (const task of fresh) answers.set(task.id, storedOf(task, inserted.get(task.id)));
  return answers;
}

/** Calls with an id that is stored with other content, each with the first such id. */
export function reusedByCall(
  asked: readonly AskedTask[],
  existing: Existing,
): ReadonlyMap<number, TaskId> {
  const reused = new Map<number, TaskId>();
  if (existing.size === 0) return reused;
  for (const { call, task } of asked)
    if (!reused.has(call) && isReused(task, existing.get(task.id))) reused.set(call, task.id);
  return reused;
}

/** What is stored under the ids of these tasks. */
export async function readExisting(
  connection: Connection,
  asked: readonly AskedTask[],
): Promise<Existing> {
  const ids = uuids(asked.map(({ task }) => task.id));
  const rows = await connection.run<ExistingRow>(existingSql, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

function isReused(task: NewTask, row: ExistingRow | undefined): boolean {
  if (row === undefined) return false;
  return row.namespace_id !== task.namespaceId || !row.content_hash.equals(task.contentHash);
}

/** The answer about a new task. */
export function storedOf(
  task: NewTask,
  row: InsertedRow | undefined,
): Extract<StoredTask, { readonly kind: 'STORED' }> {
  if (row === undefined) throw new Error(`No answer about the new task ${task.id}.`);
  const { state, dueInMs } = row;
  const lease = state === 'RUNNING' ? eagerLease(task, row.deadlineAt, task.totalTimeoutMs) : null;
  return { kind: 'STORED', id: task.id, state, lease, dueInMs };
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
    laneId: null,
    failures: 0,
    options: task.options,
    input: task.input,
    checkpoint: null,
    labels: task.labels,
    deadlineAt,
    deadlineInMs,
    cancelRequested: false,
    idempotencyKey: task.idempotency?.key ?? null,
    origin: task.origin,
  };
}
