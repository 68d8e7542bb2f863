/**
 * The statements that store new tasks, a whole flush each, and what is sent with them.
 *
 * A statement itself decides RUNNING, READY, WAITING or DELAYED, by the database's time and by joining the handler and the offered
 * session, so that no flag that a coordinator remembers can leak. An id that is stored already makes all of it fail:
 * ON CONFLICT would take 2.5 µs and 50 bytes of WAL per task from everybody, for what hardly ever happens.
 *
 * Tasks of one handler, session and media type are a group, which is joined once and sent once (2 µs less per task than
 * a join of every row). A flush in which no task uses a rare column has a statement without them (1 µs less), answered
 * with a state per group. It stores nothing if a handler is limited: then all goes by the whole statement, which puts tasks into lanes. Measured with flushes of 500: 5.9 µs of Postgres per task, where a bare INSERT of the same
 * rows takes 5.2, and one statement for everything, ON CONFLICT and all, took 13.9.
 */
import { stateOfCode } from '../../rules/lifecycle.ts';
import type { NewTask, TaskId, TaskState } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import {
  byteas,
  float8s,
  int4s,
  int8s,
  storableJson,
  texts,
  times,
  uuids,
} from '../engines/codec.ts';
import { type Connection, statement } from '../engines/database.ts';
import { inLine, laneOf } from '../lanes/in-line.ts';
import { code, sessionCode } from '../rows.ts';

/** Thrown if one of the ids is stored already, by somebody else since they were looked at; repeat all of it. */
export class InsertRaced extends Error {
  override readonly name = 'InsertRaced';
}

const ms = `interval '1 millisecond'`;

/** The state of each group if it is due, in order of the groups; whether one of them is of a limited handler. */
const judged = `judged AS MATERIALIZED (
    SELECT array_agg(CASE WHEN h.limited THEN ${code.waiting} WHEN s.id IS NOT NULL AND NOT h.held THEN ${code.running}
      ELSE ${code.ready} END ORDER BY u.n) AS states, coalesce(bool_or(h.limited), false) AS limited
    FROM unnest($1::int4[], $2::int4[], $3::uuid[], $4::int8[]) WITH ORDINALITY
      AS u(namespace_id, handler_id, offer_session, offer_attachment, n)
    LEFT JOIN handlers h ON h.id = u.handler_id
    LEFT JOIN sessions s ON s.id = u.offer_session AND s.attachment = u.offer_attachment
      AND s.state + 0 = ${sessionCode.attached}
  )`;

const groupState = `(SELECT states FROM judged)`;
const ifRunning = (value: string) => `CASE WHEN state = ${code.running} THEN ${value} END`;

const columns = `id, namespace_id, handler_id, state, priority, lease_epoch, session_id, created_at, due_at, leased_at,
    input_type, input, content_hash`;
const values = (due: string) => `id, ($1::int4[])[grp], ($2::int4[])[grp], state, priority,
    CASE WHEN state = ${code.running} THEN 1 ELSE 0 END, ${ifRunning('($3::uuid[])[grp]')}, now(), ${due},
    ${ifRunning('now()')}, ($5::text[])[grp], input, content_hash`;

// Tasks with no rare column are due at once.
const plainSql = statement(
  'tasks_insert',
  `WITH ${judged}, stored AS (
    INSERT INTO tasks (${columns})
    SELECT ${values('now()')}
    FROM (SELECT a.*, (${groupState})[a.grp] AS state
      FROM unnest($6::uuid[], $7::int4[], $8::int4[], $9::bytea[], $10::bytea[])
        AS a(id, grp, priority, input, content_hash)) asked
    WHERE NOT (SELECT limited FROM judged)
  )
  SELECT unnest(states) AS state FROM judged WHERE NOT limited`,
);

// A task by itself, as a caller in no hurry submits it: without lists its statement is begun sooner, and the task starts
// 0.1 ms earlier (measured: 0.50 ms with its commit, where the statement for many takes 0.63 and a bare INSERT 0.39).
const loneSql = statement(
  'tasks_insert_lone',
  `INSERT INTO tasks (${columns})
  SELECT $1::uuid, $2::int4, $3::int4, state, $4::int4, CASE WHEN state = ${code.running} THEN 1 ELSE 0 END,
    ${ifRunning('$5::uuid')}, now(), now(), ${ifRunning('now()')}, $7::text, $8::bytea, $9::bytea
  FROM (
    SELECT CASE WHEN s.id IS NOT NULL AND NOT h.held THEN ${code.running} ELSE ${code.ready} END AS state
    FROM (SELECT 1) asked
    LEFT JOIN handlers h ON h.id = $3
    LEFT JOIN sessions s ON s.id = $5 AND s.attachment = $6::int8 AND s.state + 0 = ${sessionCode.attached}
    WHERE h.limited IS NOT TRUE
  ) judged
  RETURNING state`,
);

