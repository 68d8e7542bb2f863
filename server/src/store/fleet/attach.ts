/**
 * Attaching a session again, in one transaction that holds its row: raises `attachment`, settles the inventory.
 *
 * From the moment the row is locked no other coordinator can take a lease of it back, and what it tried before fails
 * on the attachment. What the agent lists and the database confirms is kept; what the database holds and the agent does
 * not list never reached it, and goes back.
 */
import type { Lease, LeaseRef, SessionId, TaskId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { int4s, storableJson } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { askedLeases, giveBack, ofLease, refParameters } from '../leases/hand-back.ts';
import { loadHeld } from '../leases/running.ts';
import { byKey, within } from '../row-locks.ts';
import { code, sessionCode } from '../rows.ts';
import type { Attached, SessionFacts, Sessions } from '../store.ts';

const lockSql = statement(
  'sessions_attach_lock',
  `SELECT state, namespace_id, token_hash, dial FROM sessions WHERE id = $1::uuid FOR UPDATE`,
);

const attachSql = statement(
  'sessions_attach',
  `UPDATE sessions SET state = ${sessionCode.attached}, attachment = attachment + 1, agent_id = $2, coordinator_id = $3::uuid,
    handler_ids = $4::int4[], handler_versions = $5::jsonb, slots = $6::int4, weight = $7::int4, labels = $8::jsonb,
    sdk = $9, host = $10, lost_after_ms = $11::int8, dial = greatest(dial, $12::int8), draining = false,
    attached_at = now(), detached_at = NULL, lost_in_ms = NULL
  WHERE id = $1::uuid RETURNING attachment`,
);

const heldSql = statement(
  'sessions_attach_held',
  `SELECT id, lease_epoch FROM tasks WHERE session_id = $1::uuid AND state = ${code.running}`,
);

// READY with the epoch unchanged: it was taken back from this session and given to nobody since. A row whose outcome
// under this epoch was recorded is another attempt already.
const takeUpSql = statement(
  'sessions_attach_take_up',
  `WITH ${askedLeases} UPDATE tasks t SET state = ${code.running}, check_at = t.deadline_at FROM asked a
  WHERE ${ofLease} AND t.state + 0 = ${code.ready} AND t.session_id = $5::uuid
    AND t.ended_epoch IS DISTINCT FROM t.lease_epoch
  RETURNING t.id, t.lease_epoch`,
);

const recordedSql = statement(
  'sessions_attach_recorded',
  `WITH ${askedLeases} SELECT t.id, a.lease_epoch
  FROM asked a JOIN tasks t ON ${byKey('a')} AND ${within('$3', '$4')} AND t.ended_epoch = a.lease_epoch`,
);

type LockedRow = { state: number; namespace_id: number; token_hash: Buffer; dial: number };
type RefRow = { id: TaskId; lease_epoch: number };

/** See `Sessions.attach`. */
export async function attach(
  database: Database,
  ...[id, tokenHash, facts, handlerVersions, inventory]: Parameters<Sessions['attach']>
): Promise<Attached> {
  return database.transaction(async (connection) => {
    const [row] = await connection.run<LockedRow>(lockSql, [id]);
    const isOver = row === undefined || row.state >= sessionCode.lost;
    if (isOver || row.namespace_id !== facts.namespaceId || !row.token_hash.equals(tokenHash))
      return { kind: 'ENDED' };
    // Its inventory is of the past: what the agent was given since is not in it, and would be given back.
    if (facts.dial > 0 && facts.dial <= row.dial) return { kind: 'OUTDIALLED' };
    const [attached] = await connection.run<{ attachment: number }>(attachSql, [
      id,
      ...factParameters(facts, handlerVersions),
    ]);
    const attachment = attached?.attachment ?? 0;
    const settled = await settle(connection, id, attachment, inventory);
    return { kind: 'ATTACHED', attachment, ...settled };
  });
}

/** Parameters of the columns that an agent states when it connects, in the order of `attachSql` from $2. */
export function factParameters(
  facts: SessionFacts,
  handlerVersions: Readonly<Record<string, string>>,
): readonly (string | number | Buffer | null)[] {
  return [
    storableText(facts.agentId),
    facts.coordinatorId,
    int4s(facts.handlerIds),
    storableJson(handlerVersions),
    facts.slots,
    facts.weight,
    storableJson(facts.labels),
    storableText(facts.sdk),
    storableText(facts.host),
    facts.lostAfterMs,
    facts.dial,
  ];
}

async function settle(
  connection: Connection,
  id: SessionId,
  attachment: number,
  inventory: readonly LeaseRef[],
): Promise<Omit<Extract<Attached, { kind: 'ATTACHED' }>, 'kind' | 'attachment'>> {
  const listed = new Map(inventory.map((ref) => [keyOf(ref), ref]));
  const held = (await connection.run<RefRow>(heldSql, [id])).map(refOf);
  const heldKeys = new Set(held.map(keyOf));

  const unlisted = held.filter((ref) => !listed.has(keyOf(ref)));
  const returned = await giveBack(connection, id, attachment, unlisted);

  const missing = [...listed.values()].filter((ref) => !heldKeys.has(keyOf(ref)));
  const takenUp = await refsOf(connection, takeUpSql, missing, id);

  const kept = [...held.filter((ref) => listed.has(keyOf(ref))), ...takenUp];
  const leases = await loadHeld(connection, id, kept);
  const leaseKeys = new Set(leases.map(keyOf));
  const rest = [...listed.values()].filter((ref) => !leaseKeys.has(keyOf(ref)));
  const recorded = await refsOf(connection, recordedSql, rest);
  const recordedKeys = new Set(recorded.map(keyOf));
  return {
    kept: leases,
    abandoned: rest.filter((ref) => !recordedKeys.has(keyOf(ref))),
    recorded,
    returned,
  };
}

async function refsOf(
  connection: Connection,
  sql: typeof takeUpSql,
  refs: readonly LeaseRef[],
  ...more: readonly string[]
): Promise<readonly LeaseRef[]> {
  if (refs.length === 0) return [];
  const rows = await connection.run<RefRow>(sql, [...refParameters(refs), ...more]);
  return rows.map(refOf);
}

function refOf(row: RefRow): LeaseRef {
  return { taskId: row.id, leaseEpoch: row.lease_epoch };
}

function keyOf({ taskId, leaseEpoch }: LeaseRef | Lease): string {
  return `${taskId} ${leaseEpoch}`;
}
