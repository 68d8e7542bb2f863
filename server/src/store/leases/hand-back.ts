/**
 * RUNNING → READY with the same attempt number: leases that never started go back, and only the epoch will rise.
 *
 * A cancellation that was asked for while the lease stood takes effect now.
 */
import type { LeaseRef, SessionId } from '../../rules/task.ts';
import { int4s, uuids } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { inLine, lineColumns, readyOrInLine } from '../lanes/in-line.ts';
import { boundsOf, byKey, keyColumn, within } from '../row-locks.ts';
import { code, type EndedRow, endedLeaseOf, sessionCode, sortedByTask } from '../rows.ts';
import type { EndedLease } from '../store.ts';

/** What a row that is handed back becomes; the time-to-live counts again if it never started at all. */
export const handedBack = `state = CASE WHEN t.cancel_requested_at IS NULL THEN ${readyOrInLine} ELSE ${code.cancelled} END,
    ended_at = CASE WHEN t.cancel_requested_at IS NOT NULL THEN now() END,
    cancel_told = false,
    check_at = CASE WHEN t.cancel_requested_at IS NULL
      THEN least(t.deadline_at, CASE WHEN t.attempt = 1 THEN t.expires_at END) END`;

/** SQL: a CTE of the leases that `refParameters` passes as the first four parameters. */
export const askedLeases = `asked AS MATERIALIZED (
    SELECT lease_epoch, ${keyColumn('id')} FROM unnest($1::uuid[], $2::int4[]) AS u(id, lease_epoch))`;

/** SQL: the task `t` of a row `a` of `askedLeases`, as far as its epoch is still that of the lease. */
export const ofLease = `${byKey('a')} AND ${within('$3', '$4')} AND t.lease_epoch = a.lease_epoch`;

const holds = `${ofLease} AND t.state + 0 = ${code.running}`;
const answer = `t.id, t.lease_epoch, t.state, t.handler_id`;
/** SQL: the end of a statement whose CTE `moved` hands back. */
const answered = `), ${inLine('moved', true)} SELECT id, lease_epoch, state, handler_id FROM moved`;

const returnUnsentSql = statement(
  'leases_return_unsent',
  `WITH ${askedLeases}, moved AS (
    UPDATE tasks t SET ${handedBack} FROM asked a WHERE ${holds} RETURNING ${answer}, ${lineColumns}
  ${answered}`,
);

// The share lock waits for an attach or a loss that is under way and then sees its outcome: a bare EXISTS, which reads
// the snapshot from before, took back leases that the session had just been given (measured).
const giveBackSql = statement(
  'leases_give_back',
  `WITH ${askedLeases}, own AS MATERIALIZED (
    SELECT id FROM sessions WHERE id = $5::uuid AND attachment = $6::int8 AND state = ${sessionCode.attached} FOR SHARE
  ), moved AS (
    UPDATE tasks t SET ${handedBack} FROM own, asked a
    WHERE ${holds} AND t.session_id = own.id RETURNING ${answer}, ${lineColumns}
  ${answered}`,
);

/** See `Leases.returnUnsent`. */
export async function returnUnsent(
  database: Database,
  leases: readonly LeaseRef[],
): Promise<readonly EndedLease[]> {
  if (leases.length === 0) return [];
  const rows = await database.run<EndedRow>(returnUnsentSql, refParameters(leases));
  return rows.map(endedLeaseOf);
}

/** See `Leases.giveBack`. */
export async function giveBack(
  connection: Connection,
  sessionId: SessionId,
  attachment: number,
  leases: readonly LeaseRef[],
): Promise<readonly EndedLease[]> {
  if (leases.length === 0) return [];
  const rows = await connection.run<EndedRow>(giveBackSql, [
    ...refParameters(leases),
    sessionId,
    attachment,
  ]);
  return rows.map(endedLeaseOf);
}

/** Leases as the first four parameters of a statement: ids and epochs in order of id, and the bounds of the ids. */
export function refParameters(
  leases: readonly LeaseRef[],
): readonly [Buffer, Buffer, string, string] {
  const sorted = sortedByTask(leases);
  const ids = sorted.map(({ taskId }) => taskId);
  return [uuids(ids), int4s(sorted.map(({ leaseEpoch }) => leaseEpoch)), ...boundsOf(ids)];
}
