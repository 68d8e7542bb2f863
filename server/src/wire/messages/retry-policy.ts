/**
 * Retry policies, field by field: what was not said stays unsaid, so that it can be resolved when a task is assigned.
 */
import type { RetryPolicy__Output, RetryPolicy as RetryPolicyMessage } from '@muster/proto';
import { retryLimits } from '../../rules/limits.ts';
import type { RetryPolicy } from '../../rules/task.ts';
import { type Checks, checkDuration, checkText } from '../validation.ts';
import { durationOf } from './values.ts';

/** The wishes of a message; null if it says nothing. */
export function checkRetryPolicy(
  checks: Checks,
  field: string,
  message: RetryPolicy__Output | null,
): Partial<RetryPolicy> | null {
  if (message === null) return null;
  const inner = checks.within(field);
  const { maxAttempts, multiplier, jitter, nonRetryableErrors } = message;
  checkRange(inner, 'max_attempts', maxAttempts, retryLimits.attemptsMin, retryLimits.attemptsMax);
  checkRange(inner, 'multiplier', multiplier, retryLimits.multiplierMin, retryLimits.multiplierMax);
  checkRange(inner, 'jitter', jitter, retryLimits.jitterMin, retryLimits.jitterMax);
  const initialDelayMs = checkDuration(
    inner,
    'initial_delay',
    message.initialDelay,
    0,
    retryLimits.initialDelayMaxMs,
  );
  const maxDelayMs = checkDuration(inner, 'max_delay', message.maxDelay, 0, retryLimits.delayMaxMs);
  checkErrorNames(inner, nonRetryableErrors);
  const said = {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(initialDelayMs === null ? {} : { initialDelayMs }),
    ...(maxDelayMs === null ? {} : { maxDelayMs }),
    ...(nonRetryableErrors.length === 0 ? {} : { nonRetryableErrors }),
  };
  return Object.keys(said).length === 0 ? null : said;
}

/** Wishes as a message; unset for null. */
export function retryPolicyMessage(policy: Partial<RetryPolicy> | null): RetryPolicyMessage | null {
  if (policy === null) return null;
  const { maxAttempts, multiplier, jitter } = policy;
  return {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(jitter === undefined ? {} : { jitter }),
    initialDelay: durationOf(policy.initialDelayMs ?? null),
    maxDelay: durationOf(policy.maxDelayMs ?? null),
    nonRetryableErrors: [...(policy.nonRetryableErrors ?? [])],
  };
}

/** NaN and infinities are outside of every range. */
function checkRange(
  checks: Checks,
  field: string,
  value: number | undefined,
  least: number,
  most: number,
): void {
  if (value !== undefined && !(value >= least && value <= most))
    checks.fail(field, `is ${value}; ${least} to ${most} is allowed`);
}

function checkErrorNames(checks: Checks, names: readonly string[]): void {
  const { nonRetryableErrorsMax, errorNameMaxBytes } = retryLimits;
  if (names.length > nonRetryableErrorsMax)
    checks.fail(
      'non_retryable_errors',
      `has ${names.length} names; at most ${nonRetryableErrorsMax} are allowed`,
    );
  for (const [index, name] of names.slice(0, nonRetryableErrorsMax).entries())
    checkText(checks, `non_retryable_errors[${index}]`, name, errorNameMaxBytes);
}
