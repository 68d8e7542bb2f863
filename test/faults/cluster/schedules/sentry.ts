// Watches how many tasks of each schedule are unfinished, and how many of its times wait: by looks from outside, and within
// every transaction that writes a record, just before its commit. A look may miss what is short; a transaction that makes one
// task too many cannot commit unseen, because a schedule's records are written under the lock of its row.

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** The most that was seen of one schedule. */
export interface Peak {
  readonly schedule: string;
  readonly running: number;
  readonly waiting: number;
}

/** Somebody who watches. */
export interface Sentry {
  readonly looks: number;
  /** Ends it; what it saw from outside, and within transactions. */
  stop(): Promise<{ readonly outside: readonly Peak[]; readonly within: readonly Peak[] }>;
}

const lookEveryMs = 150;

// Older records are not looked at: nothing lasts so long here, and the verdict on rows looks at all of them.
const watchSql = `
CREATE TABLE public.peaks (schedule_id uuid PRIMARY KEY, running integer NOT NULL, waiting integer NOT NULL);
CREATE FUNCTION public.note_peak() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.peaks AS p
  SELECT NEW.schedule_id, count(*) FILTER (WHERE t.state < 5), count(*) FILTER (WHERE f.stage = 3)
  FROM muster.fires f LEFT JOIN muster.tasks t ON t.id = f.task_id
  WHERE f.schedule_id = NEW.schedule_id AND f.nominal_at > NEW.nominal_at - interval '30 s'
  ON CONFLICT (schedule_id) DO UPDATE SET running = greatest(p.running, excluded.running),
    waiting = greatest(p.waiting, excluded.waiting)
  WHERE excluded.running > p.running OR excluded.waiting > p.waiting;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER note_peak AFTER INSERT OR UPDATE ON muster.fires DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION public.note_peak();`;

const withinSql = `SELECT s.name AS schedule, p.running, p.waiting FROM public.peaks p
  JOIN muster.schedules s ON s.id = p.schedule_id WHERE starts_with(s.name, $1 || '/')`;

// Tasks by their labels, so that those without a record count as well.
const lookSql = `SELECT schedule, sum(running)::int AS running, sum(waiting)::int AS waiting FROM (
    SELECT labels->>'schedule' AS schedule, 1 AS running, 0 AS waiting FROM muster.tasks
    WHERE state < 5 AND labels->>'story' = $1
    UNION ALL
    SELECT s.name, 0, 1 FROM muster.fires f JOIN muster.schedules s ON s.id = f.schedule_id
    WHERE f.stage = 3 AND starts_with(s.name, $1 || '/')) seen GROUP BY schedule`;

/** Begins to watch the schedules of a label; before they are made, because of the trigger. */
export async function startSentry(connectionString: string, label: string): Promise<Sentry> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  await client.query(watchSql);
  const outside = new Map<string, Peak>();
  let isOver = false;
  let looks = 0;
  const looking = (async () => {
    for (; !isOver; await sleep(lookEveryMs)) {
      const { rows } = await client.query<Peak>(lookSql, [label]);
      for (const { schedule, running, waiting } of rows) {
        const before = outside.get(schedule) ?? { schedule, running: 0, waiting: 0 };
        outside.set(schedule, {
          schedule,
          running: Math.max(before.running, running),
          waiting: Math.max(before.waiting, waiting),
        });
      }
      looks += 1;
    }
  })();
  return {
    get looks() {
      return looks;
    },
    async stop() {
      isOver = true;
      await looking;
      const { rows } = await client.query<Peak>(withinSql, [label]);
      await client.end();
      return { outside: [...outside.values()], within: rows };
    },
  };
}
