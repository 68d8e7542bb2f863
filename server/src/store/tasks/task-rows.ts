/**
 * Tasks as readers see them, from their rows.
 */
import { sql } from 'kysely';
import { stateOfCode } from '../../rules/lifecycle.ts';
import type {
  HandlerId,
  Labels,
  NamespaceId,
  Progress,
  SessionId,
  Task,
  TaskId,
  TaskOptions,
} from '../../rules/task.ts';
import { failureOfText, originOf, payloadOf } from '../rows.ts';

/** SQL: the columns of `TaskRow` but for payloads, of the row `t`, its progress `p`, session `s` and handler `h`. */
export const taskColumns = `t.id, t.namespace_id, t.handler_id, t.state, t.priority, t.key, t.labels, t.failure, t.attempt,
  t.losses, t.lease_epoch, t.created_at, t.due_at, t.leased_at, t.ended_at, t.deadline_at, t.expires_at,
  t.cancel_requested_at, t.cancel_reason, t.session_id, t.options, t.idempotency_key, t.traceparent, t.tracestate,
  t.parent_id, t.root_id, t.retry_of, t.nominal_at, p.attempt AS progress_attempt, p.completed, p.total, p.message,
  p.updated_at AS progress_at, s.agent_id, h.name AS handler`;

/** SQL: the payload columns of `TaskRow`. */
export const payloadColumns = `t.input_type, t.input, t.output_type, t.output`;

/** SQL: what stands beside a task's row. */
export const besideTask = `LEFT JOIN task_progress p ON p.task_id = t.id
  LEFT JOIN sessions s ON s.id = t.session_id LEFT JOIN handlers h ON h.id = t.handler_id`;

/** SQL: bytes of payloads in the row `t`. */
export const payloadBytesText =
  'coalesce(octet_length(t.input), 0) + coalesce(octet_length(t.output), 0)';

/** The same for the query builder, for limits of pages. */
export const payloadBytes = sql.raw<number>(payloadBytesText);

/** A row with `taskColumns`, and with `payloadColumns` if they were asked for. */
export type TaskRow = {
  id: string;
  namespace_id: number;
  handler_id: number;
  handler: string | null;
  state: number;
  priority: number;
  key: string | null;
  labels: Labels | null;
  failure: string | null;
  attempt: number;
  losses: number;
  lease_epoch: number;
  created_at: number;
  due_at: number;
  leased_at: number | null;
  ended_at: number | null;
  deadline_at: number | null;
  expires_at: number | null;
  cancel_requested_at: number | null;
  cancel_reason: string | null;
  session_id: string | null;
  agent_id: string | null;
  options: unknown;
  idempotency_key: string | null;
  traceparent: string | null;
  tracestate: string | null;
  parent_id: string | null;
  root_id: string | null;
  retry_of: string | null;
  nominal_at: number | null;
  progress_attempt: number | null;
  completed: number | null;
  total: number | null;
  message: string | null;
  progress_at: number | null;
  input_type?: string | null | undefined;
  input?: Buffer | null | undefined;
  output_type?: string | null | undefined;
  output?: Buffer | null | undefined;
};

/** The task of a row; stacks and details of its failure only `whole`. */
export function taskOf(row: TaskRow, whole: boolean): Task {
  return {
    id: row.id as TaskId,
    namespaceId: row.namespace_id as NamespaceId,
    handlerId: row.handler_id as HandlerId,
    handler: row.handler ?? '',
    state: stateOfCode(row.state),
    priority: row.priority,
    key: row.key ?? '',
    labels: row.labels ?? {},
    input: payloadOf(row.input_type ?? null, row.input ?? null),
    output: payloadOf(row.output_type ?? null, row.output ?? null),
    failure: failureOfText(row.failure, whole),
    attempt: row.attempt,
    lostAttempts: row.losses,
    leaseEpoch: row.lease_epoch,
    createdAt: row.created_at,
    dueAt: row.due_at,
    leasedAt: row.leased_at,
    endedAt: row.ended_at,
    deadlineAt: row.deadline_at,
    expiresAt: row.expires_at,
    cancelRequestedAt: row.cancel_requested_at,
    cancelReason: row.cancel_reason ?? '',
    sessionId: row.session_id as SessionId | null,
    agentId: row.agent_id ?? '',
    progress: progressOf(row),
    options: row.options as TaskOptions | null,
    idempotencyKey: row.idempotency_key ?? '',
    origin: originOf({
      ...row,
      parent_id: row.parent_id as TaskId | null,
      root_id: row.root_id as TaskId | null,
      retry_of: row.retry_of as TaskId | null,
    }),
    attempts: [],
  };
}

/** Progress of the current attempt; what an earlier one said is history. */
function progressOf(row: TaskRow): Progress | null {
  if (row.completed === null || row.progress_at === null) return null;
  if (row.progress_attempt !== row.attempt) return null;
  return {
    completed: row.completed,
    total: row.total ?? 0,
    message: row.message ?? '',
    updatedAt: row.progress_at,
  };
}
