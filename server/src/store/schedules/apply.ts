/**
 * Makes and changes schedules, one or ten thousand in one transaction. Their rows are locked first, in order of their names.
 */
import { randomUUID } from 'node:crypto';
import { isLimited, type Schedule, type ScheduleId } from '../../rules/schedule/schedule.ts';
import type { NamespaceId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { bools, byteas, int4s, storableJson, texts, times, uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { StoreConflict } from '../errors.ts';
import { code } from '../rows.ts';
import type { Applied, ScheduleChange, Schedules, WrittenSchedule } from '../store.ts';
import {
  type ScheduleRow,
  scheduleColumns,
  scheduleOf,
  scheduleSource,
  scheduleStateCode,
  stage,
} from './schedule-rows.ts';

// A join with the names has, as long as nobody has analysed the table, a plan that compares each name with each schedule: of
// 10,000 that took 9 s. This one can only go through the index.
const lockSql = statement(
  'schedules_lock_named',
  `SELECT ${scheduleColumns} FROM ${scheduleSource} WHERE s.namespace_id = $1::int4 AND s.name = ANY($2::text[])
  ORDER BY s.name FOR UPDATE OF s`,
);

const nowSql = statement('schedules_now', 'SELECT now() AS now');

/** How many of the newest records of a schedule are looked through for tasks that run, and of all of them together. */
const walkMax = 1_000;
const walksMax = 1_000_000;

// Also of a schedule that did not need to know until now.
const runningSql = statement(
  'schedules_running',
  `SELECT a.id FROM unnest($1::uuid[]) AS a(id) WHERE EXISTS (
    SELECT FROM (SELECT f.task_id FROM fires f WHERE f.schedule_id = a.id ORDER BY f.nominal_at DESC LIMIT $2::int4) f
    JOIN tasks t ON t.id = f.task_id WHERE t.state + 0 <= ${code.running})`,
);

const insertSql = statement(
  'schedules_insert',
  `INSERT INTO schedules (id, namespace_id, name, handler_id, state, spec, input_type, input, limited, next_at, look_at,
    pause_note, created_at, updated_at)
  SELECT id, $1::int4, name, handler_id, state, spec::jsonb, input_type, input, limited, next_at, look_at, pause_note, now(), now()
  FROM unnest($2::uuid[], $3::text[], $4::int4[], $5::int4[], $6::text[], $7::text[], $8::bytea[], $9::bool[],
      $10::timestamptz[], $11::timestamptz[], $12::text[])
    AS u(id, name, handler_id, state, spec, input_type, input, limited, next_at, look_at, pause_note)
  ON CONFLICT (namespace_id, name) DO NOTHING
  RETURNING id`,
);

const changeSql = statement(
  'schedules_change',
  `UPDATE schedules s SET handler_id = u.handler_id, state = u.state, spec = u.spec::jsonb, input_type = u.input_type,
    input = u.input, limited = u.limited, next_at = u.next_at, look_at = u.look_at, failures = u.failures,
    pause_note = u.pause_note, paused_by_failures = u.paused_by_failures, updated_at = now()
  FROM unnest($1::uuid[], $2::int4[], $3::int4[], $4::text[], $5::text[], $6::bytea[], $7::bool[], $8::timestamptz[],
      $9::timestamptz[], $10::int4[], $11::text[], $12::bool[])
    AS u(id, handler_id, state, spec, input_type, input, limited, next_at, look_at, failures, pause_note, paused_by_failures)
  WHERE s.id = u.id`,
);

// Tasks that nobody watched so far count from now on. They are read first and then marked: see row-locks.ts.
const unwatchedSql = statement(
  'schedules_unwatched',
  `SELECT f.schedule_id, f.nominal_at FROM unnest($1::uuid[]) AS a(id) CROSS JOIN LATERAL (
    SELECT * FROM fires f WHERE f.schedule_id = a.id ORDER BY f.nominal_at DESC LIMIT $2::int4) f
  JOIN tasks t ON t.id = f.task_id WHERE f.stage = ${stage.done} AND t.state + 0 <= ${code.running}`,
);

const watchSql = statement(
  'schedules_watch',
  `UPDATE fires f SET stage = ${stage.running} FROM unnest($1::uuid[], $2::timestamptz[]) AS u(schedule_id, nominal_at)
  WHERE f.schedule_id = u.schedule_id AND f.nominal_at = u.nominal_at AND f.stage = ${stage.done}`,
);

type New = {
  readonly id: ScheduleId;
  readonly written: WrittenSchedule;
  readonly stands: ReturnType<Parameters<Schedules['apply']>[2]['begin']>;
};
type Changed = { readonly before: Schedule; readonly change: ScheduleChange };

/** Changes over a database. */
export function createApply(database: Database): Pick<Schedules, 'apply' | 'change'> {
  return {
    apply: (namespaceId, written, decide, how) =>
      database.transaction(async (connection) => {
        const now = await readNow(connection);
        const there = await lockNamed(connection, namespaceId, written);
        const counting = written.filter(({ spec }) => spec.timing.endDelayMs !== null);
        const running = await findRunning(
          connection,
          counting.flatMap(({ name }) => there.get(name) ?? []),
        );
        const made: New[] = [];
        const changed: Changed[] = [];
        const applied = written.map((each): Applied => {
          const before = there.get(each.name) ?? null;
          if (before === null) {
            const id = randomUUID() as ScheduleId;
            const stands = decide.begin({ id, spec: each.spec, createdAt: now }, now);
            made.push({ id, written: each, stands });
            return { id, name: each.name, state: stands.state, before, isChanged: false };
          }
          const at = { now, running: running.has(before.id) };
          const change = how.mayExist ? decide.change(before, each, at) : null;
          if (change !== null) changed.push({ before, change });
          const { id, state } = { ...before, ...change };
          return { id, name: each.name, state, before, isChanged: change !== null };
        });
        decide.approve();
        if (how.validateOnly || (there.size > 0 && !how.mayExist)) return applied;
        await insertNew(connection, namespaceId, made);
        await writeChanges(connection, changed);
        return applied;
      }),
    change: (namespaceId, name, decide) =>
      database.transaction(async (connection) => {
        const now = await readNow(connection);
        const before = (await lockNamed(connection, namespaceId, [{ name }])).get(name);
        if (before === undefined) return null;
        const running = (await findRunning(connection, [before])).size > 0;
        const change = decide(before, { now, running });
        await writeChanges(connection, [{ before, change }]);
        const { lookAt: _, ...stored } = change;
        return { ...before, ...stored, updatedAt: now };
      }),
  };
}

async function readNow(connection: Connection): Promise<number> {
  const [row] = await connection.run<{ now: number }>(nowSql);
  if (row === undefined) throw new Error('The database does not say what time it is.');
  return row.now;
}

async function lockNamed(
  connection: Connection,
  namespaceId: NamespaceId,
  written: readonly Pick<WrittenSchedule, 'name'>[],
): Promise<ReadonlyMap<string, Schedule>> {
  const names = texts(written.map(({ name }) => name));
  const rows = await connection.run<ScheduleRow>(lockSql, [namespaceId, names]);
  return new Map(rows.map((row) => [row.name, scheduleOf(row)]));
}

/** Those of the schedules of which tasks are unfinished: the next time of one that counts from ends depends on it. */
async function findRunning(
  connection: Connection,
  schedules: readonly Schedule[],
): Promise<ReadonlySet<ScheduleId>> {
  if (schedules.length === 0) return new Set();
  const rows = await connection.run<{ id: ScheduleId }>(runningSql, walkOf(schedules));
  return new Set(rows.map(({ id }) => id));
}

/** Schedules, and how many records of each are looked through. */
function walkOf(schedules: readonly Schedule[]): [Buffer, number] {
  const each = Math.min(walkMax, Math.ceil(walksMax / schedules.length));
  return [uuids(schedules.map(({ id }) => id)), each];
}

async function insertNew(
  connection: Connection,
  namespaceId: NamespaceId,
  made: readonly New[],
): Promise<void> {
  if (made.length === 0) return;
  const rows = await connection.run<{ id: ScheduleId }>(insertSql, [
    namespaceId,
    uuids(made.map(({ id }) => id)),
    texts(made.map(({ written }) => written.name)),
    int4s(made.map(({ written }) => written.handlerId)),
    int4s(made.map(({ stands }) => scheduleStateCode(stands.state))),
    ...writtenColumns(made.map(({ written }) => written)),
    times(made.map(({ stands }) => stands.nextAt)),
    times(made.map(({ stands }) => stands.lookAt)),
    texts(made.map(({ stands }) => storableText(stands.pauseNote))),
  ]);
  // Somebody else has made one of them meanwhile: all of it is decided again.
  if (rows.length < made.length)
    throw new StoreConflict('A schedule of one of these names was made at the same time.');
}

async function writeChanges(connection: Connection, changed: readonly Changed[]): Promise<void> {
  if (changed.length === 0) return;
  const changes = changed.map(({ change }) => change);
  await connection.run(changeSql, [
    uuids(changed.map(({ before }) => before.id)),
    int4s(changes.map(({ handlerId }) => handlerId)),
    int4s(changes.map(({ state }) => scheduleStateCode(state))),
    ...writtenColumns(changes),
    times(changes.map(({ nextAt }) => nextAt)),
    times(changes.map(({ lookAt }) => lookAt)),
    int4s(changes.map(({ failures }) => failures)),
    texts(changes.map(({ pauseNote }) => storableText(pauseNote))),
    bools(changes.map(({ pausedByFailures }) => pausedByFailures)),
  ]);
  const newlyLimited = changed.filter(
    ({ before, change }) => isLimited(change.spec) && !isLimited(before.spec),
  );
  if (newlyLimited.length > 0)
    await watch(
      connection,
      newlyLimited.map(({ before }) => before),
    );
}

async function watch(connection: Connection, schedules: readonly Schedule[]): Promise<void> {
  const rows = await connection.run<{ schedule_id: ScheduleId; nominal_at: number }>(
    unwatchedSql,
    walkOf(schedules),
  );
  if (rows.length === 0) return;
  await connection.run(watchSql, [
    uuids(rows.map((row) => row.schedule_id)),
    times(rows.map((row) => row.nominal_at)),
  ]);
}

/** Spec, type of the input, input, limited. */
function writtenColumns(written: readonly Pick<WrittenSchedule, 'spec' | 'input'>[]): Buffer[] {
  return [
    texts(written.map(({ spec }) => storableJson(spec))),
    texts(written.map(({ input }) => input?.mediaType)),
    byteas(written.map(({ input }) => input?.data)),
    bools(written.map(({ spec }) => isLimited(spec))),
  ];
}
