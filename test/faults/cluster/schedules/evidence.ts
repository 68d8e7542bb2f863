// What the database holds of schedules, read past the product: by SQL. Tasks are known by their labels, so that one without
// a record is found too.

import { eventually } from '../../../harness/eventually.ts';
import { countUnfinished, withDatabase } from '../verdict/evidence.ts';

/** A record of a nominal time. Moments are milliseconds since 1970, with fractions. */
export interface StoredFire {
  /** Name of its schedule. */
  readonly schedule: string;
  readonly nominalAt: number;
  readonly dueAt: number;
  readonly decidedAt: number;
  readonly decision: string;
  readonly stage: number;
  readonly taskId: string | null;
  readonly lastNominalAt: number | null;
  readonly skipped: number;
}

/** A task that a schedule asked for. */
export interface ScheduledTask {
  readonly id: string;
  /** As its label says. */
  readonly schedule: string;
  readonly nominalAt: number;
  readonly state: string;
  readonly lostAttempts: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** Both. */
export interface ScheduleEvidence {
  readonly fires: readonly StoredFire[];
  readonly tasks: readonly ScheduledTask[];
}

const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;
const decisions = `ARRAY['FIRED','CAUGHT_UP','BY_HAND','BACKFILLED','BUFFERED','SKIPPED_OVERLAP','SKIPPED_LATE']`;
const states = `ARRAY['DELAYED','WAITING','READY','RUNNING','SUCCEEDED','FAILED','CANCELLED']`;

const firesQuery = `SELECT s.name AS schedule, ${ms('f.nominal_at')} AS "nominalAt", ${ms('f.due_at')} AS "dueAt",
    ${ms('f.decided_at')} AS "decidedAt", (${decisions})[f.decision] AS decision, f.stage, f.task_id AS "taskId",
    ${ms('f.last_nominal_at')} AS "lastNominalAt", f.skipped
  FROM muster.fires f JOIN muster.schedules s ON s.id = f.schedule_id WHERE starts_with(s.name, $1 || '/')
  ORDER BY s.name, f.nominal_at`;

const tasksQuery = `SELECT id, labels->>'schedule' AS schedule, ${ms('nominal_at')} AS "nominalAt", (${states})[state] AS state,
    losses::int AS "lostAttempts", ${ms('created_at')} AS "createdAt", ${ms('ended_at')} AS "endedAt"
  FROM muster.tasks WHERE labels->>'story' = $1 ORDER BY id`;

/** Everything about the schedules whose names begin with the label, and about the tasks that carry it. */
export function readSchedules(databaseUrl: string, label: string): Promise<ScheduleEvidence> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows: fires } = await client.query<StoredFire>(firesQuery, [label]);
    const { rows: tasks } = await client.query<ScheduledTask>(tasksQuery, [label]);
    return { fires, tasks };
  });
}

/** How many nominal times of these schedules wait in line, and how many of the schedules will ask again. */
export function countExpected(databaseUrl: string, label: string): Promise<number> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM muster.schedules WHERE starts_with(name, $1 || '/') AND state = 1)::int
         + (SELECT count(*) FROM muster.fires f JOIN muster.schedules s ON s.id = f.schedule_id
            WHERE f.stage = 3 AND starts_with(s.name, $1 || '/'))::int AS count`,
      [label],
    );
    return rows[0]?.count ?? 0;
  });
}

/** Waits until nothing is to come; what has not come by then is found by the verdict. */
export async function calm(databaseUrl: string, label: string, timeoutMs = 60_000): Promise<void> {
  await eventually(
    async () =>
      (await countExpected(databaseUrl, label)) + (await countUnfinished(databaseUrl, label)),
    (count) => count === 0,
    { timeoutMs, intervalMs: 250 },
  ).catch(() => {});
}
