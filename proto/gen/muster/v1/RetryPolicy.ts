// Original file: muster/v1/task.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * When and how often a failed attempt is tried again. The wait before retry n (from 1) is
 * min(max_delay, initial_delay × multiplier^(n-1)), shortened by up to `jitter` of itself at random.
 * A lost session is no failure of the handler: see `HandlerOptions.lost_attempts_max`.
 */
export interface RetryPolicy {
  /**
   * Attempts in all, the first included: 1 to 1,000. Default 3.
   */
  'maxAttempts'?: (number);
  /**
   * Wait before the first retry: 0 s to 24 h. Default 1 s.
   */
  'initialDelay'?: (_google_protobuf_Duration | null);
  /**
   * Factor from one wait to the next: 1 to 100. Default 2.
   */
  'multiplier'?: (number | string);
  /**
   * Longest wait: 0 s to 30 days. Default 10 min.
   */
  'maxDelay'?: (_google_protobuf_Duration | null);
  /**
   * Share of each wait that chance may take away: 0 to 1. Default 0.2.
   */
  'jitter'?: (number | string);
  /**
   * Names of errors (`Failure.name`) that are final at once. At most 50, each at most 128 bytes.
   */
  'nonRetryableErrors'?: (string)[];
  '_maxAttempts'?: "maxAttempts";
  '_multiplier'?: "multiplier";
  '_jitter'?: "jitter";
}

/**
 * When and how often a failed attempt is tried again. The wait before retry n (from 1) is
 * min(max_delay, initial_delay × multiplier^(n-1)), shortened by up to `jitter` of itself at random.
 * A lost session is no failure of the handler: see `HandlerOptions.lost_attempts_max`.
 */
export interface RetryPolicy__Output {
  /**
   * Attempts in all, the first included: 1 to 1,000. Default 3.
   */
  'maxAttempts'?: (number);
  /**
   * Wait before the first retry: 0 s to 24 h. Default 1 s.
   */
  'initialDelay': (_google_protobuf_Duration__Output | null);
  /**
   * Factor from one wait to the next: 1 to 100. Default 2.
   */
  'multiplier'?: (number);
  /**
   * Longest wait: 0 s to 30 days. Default 10 min.
   */
  'maxDelay': (_google_protobuf_Duration__Output | null);
  /**
   * Share of each wait that chance may take away: 0 to 1. Default 0.2.
   */
  'jitter'?: (number);
  /**
   * Names of errors (`Failure.name`) that are final at once. At most 50, each at most 128 bytes.
   */
  'nonRetryableErrors': (string)[];
  '_maxAttempts'?: "maxAttempts";
  '_multiplier'?: "multiplier";
  '_jitter'?: "jitter";
}
