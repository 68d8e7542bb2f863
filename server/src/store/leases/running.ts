/**
 * Reads of RUNNING rows, for reconciliation and for taking up what an unknown flush left.
 */
import type { HandlerId, Lease, LeaseRef, SessionId, TaskId } from '../../rules/task.ts';
import { uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { code, type LeaseRow, leaseColumns, leaseOf } from '../rows.ts';
import type { RunningRow } from '../store.ts';
import { askedLeases, ofLease, refParameters } from './hand-back.ts';

const runningSql = statement(
  'leases_running',
  `SELECT t.id, t.lease_epoch, t.session_id, t.handler_id,
    (extract(epoch FROM now() - t.leased_at) * 1000)::int8 AS age_ms,
    t.cancel_requested_at IS NOT NULL AS cancel_requested, coalesce(t.cancel_reason, '') AS cancel_reason,
    coalesce(t.deadline_at <= now(), false) AS deadline_passed
  FROM unnest($1::uuid[]) AS s(id) JOIN tasks t ON t.session_id = s.id AND t.state = ${code.running}`,
);

const loadSql = statement(
  'leases_load',
  `WITH ${askedLeases} SELECT ${leaseColumns}
  FROM asked a JOIN tasks t ON ${ofLease} AND t.state + 0 = ${code.running}
  LEFT JOIN task_progress p ON p.task_id = t.id`,
);

// The agent has what it holds: inputs and checkpoints, perhaps of 200,000 items, stay in the database.
const loadHeldSql = statement(
  'leases_load_held',
  `WITH ${askedLeases} SELECT ${leaseColumns.replace('t.input_type, t.input', 'NULL AS input_type, NULL AS input')}
  FROM asked a JOIN tasks t ON ${ofLease} AND t.state + 0 = ${code.running}
  CROSS JOIN (SELECT NULL::text AS checkpoint_type, NULL::bytea AS checkpoint) p
  WHERE t.session_id = $5::uuid`,
);

type RunningTableRow = {
  id: TaskId;
  lease_epoch: number;
  session_id: SessionId;
  handler_id: HandlerId;
  age_ms: number;
  cancel_requested: boolean;
  cancel_reason: string;
  deadline_passed: boolean;
};

/** See `Leases.running`. */
export async function running(
  database: Database,
  sessionIds: readonly SessionId[],
): Promise<readonly RunningRow[]> {
  if (sessionIds.length === 0) return [];
  const rows = await database.run<RunningTableRow>(runningSql, [uuids(sessionIds)]);
  return rows.map((row) => ({
    taskId: row.id,
    leaseEpoch: row.lease_epoch,
    sessionId: row.session_id,
    handlerId: row.handler_id,
    ageMs: row.age_ms,
    cancelRequested: row.cancel_requested,
    cancelReason: row.cancel_reason,
    deadlinePassed: row.deadline_passed,
  }));
}

/** See `Leases.load`. */
export async function load(
  database: Database,
  leases: readonly LeaseRef[],
): Promise<readonly Lease[]> {
  if (leases.length === 0) return [];
  return (await database.run<LeaseRow>(loadSql, refParameters(leases))).map(leaseOf);
}

/** The leases of these that the session holds, without inputs and checkpoints. */
export async function loadHeld(
  connection: Connection,
  sessionId: SessionId,
  leases: readonly LeaseRef[],
): Promise<readonly Lease[]> {
  if (leases.length === 0) return [];
  const rows = await connection.run<LeaseRow>(loadHeldSql, [...refParameters(leases), sessionId]);
  return rows.map(leaseOf);
}
