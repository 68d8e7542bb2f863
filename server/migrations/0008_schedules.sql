-- Schedules, and the record of every nominal time.

-- state: 1 ACTIVE, 2 PAUSED, 3 COMPLETED, as in muster.v1.ScheduleState.
CREATE TABLE schedules (
  id                 uuid        NOT NULL PRIMARY KEY,
  namespace_id       integer     NOT NULL,
  name               text        NOT NULL,
  handler_id         integer     NOT NULL,
  state              smallint    NOT NULL,
  -- `ScheduleSpec` of rules/schedule/schedule.ts.
  spec               jsonb       NOT NULL,
  input_type         text,
  input              bytea,
  -- From the spec: its turns must know which of its tasks are unfinished.
  limited            boolean     NOT NULL,
  -- The next nominal time that is to be decided.
  next_at            timestamptz,
  -- When somebody must take its next turn; null: time alone is no reason.
  look_at            timestamptz,
  fires              bigint      NOT NULL DEFAULT 0,
  failures           integer     NOT NULL DEFAULT 0,
  pause_note         text        NOT NULL DEFAULT '',
  paused_by_failures boolean     NOT NULL DEFAULT false,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX schedules_name ON schedules (namespace_id, name);
CREATE INDEX schedules_look ON schedules (look_at) WHERE look_at IS NOT NULL;

-- One row for each nominal time that was decided; only late ones that got no task share one. The key is what makes a second
-- task of the same nominal time impossible.
-- decision: 1 FIRED, 2 CAUGHT_UP, 3 BY_HAND, 4 BACKFILLED, 5 BUFFERED, 6 SKIPPED_OVERLAP, 7 SKIPPED_LATE.
-- stage: 0 done with, 1 the end of its task will matter, 2 its task has ended and the schedule has yet to take note, 3 it waits
-- in line for a task.
CREATE TABLE fires (
  schedule_id     uuid        NOT NULL,
  nominal_at      timestamptz NOT NULL,
  due_at          timestamptz NOT NULL,
  decided_at      timestamptz NOT NULL,
  decision        smallint    NOT NULL,
  stage           smallint    NOT NULL,
  backfill        boolean     NOT NULL DEFAULT false,
  task_id         uuid,
  last_nominal_at timestamptz,
  skipped         integer     NOT NULL DEFAULT 0,
  PRIMARY KEY (schedule_id, nominal_at)
);
-- What a turn must know besides its row. Schedules whose tasks may overlap never enter it.
CREATE INDEX fires_open ON fires (schedule_id, stage) WHERE stage > 0;
-- Ends of tasks.
CREATE INDEX fires_running ON fires (task_id) WHERE stage = 1;
-- Retention.
CREATE INDEX fires_decided ON fires (decided_at) WHERE stage = 0;
