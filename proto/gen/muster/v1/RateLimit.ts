// Original file: muster/v1/limit.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * A rate of hand-overs, as a bucket of tokens: it holds at most `burst`, gains `count` in each window, evenly, and each hand-over of an
 * attempt takes one. What waits for a token holds no slot. An idle bucket fills up to `burst` and no further, so a quiet time is not
 * followed by more than that.
 */
export interface RateLimit {
  /**
   * Tokens of one window: 1 to 1,000,000.
   */
  'count'?: (number);
  /**
   * 1 s to 1 day. Default 1 s.
   */
  'window'?: (_google_protobuf_Duration | null);
  /**
   * Tokens that the bucket holds at most: 1 to 1,000,000. Default: `count`.
   */
  'burst'?: (number);
}

/**
 * A rate of hand-overs, as a bucket of tokens: it holds at most `burst`, gains `count` in each window, evenly, and each hand-over of an
 * attempt takes one. What waits for a token holds no slot. An idle bucket fills up to `burst` and no further, so a quiet time is not
 * followed by more than that.
 */
export interface RateLimit__Output {
  /**
   * Tokens of one window: 1 to 1,000,000.
   */
  'count': (number);
  /**
   * 1 s to 1 day. Default 1 s.
   */
  'window': (_google_protobuf_Duration__Output | null);
  /**
   * Tokens that the bucket holds at most: 1 to 1,000,000. Default: `count`.
   */
  'burst': (number);
}
