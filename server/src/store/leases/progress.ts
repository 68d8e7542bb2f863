/**
 * What a running attempt says of itself: progress, checkpoint, log lines.
 *
 * The share lock on the task's row is the fence: an outcome or a loss either comes before and is seen, or waits.
 */
import type { LeaseRef, LogLine, TaskId } from '../../rules/task.ts';
import { byteas, float8s, int4s, texts, times } from '../engines/codec.ts';
import { type Database, statement } from '../engines/database.ts';
import { keyColumn } from '../row-locks.ts';
import { code, logLevels, sortedByTask } from '../rows.ts';
import type { ProgressWrite } from '../store.ts';
import { ofLease, refParameters } from './hand-back.ts';

const progressSql = statement(
  'progress_write',
  `WITH asked AS MATERIALIZED (
    SELECT *, ${keyColumn('id')}
    FROM unnest($1::uuid[], $2::int4[], $5::float8[], $6::float8[], $7::text[], $8::text[], $9::bytea[])
      AS u(id, lease_epoch, completed, total, message, checkpoint_type, checkpoint)
  ), held AS MATERIALIZED (
    SELECT t.id, t.attempt, t.lease_epoch, a.completed, a.total, a.message, a.checkpoint_type, a.checkpoint
    FROM asked a JOIN tasks t ON ${ofLease} AND t.state + 0 = ${code.running}
    FOR SHARE OF t
  ), written AS (
    INSERT INTO task_progress AS p (task_id, attempt, completed, total, message, checkpoint_type, checkpoint, updated_at)
    SELECT id, attempt, completed, total, message, checkpoint_type, checkpoint, now() FROM held
    ON CONFLICT (task_id) DO UPDATE SET attempt = excluded.attempt,
      completed = CASE WHEN excluded.completed IS NULL AND p.attempt = excluded.attempt
        THEN p.completed ELSE excluded.completed END,
      total = CASE WHEN excluded.completed IS NULL AND p.attempt = excluded.attempt THEN p.total ELSE excluded.total END,
      message = CASE WHEN excluded.completed IS NULL AND p.attempt = excluded.attempt
        THEN p.message ELSE excluded.message END,
      checkpoint_type = coalesce(excluded.checkpoint_type, p.checkpoint_type),
      checkpoint = CASE WHEN excluded.checkpoint_type IS NULL THEN p.checkpoint ELSE excluded.checkpoint END,
      updated_at = excluded.updated_at
  )
  SELECT id, lease_epoch FROM held`,
);

const logSql = statement(
  'logs_append',
  `WITH asked AS MATERIALIZED (
    SELECT *, ${keyColumn('id')} FROM unnest($1::uuid[], $2::int4[], $5::timestamptz[], $6::int4[], $7::text[])
      WITH ORDINALITY AS u(id, lease_epoch, logged_at, level, message, n)
  ), held AS MATERIALIZED (
    SELECT t.id, t.attempt, a.n, a.logged_at, a.level, a.message
    FROM asked a JOIN tasks t ON ${ofLease} AND t.state + 0 = ${code.running}
    FOR SHARE OF t
  ), numbered AS (
    SELECT h.*, h.rank + coalesce((SELECT max(l.line) FROM attempt_logs l
      WHERE l.task_id = h.id AND l.attempt = h.attempt), 0) AS line
    FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY n) AS rank FROM held) h
  )
  INSERT INTO attempt_logs (task_id, attempt, line, logged_at, level, message)
  SELECT id, attempt, line, logged_at, level, message FROM numbered WHERE line <= $8::int4`,
);

/** See `Leases.writeProgress`. */
export async function writeProgress(
  database: Database,
  reports: readonly ProgressWrite[],
): Promise<readonly LeaseRef[]> {
  // One row per task in a statement: the last report of each lease, with what earlier ones said and it does not.
  const merged = new Map<string, ProgressWrite>();
  for (const report of reports) {
    const key = `${report.taskId} ${report.leaseEpoch}`;
    const earlier = merged.get(key);
    const progress = report.progress ?? earlier?.progress ?? null;
    const checkpoint = report.checkpoint ?? earlier?.checkpoint ?? null;
    merged.set(key, { ...report, progress, checkpoint });
  }
  if (merged.size === 0) return [];
  const sorted = sortedByTask([...merged.values()]);
  const rows = await database.run<{ id: TaskId; lease_epoch: number }>(progressSql, [
    ...refParameters(sorted),
    float8s(sorted.map(({ progress }) => progress?.completed)),
    float8s(sorted.map(({ progress }) => progress?.total)),
    texts(sorted.map(({ progress }) => progress?.message)),
    texts(sorted.map(({ checkpoint }) => checkpoint?.mediaType)),
    byteas(sorted.map(({ checkpoint }) => checkpoint?.data)),
  ]);
  return rows.map((row) => ({ taskId: row.id, leaseEpoch: row.lease_epoch }));
}

/** See `Leases.appendLogLines`. */
export async function appendLogLines(
  database: Database,
  reports: readonly (LeaseRef & { readonly lines: readonly LogLine[] })[],
  linesMax: number,
): Promise<void> {
  const lines = sortedByTask(
    reports.flatMap(({ taskId, leaseEpoch, lines: own }) =>
      own.slice(0, linesMax).map((line) => ({ taskId, leaseEpoch, ...line })),
    ),
  );
  if (lines.length === 0) return;
  await database.run(logSql, [
    ...refParameters(lines),
    times(lines.map(({ at }) => at)),
    int4s(lines.map(({ level }) => logLevels.indexOf(level) + 1)),
    texts(lines.map(({ message }) => message)),
    linesMax,
  ]);
}
