-- Events for a stream that must not miss any are written here in the transaction of the change that they tell of, and are
-- deleted once the stream has them. Only triggers write here, and they exist only while a coordinator asks for them
-- (`store/upkeep/event-outbox.ts`): without them nothing of this costs anything. A trigger sees every write, whichever
-- statement it comes from, so no statement can forget to tell.
CREATE TABLE event_outbox (
  seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL DEFAULT now(),
  kind        smallint    NOT NULL, -- place in `eventKinds` of rules/task-events.ts, from 1
  task_id     uuid        NOT NULL,
  handler_id  integer     NOT NULL,
  state       smallint    NOT NULL, -- after the event
  attempt     integer,              -- that it is about
  lease_epoch integer
);

-- One row while events are asked for: which kinds, and when somebody last said so.
CREATE TABLE event_outbox_wish (
  one      boolean     PRIMARY KEY DEFAULT true CHECK (one),
  kinds    smallint[]  NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now()
);

-- States: 4 RUNNING; 5, 6, 7 finished. Kinds: 1 submitted, 2 started, 3 returned, 4 retried, 5 lost, 6 succeeded, 7 failed,
-- 8 cancelled: a finished state and one is its kind.
CREATE FUNCTION tell_inserted_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO muster.event_outbox (kind, task_id, handler_id, state, attempt, lease_epoch)
  SELECT e.kind, t.id, t.handler_id, t.state, e.attempt, e.lease_epoch
  FROM fresh t
  CROSS JOIN LATERAL (
    SELECT 1 AS kind, NULL::int AS attempt, NULL::int AS lease_epoch
    UNION ALL SELECT 2, t.attempt, t.lease_epoch WHERE t.state = 4
  ) e
  WHERE e.kind = ANY ((SELECT kinds FROM muster.event_outbox_wish)::int[])
  ORDER BY t.id, e.kind;
  RETURN NULL;
END $$;

-- Hot connections turn joins by hash off; here they are what keeps a flush of a thousand from being a million comparisons.
CREATE FUNCTION tell_updated_tasks() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = on AS $$
BEGIN
  INSERT INTO muster.event_outbox (kind, task_id, handler_id, state, attempt, lease_epoch)
  SELECT e.kind, t.id, t.handler_id, t.state, e.attempt, e.lease_epoch
  FROM fresh t
  JOIN stale o ON o.id = t.id AND o.state <> t.state
  CROSS JOIN LATERAL (
    SELECT 2 AS kind, t.attempt, t.lease_epoch WHERE t.state = 4
    UNION ALL
    SELECT CASE WHEN t.losses > o.losses THEN 5 WHEN t.failures > o.failures THEN 4 ELSE 3 END,
      o.attempt, o.lease_epoch
    WHERE o.state = 4 AND (t.state < 4 OR t.losses > o.losses)
    UNION ALL
    SELECT t.state + 1, CASE WHEN o.state = 4 THEN o.attempt END, CASE WHEN o.state = 4 THEN o.lease_epoch END
    WHERE t.state > 4
  ) e
  WHERE e.kind = ANY ((SELECT kinds FROM muster.event_outbox_wish)::int[])
  ORDER BY t.id, e.kind;
  RETURN NULL;
END $$;
