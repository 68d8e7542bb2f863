/**
 * Events that wait for a stream, in the table `event_outbox`.
 *
 * Triggers write them, so that they are in the transaction of whatever changed a task, and no statement can forget one.
 * They exist only while somebody asks: creating them is what turns the outbox on, and nothing of it costs anything before.
 */

import { stateOfCode } from '../../rules/lifecycle.ts';
import type { TaskId } from '../../rules/task.ts';
import { type EventKind, eventKinds, type WrittenEvent } from '../../rules/task-events.ts';
import { int8s } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { StoreConflict, StoreUnavailable } from '../errors.ts';
import type { EventOutbox } from '../store.ts';

/** Any number that no other program is likely to lock. */
const passLockKey = 7_420_003;
/** Longer than a stream may take to store a batch: one that hangs must not hold the lock for ever. */
const passTimeout = `'10s'`;

const askSql = statement(
  'outbox_ask',
  `INSERT INTO event_outbox_wish (kinds) VALUES ($1::smallint[])
   ON CONFLICT (one) DO UPDATE SET kinds = EXCLUDED.kinds, asked_at = now()
   RETURNING (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tasks'::regclass AND tgname = ANY ('{tell_inserted,tell_updated}'))::int4 AS triggers`,
);

const lockSql = statement(
  'outbox_lock',
  `SELECT pg_try_advisory_xact_lock(${passLockKey}) AS ours`,
);

const firstSql = statement(
  'outbox_first',
  `SELECT o.seq, o.kind, o.task_id, o.state, o.attempt, o.lease_epoch, o.at, h.name AS handler, n.name AS namespace
   FROM event_outbox o LEFT JOIN handlers h ON h.id = o.handler_id LEFT JOIN namespaces n ON n.id = h.namespace_id
   ORDER BY o.seq LIMIT $1::int4`,
);

const doneSql = statement('outbox_done', `DELETE FROM event_outbox WHERE seq = ANY($1::int8[])`);

const forgetSql = statement(
  'outbox_forget',
  `DELETE FROM event_outbox WHERE seq IN (SELECT seq FROM event_outbox ORDER BY seq LIMIT $2::int4)
   AND at < now() - $1::int8 * interval '1 millisecond' RETURNING 1`,
);

const unaskedSql = statement(
  'outbox_unasked',
  `DELETE FROM event_outbox_wish WHERE asked_at < now() - $1::int8 * interval '1 millisecond' RETURNING 1`,
);

type Row = {
  seq: number;
  kind: number;
  task_id: TaskId;
  state: number;
  attempt: number | null;
  lease_epoch: number | null;
  at: number;
  handler: string | null;
  namespace: string | null;
};

/** The outbox over a database. */
export function createEventOutbox(database: Database): EventOutbox {
  return {
    ask: (kinds) => ask(database, kinds),
    pass: (limit, deliver) => {
      // The embedded database has one connection, which must not wait for a stream, and one coordinator.
      if (database.engine === 'pglite') return pass(database, limit, deliver);
      return database.transaction(async (connection) => {
        await connection.execute(`SET LOCAL idle_in_transaction_session_timeout = ${passTimeout}`);
        const [lock] = await connection.run<{ ours: boolean }>(lockSql);
        return lock?.ours === true ? pass(connection, limit, deliver) : null;
      });
    },
    forget: async (olderThanMs, limit) =>
      (await database.run(forgetSql, [Math.round(olderThanMs), limit])).length,
    endUnasked: (forMs) =>
      database.transaction(async (connection) => {
        const ended = await connection.run(unaskedSql, [Math.round(forMs)]);
        if (ended.length === 0) return false;
        await patiently(connection);
        await connection.execute('DROP TRIGGER IF EXISTS tell_inserted ON tasks');
        await connection.execute('DROP TRIGGER IF EXISTS tell_updated ON tasks');
        await connection.execute('TRUNCATE event_outbox');
        return true;
      }),
  };
}

async function pass(
  connection: Connection,
  limit: number,
  deliver: Parameters<EventOutbox['pass']>[1],
): Promise<number> {
  const rows = await connection.run<Row>(firstSql, [limit]);
  if (rows.length === 0) return 0;
  await deliver(rows.flatMap(eventOf));
  await connection.run(doneSql, [int8s(rows.map(({ seq }) => seq))]);
  return rows.length;
}

/** No wait for a lock on tasks is so long that their writers, who then wait behind it, would notice. */
async function patiently(connection: Connection): Promise<void> {
  await connection.execute(`SET LOCAL lock_timeout = '500ms'`);
}

async function ask(database: Database, kinds: readonly EventKind[]): Promise<void> {
  const numbers = kinds.map((kind) => eventKinds.indexOf(kind) + 1);
  try {
    await database.transaction(async (connection) => {
      const [row] = await connection.run<{ triggers: number }>(askSql, [`{${numbers.join(',')}}`]);
      if (row?.triggers === 2) return;
      await patiently(connection);
      await connection.execute(
        `CREATE OR REPLACE TRIGGER tell_inserted AFTER INSERT ON tasks REFERENCING NEW TABLE AS fresh
         FOR EACH STATEMENT EXECUTE FUNCTION tell_inserted_tasks()`,
      );
      await connection.execute(
        `CREATE OR REPLACE TRIGGER tell_updated AFTER UPDATE ON tasks REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
         FOR EACH STATEMENT EXECUTE FUNCTION tell_updated_tasks()`,
      );
    });
  } catch (error) {
    if (!(error instanceof StoreConflict)) throw error;
    throw new StoreUnavailable('Tasks are too busy for the outbox of events to begin.', {
      cause: error,
    });
  }
}

/** None, if its namespace is gone: nobody could say where to publish it. */
function eventOf(row: Row): WrittenEvent[] {
  const { namespace, handler, attempt, lease_epoch } = row;
  const kind = eventKinds[row.kind - 1];
  if (kind === undefined || namespace === null || handler === null) return [];
  const facts = { kind, taskId: row.task_id, namespace, handler, at: row.at };
  return [
    {
      ...facts,
      state: stateOfCode(row.state),
      ...(attempt === null ? {} : { attempt }),
      ...(lease_epoch === null ? {} : { leaseEpoch: lease_epoch }),
    },
  ];
}
