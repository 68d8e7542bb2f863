// What the database holds when all is over, read past the product: by SQL.

import pg from 'pg';

/** A task that is stored. */
export interface StoredTask {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly leaseEpoch: number;
  readonly lostAttempts: number;
  readonly output: unknown;
  /** Why it FAILED. */
  readonly failure: string | undefined;
}

/** An attempt that did not end its task. */
export interface PastAttempt {
  readonly taskId: string;
  readonly number: number;
  readonly agentId: string;
  readonly outcome: 'FAILED' | 'LOST' | 'INTERRUPTED';
  /** Milliseconds of the calendar. */
  readonly endedAt: number;
  readonly failure: string | undefined;
}

/** Both. */
export interface Evidence {
  readonly tasks: readonly StoredTask[];
  readonly attempts: readonly PastAttempt[];
}

const states = `ARRAY['DELAYED','WAITING','READY','RUNNING','SUCCEEDED','FAILED','CANCELLED']`;

const tasksQuery = `SELECT id, (${states})[state] AS state, attempt, lease_epoch AS "leaseEpoch",
    losses::int AS "lostAttempts", convert_from(output, 'UTF8') AS output, failure
  FROM muster.tasks WHERE labels->>'story' = $1`;

const attemptsQuery = `SELECT task_id AS "taskId", number, agent_id AS "agentId", failure,
    CASE outcome WHEN 3 THEN 'FAILED' WHEN 5 THEN 'LOST' WHEN 6 THEN 'INTERRUPTED' END AS outcome,
    (extract(epoch FROM ended_at) * 1000)::float8 AS "endedAt"
  FROM muster.attempts WHERE task_id IN (SELECT id FROM muster.tasks WHERE labels->>'story' = $1)`;

/** Reads everything with the label. */
export async function readEvidence(databaseUrl: string, label: string): Promise<Evidence> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows: tasks } = await client.query<StoredTask & { output: string | null }>(tasksQuery, [
      label,
    ]);
    const { rows: attempts } = await client.query<PastAttempt>(attemptsQuery, [label]);
    const parsed = tasks.map((task) => ({
      ...task,
      output: task.output === null ? undefined : JSON.parse(task.output),
    }));
    return { tasks: parsed, attempts };
  });
}

/** Tasks with the label that have not finished. */
export async function countUnfinished(databaseUrl: string, label: string): Promise<number> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM muster.tasks WHERE state < 5 AND labels->>'story' = $1`,
      [label],
    );
    return rows[0]?.count ?? 0;
  });
}

/** An agent that is attached, and where. */
export interface Attached {
  readonly agentId: string;
  /** Rises each time. */
  readonly attachment: number;
  /** `host:port` of its coordinator. */
  readonly address: string;
}

/** Every agent that is attached now. */
export async function readAttached(databaseUrl: string): Promise<readonly Attached[]> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query<Attached>(
      `SELECT agent_id AS "agentId", attachment::int AS attachment, address
       FROM muster.sessions s JOIN muster.coordinators c ON c.id = s.coordinator_id WHERE s.state = 1`,
    );
    return rows;
  });
}

/** Asks the database by a connection of its own. */
export async function withDatabase<Answer>(
  connectionString: string,
  ask: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
