/**
 * What every event does to a task's row, as pure functions: the statements of the store say the same in SQL.
 *
 * Nothing calls these in production; they are the statement of the rules in the plainest form, and property tests hold
 * both to each other, step by step, over random histories. Each function answers the row after the event, or null if
 * the event does not apply: then nothing is written.
 */
import { isFinished } from './lifecycle.ts';
import type { OutcomeWrite, TaskState } from './task.ts';

/** The part of a task's row on which its life depends. Times are milliseconds by the database's clock. */
export type Standing = {
  readonly state: TaskState;
  readonly attempt: number;
  readonly failures: number;
  readonly losses: number;
  readonly leaseEpoch: number;
  /** Epoch of the last outcome that was recorded. */
  readonly endedEpoch: number | null;
  /** Holds the lease while RUNNING, the last holder after. */
  readonly sessionId: string | null;
  readonly dueAt: number;
  readonly deadlineAt: number | null;
  readonly expiresAt: number | null;
  readonly cancelRequested: boolean;
};

/** What a submission says of its times; null: none. */
export type Submitted = {
  readonly dueAt: number;
  readonly deadlineAt: number | null;
  readonly expiresAt: number | null;
};

/** A new task; RUNNING at once if it is due and a slot was offered. */
export function submitted(task: Submitted, eagerSession: string | null, now: number): Standing {
  const isDue = task.dueAt <= now;
  const isEager = isDue && eagerSession !== null;
  return {
    ...task,
    state: isEager ? 'RUNNING' : isDue ? 'READY' : 'DELAYED',
    attempt: 1,
    failures: 0,
    losses: 0,
    leaseEpoch: isEager ? 1 : 0,
    endedEpoch: null,
    sessionId: isEager ? eagerSession : null,
    cancelRequested: false,
  };
}

/** DELAYED → READY. */
export function promoted(row: Standing, now: number): Standing | null {
  return row.state === 'DELAYED' && row.dueAt <= now ? { ...row, state: 'READY' } : null;
}

/** READY → RUNNING under a new epoch. What is too late is left to `expired`. */
export function leased(row: Standing, sessionId: string, now: number): Standing | null {
  if (row.state !== 'READY' || isTooLate(row, now)) return null;
  return { ...row, state: 'RUNNING', leaseEpoch: row.leaseEpoch + 1, sessionId };
}

/** How an outcome was taken, and the row after it; the row is null if it was not written. */
export type Settled = { readonly status: 'RECORDED' | 'STALE'; readonly row: Standing | null };

/** RUNNING → its end, or its next attempt. */
export function recorded(
  row: Standing,
  write: Pick<OutcomeWrite, 'leaseEpoch' | 'result' | 'retryDelayMs'>,
  now: number,
): Settled {
  if (row.state !== 'RUNNING' || row.leaseEpoch !== write.leaseEpoch)
    return { status: row.endedEpoch === write.leaseEpoch ? 'RECORDED' : 'STALE', row: null };
  const failures = row.failures + (write.result === 'FAILED' ? 1 : 0);
  const ended = { ...row, failures, endedEpoch: write.leaseEpoch };
  const again = { ...ended, attempt: row.attempt + 1 };
  const to = (next: Standing): Settled => ({ status: 'RECORDED', row: next });
  if (write.result === 'SUCCEEDED') return to({ ...ended, state: 'SUCCEEDED' });
  if (row.cancelRequested) return to({ ...ended, state: 'CANCELLED' });
  if (write.result === 'INTERRUPTED') return to({ ...again, state: 'READY' });
  const wait = write.result === 'FAILED' ? write.retryDelayMs : null;
  const fits = wait !== null && (row.deadlineAt === null || now + wait < row.deadlineAt);
  if (!fits) return to({ ...ended, state: 'FAILED' });
  return to(
    wait === 0 ? { ...again, state: 'READY' } : { ...again, state: 'DELAYED', dueAt: now + wait },
  );
}

/** RUNNING → READY, same attempt, same epoch: the lease never started. */
export function handedBack(row: Standing, leaseEpoch: number): Standing | null {
  if (row.state !== 'RUNNING' || row.leaseEpoch !== leaseEpoch) return null;
  return { ...row, state: row.cancelRequested ? 'CANCELLED' : 'READY' };
}

/** READY → RUNNING again under the same epoch: its agent has it after all, and nobody was given it since. */
export function takenUp(row: Standing, sessionId: string, leaseEpoch: number): Standing | null {
  const isIts = row.leaseEpoch === leaseEpoch && row.sessionId === sessionId;
  if (row.state !== 'READY' || !isIts || row.endedEpoch === leaseEpoch) return null;
  return { ...row, state: 'RUNNING' };
}

/** What a task, or else its handler, says about running again. */
export type LossRules = { readonly atMostOnce: boolean; readonly lostAttemptsMax: number };

/** RUNNING → the next attempt, or an end: its session was lost. */
export function lost(row: Standing, rules: LossRules): Standing | null {
  if (row.state !== 'RUNNING') return null;
  const after = { ...row, losses: row.losses + 1 };
  if (row.cancelRequested) return { ...after, state: 'CANCELLED' };
  if (rules.atMostOnce || after.losses > rules.lostAttemptsMax)
    return { ...after, state: 'FAILED' };
  return { ...after, state: 'READY', attempt: row.attempt + 1 };
}

/** RUNNING → the next attempt, or an end: its session was closed by an agent that left something behind. */
export function leftBehind(row: Standing, rules: LossRules): Standing | null {
  if (row.state !== 'RUNNING') return null;
  if (row.cancelRequested) return { ...row, state: 'CANCELLED' };
  if (rules.atMostOnce) return { ...row, state: 'FAILED' };
  return { ...row, state: 'READY', attempt: row.attempt + 1 };
}

/** Somebody asks for the end. What runs is only asked to stop, once. */
export function cancelled(row: Standing): Standing | null {
  if (isFinished(row.state)) return null;
  if (row.state === 'RUNNING')
    return row.cancelRequested ? null : { ...row, cancelRequested: true };
  return { ...row, state: 'CANCELLED', cancelRequested: true };
}

/** Not running → FAILED: past its deadline, or never started within its time-to-live. */
export function expired(row: Standing, now: number): Standing | null {
  if (isFinished(row.state) || row.state === 'RUNNING' || !isTooLate(row, now)) return null;
  return { ...row, state: 'FAILED' };
}

function isTooLate(row: Standing, now: number): boolean {
  if (row.deadlineAt !== null && row.deadlineAt <= now) return true;
  return row.attempt === 1 && row.expiresAt !== null && row.expiresAt <= now;
}
