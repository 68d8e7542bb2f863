// Every change of state of every task, in the order of commits, written by the database itself.
//
// A lease begins when the commit of RUNNING is seen by others, and ends when that of the state after is. What a trigger reads from a
// clock lies before either, by as long as the rest of the transaction takes; so two leases that never met can look as if they had,
// and the reverse. Therefore no clock is asked. A trigger notes each change where it happens. At the very end of the transaction,
// when it has nothing left to do but to commit, a deferred trigger takes a lock that only one can hold, and gives the notes their
// places by a sequence. Postgres lets go of the lock after it has made the commit visible. So the next place is taken when the
// commit before is seen by all, and places are the order in which commits became visible: whoever replays them sees the sets of
// leases that there really were, one after the other, and no others. (A crash of Postgres between the two could tear them
// apart; nobody kills it here.)
//
// Nobody who holds the lock waits for anything, so it adds no deadlock; and what a claim decides it has decided by then, so no
// claim is made right by it.

import { withDatabase } from '../verdict/evidence.ts';

/** One change of one task. */
export interface Step {
  /** Steps of one transaction follow each other, and take effect together. */
  readonly transaction: string;
  readonly taskId: string;
  readonly handler: string;
  readonly key: string | null;
  /** Null: it was inserted. */
  readonly before: string | null;
  readonly after: string;
  readonly leaseEpoch: number;
  /** Time of its last hand-over, in milliseconds since 1970: whole ones. */
  readonly leasedAt: number | null;
}

const states = `ARRAY['DELAYED','WAITING','READY','RUNNING','SUCCEEDED','FAILED','CANCELLED']`;

const keepSql = `
CREATE TABLE public.steps (
  step bigserial PRIMARY KEY, transaction xid8 NOT NULL DEFAULT pg_current_xact_id(), task_id uuid NOT NULL,
  handler_id integer NOT NULL, key text, before smallint, after smallint NOT NULL, lease_epoch integer NOT NULL,
  leased_at timestamptz);
CREATE TABLE public.places (place bigserial PRIMARY KEY, step bigint NOT NULL);
CREATE FUNCTION public.note_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.steps (task_id, handler_id, key, after, lease_epoch, leased_at)
    VALUES (NEW.id, NEW.handler_id, NEW.key, NEW.state, NEW.lease_epoch, NEW.leased_at);
  ELSIF NEW.state <> OLD.state OR NEW.lease_epoch <> OLD.lease_epoch THEN
    INSERT INTO public.steps (task_id, handler_id, key, before, after, lease_epoch, leased_at)
    VALUES (NEW.id, NEW.handler_id, NEW.key, OLD.state, NEW.state, NEW.lease_epoch, NEW.leased_at);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.place_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4711);
  INSERT INTO public.places (step) VALUES (NEW.step);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER place_step AFTER INSERT ON public.steps DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION public.place_step();
CREATE TRIGGER note_step AFTER INSERT OR UPDATE ON muster.tasks FOR EACH ROW EXECUTE FUNCTION public.note_step();`;

const readSql = `SELECT s.transaction::text AS transaction, s.task_id AS "taskId", h.name AS handler, s.key,
    (${states})[s.before] AS before, (${states})[s.after] AS after, s.lease_epoch AS "leaseEpoch",
    (extract(epoch FROM s.leased_at) * 1000)::float8 AS "leasedAt"
  FROM public.places p JOIN public.steps s USING (step) JOIN muster.handlers h ON h.id = s.handler_id ORDER BY p.place`;

/** Begins to keep it: before the first task. */
export async function keepLedger(databaseUrl: string): Promise<void> {
  await withDatabase(databaseUrl, (client) => client.query(keepSql));
}

/** All steps, in the order of their commits. */
export function readLedger(databaseUrl: string): Promise<readonly Step[]> {
  return withDatabase(databaseUrl, async (client) => (await client.query<Step>(readSql)).rows);
}

/** Lanes in which something waits, as their rows say. */
export function countLanes(databaseUrl: string): Promise<number> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM muster.lanes WHERE NOT empty',
    );
    return rows[0]?.count ?? 0;
  });
}

/** How many leases each agent has now, the most first. */
export function readLeases(databaseUrl: string) {
  return withDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query<{ agentId: string; leases: number }>(
      `SELECT s.agent_id AS "agentId", count(*)::int AS leases FROM muster.tasks t
       JOIN muster.sessions s ON s.id = t.session_id WHERE t.state = 4 GROUP BY 1 ORDER BY 2 DESC`,
    );
    return rows;
  });
}
