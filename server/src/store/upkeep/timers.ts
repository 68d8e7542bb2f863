/**
 * Edges that time drives: DELAYED → READY, or into a lane, when due, and what is too late.
 *
 * Sweeps may run on several replicas at once: rows that another one holds are passed over.
 */
import { stateOfCode } from '../../rules/lifecycle.ts';
import { failureOf } from '../../rules/outcome.ts';
import type { FinishedState, HandlerId, SessionId, TaskId } from '../../rules/task.ts';
import { type Database, statement } from '../engines/database.ts';
import { inLine, lineColumns, readyOrInLine } from '../lanes/in-line.ts';
import { byKey, keyColumn } from '../row-locks.ts';
import { code, failureText } from '../rows.ts';
import { lookColumns } from '../schedules/ends.ts';
import type { ScheduleLook, Timers } from '../store.ts';

// The last row tells when the next task and the next schedule are due; one statement for all, because an idle coordinator
// asks it all day.
const promoteSql = statement(
  'timers_promote',
  `WITH due AS MATERIALIZED (
    SELECT ${keyColumn('t.id')} FROM tasks t WHERE t.state = ${code.delayed} AND t.due_at <= now()
    ORDER BY t.due_at LIMIT $1::int4 FOR UPDATE SKIP LOCKED
  ), promoted AS (
    UPDATE tasks t SET state = ${readyOrInLine} FROM due WHERE ${byKey('due')} RETURNING t.id, t.handler_id, t.state, ${lineColumns}
  ), ${inLine('promoted', false)}
  SELECT id, handler_id, NULL::int8 AS next_due_in_ms, NULL::int8 AS look_in_ms, NULL::bool AS watching FROM promoted
  UNION ALL
  SELECT NULL, NULL, (SELECT greatest(0, ceil(extract(epoch FROM t.due_at - now()) * 1000))::int8
    FROM tasks t WHERE t.state = ${code.delayed} AND t.due_at > now() ORDER BY t.due_at LIMIT 1), ${lookColumns}`,
);

type PromotedRow =
  | { readonly id: TaskId; readonly handler_id: HandlerId }
  | {
      readonly id: null;
      readonly next_due_in_ms: number | null;
      readonly look_in_ms: number | null;
      readonly watching: boolean;
    };

const tooLate = `(t.deadline_at <= now())`;

// A running task is told once (cancel_told); its row is looked at again when the lease goes back.
const expireSql = statement(
  'timers_expire',
  `WITH late AS MATERIALIZED (
    SELECT ${keyColumn('t.id')}, CASE WHEN t.state = ${code.running} THEN ${code.running}
      WHEN coalesce(${tooLate}, false) OR (t.attempt = 1 AND coalesce(t.expires_at <= now(), false)) THEN ${code.failed}
      ELSE t.state END AS next
    FROM tasks t WHERE t.check_at <= now()
    ORDER BY t.check_at LIMIT $1::int4 FOR UPDATE SKIP LOCKED
  )
  UPDATE tasks t SET state = late.next,
    ended_at = CASE WHEN late.next = ${code.failed} THEN now() END,
    failure = CASE WHEN late.next <> ${code.failed} THEN t.failure WHEN ${tooLate} THEN $2::text ELSE $3::text END,
    cancel_told = t.cancel_told OR late.next = ${code.running},
    check_at = CASE WHEN late.next IN (${code.failed}, ${code.running}) THEN NULL ELSE t.deadline_at END
  FROM late WHERE ${byKey('late')}
  RETURNING t.id, t.state, t.lease_epoch, t.session_id, t.handler_id`,
);

const deadlineFailure = failureText(
  failureOf('DEADLINE', 'DeadlineExceeded', 'The task was not finished before its deadline.'),
);
const expiredFailure = failureText(
  failureOf(
    'EXPIRED',
    'StartTtlExceeded',
    'The task was not started within its start time-to-live.',
  ),
);

type LateRow = {
  id: TaskId;
  state: number;
  lease_epoch: number;
  session_id: SessionId;
  handler_id: HandlerId;
};

/** Timers over a database. */
export function createTimers(database: Database): Timers {
  return {
    promote: async (limit) => {
      const rows = await database.run<PromotedRow>(promoteSql, [limit]);
      const promoted: { taskId: TaskId; handlerId: HandlerId }[] = [];
      let nextDueInMs: number | null = null;
      let schedules: ScheduleLook = { lookInMs: null, watching: false };
      for (const row of rows)
        if (row.id === null) {
          nextDueInMs = row.next_due_in_ms;
          schedules = { lookInMs: row.look_in_ms, watching: row.watching };
        } else promoted.push({ taskId: row.id, handlerId: row.handler_id });
      return { promoted, nextDueInMs, schedules };
    },
    expire: async (limit) => {
      const rows = await database.run<LateRow>(expireSql, [limit, deadlineFailure, expiredFailure]);
      const late = rows.filter((row) => row.state === code.running);
      const ended = rows.filter((row) => row.state >= code.succeeded);
      return {
        ended: ended.map((row) => ({
          taskId: row.id,
          handlerId: row.handler_id,
          state: stateOfCode(row.state) as FinishedState,
        })),
        toCancel: late.map((row) => ({
          taskId: row.id,
          leaseEpoch: row.lease_epoch,
          sessionId: row.session_id,
        })),
      };
    },
  };
}
