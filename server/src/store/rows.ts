/**
 * Rows to nouns and back: codes, failures as JSON text, leases and payloads.
 */
import { stateOfCode } from '../rules/lifecycle.ts';
import type {
  AttemptOutcome,
  Failure,
  HandlerId,
  Labels,
  LaneId,
  Lease,
  LogLevel,
  NamespaceId,
  Payload,
  SessionId,
  TaskId,
  TaskOptions,
  TaskState,
} from '../rules/task.ts';
import { storableJson } from './engines/codec.ts';
import type { EndedLease, SessionState } from './store.ts';

/** Numbers of states inside SQL text, so that no statement spells them out. */
export const code = Object.freeze({
  delayed: 1,
  waiting: 2,
  ready: 3,
  running: 4,
  succeeded: 5,
  failed: 6,
  cancelled: 7,
});

/** Numbers of session states inside SQL text. */
export const sessionCode = Object.freeze({ attached: 1, detached: 2, lost: 3, closed: 4 });

const sessionStates: readonly SessionState[] = ['ATTACHED', 'DETACHED', 'LOST', 'CLOSED'];

/** The session state that is stored under a number. */
export function sessionStateOf(number: number): SessionState {
  const state = sessionStates[number - 1];
  if (state === undefined) throw new Error(`No session state has the number ${number}.`);
  return state;
}

/** Numbers of attempt outcomes, as in `muster.v1.AttemptOutcome`. */
export const attemptCode = Object.freeze({ failed: 3, lost: 5, interrupted: 6 });

const attemptOutcomes: readonly AttemptOutcome[] = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'LOST',
  'INTERRUPTED',
];

/** The attempt outcome that is stored under a number. */
export function attemptOutcomeOf(number: number): AttemptOutcome {
  const outcome = attemptOutcomes[number - 1];
  if (outcome === undefined) throw new Error(`No attempt outcome has the number ${number}.`);
  return outcome;
}

/** Log levels in the order of their numbers, from 1. */
export const logLevels: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/** A payload from its two columns; null: no value at all. */
export function payloadOf(mediaType: string | null, data: Buffer | null): Payload | null {
  return mediaType === null ? null : { mediaType, data: data ?? Buffer.alloc(0) };
}

/** A failure as it is stored. */
export function failureText(failure: Failure | null): string | null {
  if (failure === null) return null;
  const { details } = failure;
  const stored =
    details === null
      ? null
      : { mediaType: details.mediaType, data: details.data.toString('base64') };
  return storableJson({ ...failure, details: stored });
}

/** A failure from its stored text; `whole` false leaves out stack and details. */
export function failureOfText(text: string | null, whole: boolean): Failure | null {
  if (text === null) return null;
  const stored = JSON.parse(text) as Omit<Failure, 'details'> & {
    readonly details: { readonly mediaType: string; readonly data: string } | null;
  };
  const details =
    whole && stored.details
      ? { mediaType: stored.details.mediaType, data: Buffer.from(stored.details.data, 'base64') }
      : null;
  return { ...stored, stack: whole ? stored.stack : '', details };
}

/** Columns of a lease, of the row `t` and its progress `p`. */
export const leaseColumns = `t.id, t.lease_epoch, t.session_id, t.namespace_id, t.handler_id, t.attempt, t.failures,
  t.options, t.input_type, t.input, p.checkpoint_type, p.checkpoint, t.labels, t.deadline_at,
  CASE WHEN t.deadline_at IS NOT NULL THEN (extract(epoch FROM t.deadline_at - now()) * 1000)::int8 END AS deadline_in_ms,
  t.cancel_requested_at IS NOT NULL AS cancel_requested,
  t.traceparent, t.tracestate, t.parent_id, t.root_id, t.retry_of, t.nominal_at, t.idempotency_key, t.lane_id`;

/** A row with `leaseColumns`. */
export type LeaseRow = {
  readonly id: TaskId;
  readonly lease_epoch: number;
  readonly session_id: SessionId;
  readonly namespace_id: NamespaceId;
  readonly handler_id: HandlerId;
  readonly attempt: number;
  readonly failures: number;
  readonly options: TaskOptions | null;
  readonly input_type: string | null;
  readonly input: Buffer | null;
  readonly checkpoint_type: string | null;
  readonly checkpoint: Buffer | null;
  readonly labels: Labels | null;
  readonly deadline_at: number | null;
  readonly deadline_in_ms: number | null;
  readonly cancel_requested: boolean;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly parent_id: TaskId | null;
  readonly root_id: TaskId | null;
  readonly retry_of: TaskId | null;
  readonly nominal_at: number | null;
  readonly idempotency_key: string | null;
  readonly lane_id: LaneId | null;
};

/** The lease of a row. */
export function leaseOf(row: LeaseRow): Lease {
  return {
    taskId: row.id,
    leaseEpoch: row.lease_epoch,
    sessionId: row.session_id,
    namespaceId: row.namespace_id,
    handlerId: row.handler_id,
    attempt: row.attempt,
    laneId: row.lane_id,
    failures: row.failures,
    options: row.options,
    input: payloadOf(row.input_type, row.input),
    checkpoint: payloadOf(row.checkpoint_type, row.checkpoint),
    labels: row.labels,
    deadlineAt: row.deadline_at,
    deadlineInMs: row.deadline_in_ms,
    cancelRequested: row.cancel_requested,
    idempotencyKey: row.idempotency_key,
    origin: originOf(row),
  };
}

/** Where a task came from, of a row with its columns. */
export function originOf(
  row: Pick<
    LeaseRow,
    'traceparent' | 'tracestate' | 'parent_id' | 'root_id' | 'retry_of' | 'nominal_at'
  >,
): Lease['origin'] {
  return {
    traceparent: row.traceparent,
    tracestate: row.tracestate,
    parentId: row.parent_id,
    rootId: row.root_id,
    retryOf: row.retry_of,
    nominalAt: row.nominal_at,
  };
}

/** A row that tells how a lease ended. */
export type EndedRow = {
  readonly id: TaskId;
  readonly lease_epoch: number;
  readonly state: number;
  readonly handler_id: HandlerId;
};

/** The end of a lease, of its row. */
export function endedLeaseOf(row: EndedRow): EndedLease {
  return {
    taskId: row.id,
    leaseEpoch: row.lease_epoch,
    state: stateOfCode(row.state),
    handlerId: row.handler_id,
  };
}

/** States by number, for filters inside SQL text. */
export function stateCodes(
  states: readonly TaskState[],
  codes: (state: TaskState) => number,
): number[] {
  return [...new Set(states.map(codes))].sort((a, b) => a - b);
}

/** Items in order of task id, so that statements that run at once lock rows in one order. */
export function sortedByTask<Item extends { readonly taskId: TaskId }>(
  items: readonly Item[],
): readonly Item[] {
  return items.toSorted((a, b) => (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0));
}
