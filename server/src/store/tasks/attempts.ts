/**
 * The attempts of one task: those that were appended when they failed, were lost or interrupted, and the current or
 * last one from the task's own row.
 */
import type {
  Attempt,
  AttemptOutcome,
  Failure,
  LogLine,
  SessionId,
  TaskId,
} from '../../rules/task.ts';
import { type Database, statement } from '../engines/database.ts';
import { attemptOutcomeOf, code, failureOfText, logLevels } from '../rows.ts';

const attemptsSql = statement(
  'attempts_read',
  `SELECT number, lease_epoch, session_id, agent_id, outcome, leased_at, ended_at, failure FROM attempts
  WHERE task_id = $1::uuid ORDER BY number`,
);

const linesSql = statement(
  'attempts_lines',
  `SELECT attempt, logged_at, level, message FROM attempt_logs WHERE task_id = $1::uuid ORDER BY attempt, line`,
);

const currentSql = statement(
  'attempts_current',
  `SELECT t.attempt AS number, t.lease_epoch, t.session_id, coalesce(s.agent_id, '') AS agent_id, t.state, t.leased_at,
    t.ended_at, t.failure
  FROM tasks t LEFT JOIN sessions s ON s.id = t.session_id WHERE t.id = $1::uuid`,
);

type AttemptRow = {
  number: number;
  lease_epoch: number;
  session_id: SessionId | null;
  agent_id: string;
  outcome: number;
  leased_at: number | null;
  ended_at: number | null;
  failure: string | null;
};
type CurrentRow = Omit<AttemptRow, 'outcome'> & { state: number };
type LineRow = { attempt: number; logged_at: number; level: number; message: string };

const outcomeOfState: ReadonlyMap<number, AttemptOutcome> = new Map<number, AttemptOutcome>([
  [code.running, 'RUNNING'],
  [code.succeeded, 'SUCCEEDED'],
  [code.failed, 'FAILED'],
  [code.cancelled, 'CANCELLED'],
]);

/** See `Tasks.attempts`. */
export async function readAttempts(database: Database, id: TaskId): Promise<readonly Attempt[]> {
  const [rows, lines, [current]] = await Promise.all([
    database.run<AttemptRow>(attemptsSql, [id]),
    database.run<LineRow>(linesSql, [id]),
    database.run<CurrentRow>(currentSql, [id]),
  ]);
  const linesOf = (number: number) => lines.filter((row) => row.attempt === number).map(lineOf);
  const ended = rows.map((row) =>
    attemptOf(row, attemptOutcomeOf(row.outcome), failureOfText(row.failure, true), linesOf),
  );
  const last = current === undefined ? null : currentOf(current, ended, linesOf);
  return last === null ? ended : [...ended, last];
}

/** Null: it never had a lease, or ended as one of those that were appended. */
function currentOf(
  row: CurrentRow,
  ended: readonly Attempt[],
  linesOf: (number: number) => readonly LogLine[],
): Attempt | null {
  const outcome = outcomeOfState.get(row.state);
  if (outcome === undefined || ended.some(({ number }) => number === row.number)) return null;
  // A later attempt that never had a lease: the one that is stored belongs to the attempt before.
  if (row.leased_at === null || ended.some((one) => one.leaseEpoch === row.lease_epoch))
    return null;
  const failure = outcome === 'FAILED' ? failureOfText(row.failure, true) : null;
  return attemptOf(row, outcome, failure, linesOf);
}

function attemptOf(
  row: Omit<AttemptRow, 'outcome'>,
  outcome: AttemptOutcome,
  failure: Failure | null,
  linesOf: (number: number) => readonly LogLine[],
): Attempt {
  return {
    number: row.number,
    leaseEpoch: row.lease_epoch,
    agentId: row.agent_id,
    sessionId: row.session_id ?? ('' as SessionId),
    outcome,
    leasedAt: row.leased_at,
    endedAt: row.ended_at,
    failure,
    logLines: linesOf(row.number),
  };
}

function lineOf(row: LineRow): LogLine {
  const level = logLevels[row.level - 1] ?? 'INFO';
  return { at: row.logged_at, level, message: row.message };
}
