/**
 * What an agent's word about the end of an attempt becomes when it is written down.
 *
 * What depends on the row alone (was a cancellation asked for, is the deadline nearer than the retry) is decided by
 * the statement that records it, not here: `settlement.ts` states those rules.
 */
import { judgeRetry, resolveAtMostOnce, resolveRetryPolicy } from './retry.ts';
import type { Failure, HandlerOptions, Lease, OutcomeWrite, Payload } from './task.ts';

/** How an attempt ended, as its agent says. */
export type ReportedOutcome =
  | { readonly kind: 'SUCCEEDED'; readonly output: Payload | null }
  | { readonly kind: 'FAILED'; readonly failure: Failure }
  | { readonly kind: 'CANCELLED' }
  | { readonly kind: 'INTERRUPTED'; readonly reason: string };

/** What the judgement needs to know of a lease. */
export type JudgedLease = Pick<Lease, 'taskId' | 'leaseEpoch' | 'failures' | 'options'>;

/** Judges a report by the policies of its task and handler. `random` lies in [0, 1). */
export function judgeOutcome(
  lease: JudgedLease,
  handler: Pick<HandlerOptions, 'retry' | 'atMostOnce'>,
  reported: ReportedOutcome,
  random: number,
): OutcomeWrite {
  const { taskId, leaseEpoch } = lease;
  const empty = { taskId, leaseEpoch, output: null, failure: null, retryDelayMs: null };
  const atMostOnce = resolveAtMostOnce(lease.options, handler);
  switch (reported.kind) {
    case 'SUCCEEDED':
      return { ...empty, result: 'SUCCEEDED', output: reported.output };
    case 'CANCELLED':
      return { ...empty, result: 'CANCELLED' };
    case 'INTERRUPTED':
      return atMostOnce
        ? { ...empty, result: 'FAILED', failure: interruptedFailure(reported.reason) }
        : { ...empty, result: 'INTERRUPTED' };
    case 'FAILED': {
      const policy = resolveRetryPolicy(lease.options?.retry, handler.retry);
      const { failure } = reported;
      const wait = judgeRetry(policy, atMostOnce, lease.failures, failure, random);
      return { ...empty, result: 'FAILED', failure, retryDelayMs: wait };
    }
  }
}

/** The final failure of an outcome that the database refused for its data. */
export function refusedOutcome(lease: JudgedLease, reason: string): OutcomeWrite {
  return {
    taskId: lease.taskId,
    leaseEpoch: lease.leaseEpoch,
    result: 'FAILED',
    output: null,
    failure: failureOf('REFUSED', 'OutcomeRefused', `The outcome could not be stored: ${reason}`),
    retryDelayMs: null,
  };
}

/** A failure that the coordinator itself states; final. */
export function failureOf(kind: Failure['kind'], name: string, message: string): Failure {
  return { kind, name, message, stack: '', details: null, nonRetryable: true };
}

function interruptedFailure(reason: string): Failure {
  const why = reason === '' ? '' : `: ${reason}`;
  return failureOf(
    'LOST',
    'Interrupted',
    `The agent gave the attempt back unfinished${why}; a task declared at-most-once is not run again.`,
  );
}