const wholeSql = statement(
  'tasks_insert_whole',
  `WITH ${judged}, stored AS (
  INSERT INTO tasks (${columns}, deadline_at, expires_at, check_at, options, labels, idempotency_key,
    traceparent, tracestate, parent_id, root_id, retry_of, nominal_at, key, key_weight, lane_id)
  SELECT ${values('due')}, deadline_at, expires_at,
    CASE WHEN state = ${code.running} THEN deadline_at ELSE least(deadline_at, expires_at) END,
    options::jsonb, labels::jsonb, idempotency_key, traceparent, tracestate, parent_id, root_id, retry_of, nominal_at,
    key, key_weight, CASE WHEN (${groupState})[grp] = ${code.waiting} THEN ${laneOf('($2::int4[])[grp]', 'key')} END
  FROM (
    SELECT a.*, due, CASE WHEN due > now() THEN ${code.delayed} ELSE (${groupState})[a.grp] END AS state,
      now() + a.total_timeout_ms * ${ms} AS deadline_at, due + a.start_ttl_ms * ${ms} AS expires_at
    FROM unnest($6::uuid[], $7::int4[], $8::int4[], $9::bytea[], $10::bytea[], $11::text[], $12::text[], $13::text[],
        $14::timestamptz[], $15::int8[], $16::int8[], $17::int8[], $18::text[], $19::text[], $20::uuid[], $21::uuid[],
        $22::uuid[], $23::timestamptz[], $24::text[], $25::float8[])
      AS a(id, grp, priority, input, content_hash, labels, options, idempotency_key,
        due_at, start_delay_ms, total_timeout_ms, start_ttl_ms, traceparent, tracestate, parent_id, root_id,
        retry_of, nominal_at, key, key_weight)
    CROSS JOIN LATERAL (
      SELECT greatest(now(), coalesce(a.due_at, now() + coalesce(a.start_delay_ms, 0) * ${ms})) AS due) d
  ) asked
  RETURNING id, namespace_id, handler_id, state, deadline_at, lane_id, key, key_weight,
    CASE WHEN state = ${code.delayed} THEN ceil(extract(epoch FROM due_at - now()) * 1000)::int8 ELSE 0 END AS due_in_ms
  ), ${inLine('stored', false)}
  SELECT id, state, deadline_at, due_in_ms FROM stored`,
);

/** A task as it was stored. */
export type InsertedRow = {
  readonly state: TaskState;
  readonly deadlineAt: number | null;
  readonly dueInMs: number;
};

type WholeRow = { id: TaskId; state: number; deadline_at: number | null; due_in_ms: number };

/** Stores tasks with distinct ids, or throws `InsertRaced` if one of the ids is stored already. */
export async function insertRows(
  connection: Connection,
  tasks: readonly NewTask[],
): Promise<ReadonlyMap<TaskId, InsertedRow>> {
  const sorted = tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  try {
    if (!sorted.every(isPlain)) return await insertWhole(connection, sorted);
    const [lone] = sorted;
    const stored =
      lone !== undefined && sorted.length === 1
        ? await insertLone(connection, lone)
        : await insertPlain(connection, sorted);
    return stored ?? (await insertWhole(connection, sorted));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === idStoredCode)
      throw new InsertRaced('A task with one of these ids is stored already.', { cause: error });
    throw error;
  }
}

/** SQLSTATE of an id that is stored already: there is no other unique index. */
const idStoredCode = '23505';

/** Null: its handler is limited, and nothing was stored. */
async function insertLone(
  connection: Connection,
  { id, namespaceId, handlerId, priority, offer, input, contentHash }: NewTask,
): Promise<ReadonlyMap<TaskId, InsertedRow> | null> {
  const [row] = await connection.run<{ state: number }>(loneSql, [
    ...[id, namespaceId, handlerId, priority],
    ...[offer?.sessionId ?? null, offer?.attachment ?? null],
    ...[input === null ? null : storableText(input.mediaType), input?.data ?? null, contentHash],
  ]);
  if (row === undefined) return null;
  return new Map([[id, { state: stateOfCode(row.state), deadlineAt: null, dueInMs: 0 }]]);
}

