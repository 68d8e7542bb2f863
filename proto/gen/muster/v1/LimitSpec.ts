// Original file: muster/v1/limit.proto

import type { RateLimit as _muster_v1_RateLimit, RateLimit__Output as _muster_v1_RateLimit__Output } from '../../muster/v1/RateLimit.ts';

/**
 * A limit that several handlers of a namespace are under, as it is written.
 */
export interface LimitSpec {
  /**
   * Dot-separated lower-case words, as names of handlers. At most 128 bytes.
   */
  'name'?: (string);
  /**
   * For people, at most 1 KiB. Empty: none.
   */
  'description'?: (string);
  /**
   * Attempts that run at once, of all handlers under it: 1 to 1,000,000. 0: no limit.
   */
  'concurrency'?: (number);
  /**
   * Hand-overs of all handlers under it. Unset: no limit. One of both must be given.
   */
  'rate'?: (_muster_v1_RateLimit | null);
}

/**
 * A limit that several handlers of a namespace are under, as it is written.
 */
export interface LimitSpec__Output {
  /**
   * Dot-separated lower-case words, as names of handlers. At most 128 bytes.
   */
  'name': (string);
  /**
   * For people, at most 1 KiB. Empty: none.
   */
  'description': (string);
  /**
   * Attempts that run at once, of all handlers under it: 1 to 1,000,000. 0: no limit.
   */
  'concurrency': (number);
  /**
   * Hand-overs of all handlers under it. Unset: no limit. One of both must be given.
   */
  'rate': (_muster_v1_RateLimit__Output | null);
}
