/**
 * The tables as Kysely sees them: only those that ordinary statements touch, as `server/migrations` makes them.
 *
 * Times are read as milliseconds (see `engines/codec.ts`) and never written from here: the database's clock does that.
 */
import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<number, never, never>;
type MaybeTime = ColumnType<number | null, never, never>;
type Json<Value> = ColumnType<Value, string, string>;

/** `namespaces`. */
export type NamespacesTable = {
  id: Generated<number>;
  name: string;
  description: string;
  retention_ms: number | null;
  created_at: Time;
  deleted_at: MaybeTime;
  paused: Generated<boolean>;
  pause_note: Generated<string>;
};

/** `handlers`. */
export type HandlersTable = {
  id: Generated<number>;
  namespace_id: number;
  name: string;
  registered: boolean;
  options: Json<unknown>;
  at_most_once: boolean;
  lost_attempts_max: number;
  paused: Generated<boolean>;
  limited: Generated<boolean>;
  description: string;
  input_schema: string;
  output_schema: string;
  created_at: Time;
  updated_at: Time;
};

/** `sessions`. */
export type SessionsTable = {
  id: string;
  namespace_id: number;
  state: number;
  attachment: number;
  token_hash: Buffer;
  agent_id: string;
  coordinator_id: string;
  handler_ids: number[];
  handler_versions: Json<Record<string, string>>;
  slots: number;
  weight: number;
  labels: Json<Record<string, string>>;
  sdk: string;
  host: string;
  draining: boolean;
  lost_after_ms: number;
  lost_in_ms: number | null;
  dial: number;
  leases_left: boolean;
  created_at: Time;
  attached_at: Time;
  detached_at: MaybeTime;
  ended_at: MaybeTime;
};

/** `coordinators`. */
export type CoordinatorsTable = {
  id: string;
  address: string;
  roles: string[];
  version: string;
  host: string;
  alive: boolean;
  draining: boolean;
  counter: number;
  sessions: number;
  settings: Record<string, number | string>;
  started_at: Time;
  beat_at: Time;
};

/** `tasks`. */
export type TasksTable = {
  id: string;
  namespace_id: number;
  handler_id: number;
  state: number;
  priority: number;
  attempt: number;
  failures: number;
  losses: number;
  lease_epoch: number;
  ended_epoch: number | null;
  session_id: string | null;
  created_at: Time;
  due_at: Time;
  leased_at: MaybeTime;
  ended_at: MaybeTime;
  deadline_at: MaybeTime;
  expires_at: MaybeTime;
  check_at: MaybeTime;
  cancel_requested_at: MaybeTime;
  cancel_reason: string | null;
  cancel_told: boolean;
  input_type: string | null;
  input: Buffer | null;
  output_type: string | null;
  output: Buffer | null;
  failure: string | null;
  options: Json<unknown>;
  labels: Json<Record<string, string> | null>;
  content_hash: Buffer;
  idempotency_key: string | null;
  traceparent: string | null;
  tracestate: string | null;
  parent_id: string | null;
  root_id: string | null;
  retry_of: string | null;
  retried_as: string | null;
  nominal_at: MaybeTime;
};

/** `attempts`. */
export type AttemptsTable = {
  task_id: string;
  number: number;
  lease_epoch: number;
  session_id: string | null;
  agent_id: string;
  outcome: number;
  leased_at: MaybeTime;
  ended_at: Time;
  failure: string | null;
};

/** `attempt_logs`. */
export type AttemptLogsTable = {
  task_id: string;
  attempt: number;
  line: number;
  logged_at: Time;
  level: number;
  message: string;
};

/** `task_progress`. */
export type TaskProgressTable = {
  task_id: string;
  attempt: number;
  completed: number | null;
  total: number | null;
  message: string | null;
  checkpoint_type: string | null;
  checkpoint: Buffer | null;
  updated_at: Time;
};

/** `idempotency_keys`. */
export type IdempotencyKeysTable = {
  namespace_id: number;
  handler_id: number;
  key: string;
  task_id: string;
  expires_at: Time;
};

/** `schedules`. */
export type SchedulesTable = {
  id: string;
  namespace_id: number;
  name: string;
  handler_id: number;
  state: number;
  spec: Json<unknown>;
  input_type: string | null;
  input: Buffer | null;
  limited: boolean;
  next_at: MaybeTime;
  look_at: MaybeTime;
  fires: number;
  failures: number;
  pause_note: string;
  paused_by_failures: boolean;
  created_at: Time;
  updated_at: Time;
};

/** `fires`. */
export type FiresTable = {
  schedule_id: string;
  nominal_at: Time;
  due_at: Time;
  decided_at: Time;
  decision: number;
  stage: number;
  backfill: boolean;
  task_id: string | null;
  last_nominal_at: MaybeTime;
  skipped: number;
};

/** All tables. */
export type Schema = {
  namespaces: NamespacesTable;
  handlers: HandlersTable;
  sessions: SessionsTable;
  coordinators: CoordinatorsTable;
  tasks: TasksTable;
  attempts: AttemptsTable;
  attempt_logs: AttemptLogsTable;
  task_progress: TaskProgressTable;
  idempotency_keys: IdempotencyKeysTable;
  schedules: SchedulesTable;
  fires: FiresTable;
};