/** Null: one of the handlers is limited, and nothing was stored. */
async function insertPlain(
  connection: Connection,
  tasks: readonly NewTask[],
): Promise<ReadonlyMap<TaskId, InsertedRow> | null> {
  const groups = groupsOf(tasks);
  const parameters = plainParameters(tasks, groups);
  const rows = await connection.run<{ state: number }>(plainSql, parameters);
  if (rows.length === 0) return null;
  const stored = rows.map(({ state }) => ({
    state: stateOfCode(state),
    deadlineAt: null,
    dueInMs: 0,
  }));
  return new Map(
    tasks.map(({ id }, at) => {
      const row = stored[(groups.numbers[at] ?? 0) - 1];
      if (row === undefined) throw new Error('A group of tasks was stored without an answer.');
      return [id, row];
    }),
  );
}

async function insertWhole(
  connection: Connection,
  tasks: readonly NewTask[],
): Promise<ReadonlyMap<TaskId, InsertedRow>> {
  const rows = await connection.run<WholeRow>(wholeSql, [
    ...plainParameters(tasks, groupsOf(tasks)),
    ...rareParameters(tasks),
  ]);
  return new Map(
    rows.map((row) => [
      row.id,
      { state: stateOfCode(row.state), deadlineAt: row.deadline_at, dueInMs: row.due_in_ms },
    ]),
  );
}

/** No column of `rareParameters` has a value. */
function isPlain(task: NewTask): boolean {
  const { origin } = task;
  return (
    task.key === null &&
    task.labels === null &&
    task.options === null &&
    task.idempotency === null &&
    task.dueAt === null &&
    task.startDelayMs === 0 &&
    task.totalTimeoutMs === null &&
    task.startTtlMs === null &&
    origin.traceparent === null &&
    origin.tracestate === null &&
    origin.parentId === null &&
    origin.rootId === null &&
    origin.retryOf === null &&
    origin.nominalAt === null
  );
}

/** The first task of each group, and the number of each task's group, from 1. */
type Groups = { readonly firsts: readonly NewTask[]; readonly numbers: readonly number[] };

function groupsOf(tasks: readonly NewTask[]): Groups {
  const byName = new Map<string, number>();
  const firsts: NewTask[] = [];
  let last = 0;
  const numberOf = (task: NewTask): number => {
    const { namespaceId, handlerId, offer, input } = task;
    const name = `${namespaceId} ${handlerId} ${offer?.sessionId} ${offer?.attachment} ${input?.mediaType}`;
    const known = byName.get(name);
    if (known !== undefined) return known;
    const number = firsts.push(task);
    byName.set(name, number);
    return number;
  };
  const numbers = tasks.map((task) => {
    // Neighbours are nearly always of one group; to name it would cost more than all the rest.
    const neighbour = firsts[last - 1];
    if (neighbour === undefined || !isOneGroup(neighbour, task)) last = numberOf(task);
    return last;
  });
  return { firsts, numbers };
}

function isOneGroup(a: NewTask, b: NewTask): boolean {
  return (
    a.handlerId === b.handlerId &&
    a.namespaceId === b.namespaceId &&
    a.offer?.sessionId === b.offer?.sessionId &&
    a.offer?.attachment === b.offer?.attachment &&
    a.input?.mediaType === b.input?.mediaType
  );
}

function plainParameters(tasks: readonly NewTask[], { firsts, numbers }: Groups): Buffer[] {
  return [
    int4s(firsts.map((task) => task.namespaceId)),
    int4s(firsts.map((task) => task.handlerId)),
    uuids(firsts.map((task) => task.offer?.sessionId)),
    int8s(firsts.map((task) => task.offer?.attachment)),
    texts(firsts.map((task) => task.input?.mediaType)),
    uuids(tasks.map((task) => task.id)),
    int4s(numbers),
    int4s(tasks.map((task) => task.priority)),
    byteas(tasks.map((task) => task.input?.data)),
    byteas(tasks.map((task) => task.contentHash)),
  ];
}

function rareParameters(tasks: readonly NewTask[]): Buffer[] {
  return [
    texts(tasks.map((task) => storableJson(task.labels))),
    texts(tasks.map((task) => storableJson(task.options))),
    texts(tasks.map((task) => task.idempotency?.key)),
    times(tasks.map((task) => task.dueAt)),
    int8s(tasks.map((task) => task.startDelayMs || null)),
    int8s(tasks.map((task) => task.totalTimeoutMs)),
    int8s(tasks.map((task) => task.startTtlMs)),
    texts(tasks.map((task) => task.origin.traceparent)),
    texts(tasks.map((task) => task.origin.tracestate)),
    uuids(tasks.map((task) => task.origin.parentId)),
    uuids(tasks.map((task) => task.origin.rootId)),
    uuids(tasks.map((task) => task.origin.retryOf)),
    times(tasks.map((task) => task.origin.nominalAt)),
    texts(tasks.map((task) => task.key?.name)),
    float8s(tasks.map((task) => task.key?.weight)),
  ];
}
