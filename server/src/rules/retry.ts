/**
 * When a failed attempt is tried again.
 *
 * A policy is resolved when it is needed, field by field: what the task says, else what its handler says, else the
 * default. Only failures count against it; lost and interrupted attempts have rules of their own.
 */
import type { Failure, HandlerOptions, RetryPolicy, TaskOptions } from './task.ts';

/** The policy where neither task nor handler says otherwise. */
export const defaultRetryPolicy: RetryPolicy = Object.freeze({
  maxAttempts: 3,
  initialDelayMs: 1_000,
  multiplier: 2,
  maxDelayMs: 10 * 60_000,
  jitter: 0.2,
  nonRetryableErrors: Object.freeze([]),
});

/** The policy of a task: its own wishes, then its handler's, then the defaults. */
export function resolveRetryPolicy(
  task: Partial<RetryPolicy> | null | undefined,
  handler: Partial<RetryPolicy> | null | undefined,
): RetryPolicy {
  const pick = <Key extends keyof RetryPolicy>(key: Key): RetryPolicy[Key] =>
    task?.[key] ?? handler?.[key] ?? defaultRetryPolicy[key];
  return {
    maxAttempts: pick('maxAttempts'),
    initialDelayMs: pick('initialDelayMs'),
    multiplier: pick('multiplier'),
    maxDelayMs: pick('maxDelayMs'),
    jitter: pick('jitter'),
    nonRetryableErrors: pick('nonRetryableErrors'),
  };
}

/** Whether a task may run more than once: its own word, else its handler's. */
export function resolveAtMostOnce(
  task: Pick<TaskOptions, 'atMostOnce'> | null,
  handler: Pick<HandlerOptions, 'atMostOnce'>,
): boolean {
  return task?.atMostOnce ?? handler.atMostOnce;
}

/** Longest run of one attempt in milliseconds: the task's own, else its handler's; null: none. */
export function resolveAttemptTimeoutMs(
  task: Pick<TaskOptions, 'attemptTimeoutMs'> | null,
  handler: Pick<HandlerOptions, 'attemptTimeoutMs'>,
): number | null {
  return task?.attemptTimeoutMs ?? handler.attemptTimeoutMs;
}

/**
 * The wait before retry `n` (from 1): min(maxDelay, initialDelay × multiplier^(n-1)), shortened by up to `jitter` of
 * itself. `random` lies in [0, 1). Whole milliseconds.
 */
export function retryDelayMs(policy: RetryPolicy, n: number, random: number): number {
  // The power of a large policy is Infinity, and nothing times Infinity is no number.
  const grown =
    policy.initialDelayMs === 0 ? 0 : policy.initialDelayMs * policy.multiplier ** (n - 1);
  const capped = Math.min(policy.maxDelayMs, grown);
  return Math.max(0, Math.round(capped * (1 - policy.jitter * random)));
}

/**
 * The wait before the next attempt of a task that has just failed, or null if this failure is final.
 * `failures` counts the failures before this one.
 */
export function judgeRetry(
  policy: RetryPolicy,
  atMostOnce: boolean,
  failures: number,
  failure: Pick<Failure, 'name' | 'nonRetryable'>,
  random: number,
): number | null {
  if (atMostOnce || failure.nonRetryable) return null;
  if (policy.nonRetryableErrors.includes(failure.name)) return null;
  const failed = failures + 1;
  if (failed >= policy.maxAttempts) return null;
  return retryDelayMs(policy, failed, random);
}
