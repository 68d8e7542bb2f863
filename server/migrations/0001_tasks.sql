-- Tasks and what belongs to them. Forward only; everything lives in the schema muster (search_path is set).
--
-- state: 1 DELAYED, 2 WAITING, 3 READY, 4 RUNNING, 5 SUCCEEDED, 6 FAILED, 7 CANCELLED, as in muster.v1.TaskState.
-- No foreign keys, triggers, GIN indexes or counters: every one of them is paid for by every task.

CREATE TABLE tasks (
  id                  uuid        NOT NULL,
  namespace_id        integer     NOT NULL,
  handler_id          integer     NOT NULL,
  state               smallint    NOT NULL,
  priority            smallint    NOT NULL DEFAULT 0,
  -- Number of the current or next attempt.
  attempt             integer     NOT NULL DEFAULT 1,
  failures            smallint    NOT NULL DEFAULT 0,
  losses              smallint    NOT NULL DEFAULT 0,
  -- Rises with every hand-over and fences every write about it.
  lease_epoch         integer     NOT NULL DEFAULT 0,
  -- Epoch of the last outcome that was recorded: tells a repeated report (RECORDED) from a lapsed one (STALE).
  ended_epoch         integer,
  -- Holds the lease while RUNNING, the last holder after.
  session_id          uuid,
  created_at          timestamptz NOT NULL,
  due_at              timestamptz NOT NULL,
  leased_at           timestamptz,
  ended_at            timestamptz,
  deadline_at         timestamptz,
  -- Last moment for the first start.
  expires_at          timestamptz,
  -- Earliest moment at which monitoring must look; null: never, so that tasks without deadlines cost nothing.
  check_at            timestamptz,
  cancel_requested_at timestamptz,
  cancel_reason       text,
  -- The agent was told that the deadline has passed.
  cancel_told         boolean     NOT NULL DEFAULT false,
  input_type          text,
  input               bytea,
  output_type         text,
  output              bytea,
  -- JSON as text: nothing in the database looks into it.
  failure             text,
  options             jsonb,
  labels              jsonb,
  content_hash        bytea       NOT NULL,
  idempotency_key     text,
  traceparent         text,
  tracestate          text,
  parent_id           uuid,
  root_id             uuid,
  retry_of            uuid,
  -- The task that retries this one: a task is retried once.
  retried_as          uuid,
  nominal_at          timestamptz,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- Claims: one ordered walk per handler.
CREATE INDEX tasks_ready ON tasks (handler_id, priority DESC, due_at, id) WHERE state = 3;
-- Reconciliation, attach and lost sessions.
CREATE INDEX tasks_running ON tasks (session_id) WHERE state = 4;
-- Promotion.
CREATE INDEX tasks_delayed ON tasks (due_at) WHERE state = 1;
-- Deadlines and times-to-live.
CREATE INDEX tasks_check ON tasks (check_at) WHERE check_at IS NOT NULL;
-- Lists of what went wrong; succeeded tasks never enter it.
CREATE INDEX tasks_unsuccessful ON tasks (namespace_id, id) WHERE state IN (6, 7);

-- Attempts that failed, were lost or were interrupted. The current or last one is in the task's own row.
-- outcome: as in muster.v1.AttemptOutcome (3 FAILED, 5 LOST, 6 INTERRUPTED).
CREATE TABLE attempts (
  task_id     uuid        NOT NULL,
  number      integer     NOT NULL,
  lease_epoch integer     NOT NULL,
  session_id  uuid,
  agent_id    text        NOT NULL,
  outcome     smallint    NOT NULL,
  leased_at   timestamptz,
  ended_at    timestamptz NOT NULL,
  failure     text,
  PRIMARY KEY (task_id, number)
);

-- level: as in muster.v1.LogLevel.
CREATE TABLE attempt_logs (
  task_id   uuid        NOT NULL,
  attempt   integer     NOT NULL,
  line      integer     NOT NULL,
  logged_at timestamptz NOT NULL,
  level     smallint    NOT NULL,
  message   text        NOT NULL
);
CREATE INDEX attempt_logs_line ON attempt_logs (task_id, attempt, line);

-- Progress of the current attempt, and the last checkpoint of any.
CREATE TABLE task_progress (
  task_id         uuid             NOT NULL PRIMARY KEY,
  attempt         integer          NOT NULL,
  completed       double precision,
  total           double precision,
  message         text,
  checkpoint_type text,
  checkpoint      bytea,
  updated_at      timestamptz      NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE idempotency_keys (
  namespace_id integer     NOT NULL,
  handler_id   integer     NOT NULL,
  key          text        NOT NULL,
  task_id      uuid        NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (namespace_id, handler_id, key)
) WITH (fillfactor = 90);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
