/**
 * Columns of limits and their buckets, and the nouns that they become.
 */
import type { Bucket, RateLimit } from '../../rules/lanes/limits.ts';

/** The columns of a rate; all null: none. */
export type RateColumns = {
  readonly rate_count: number | null;
  readonly rate_window_ms: number;
  readonly rate_burst: number;
};

/** The columns of a bucket; null: full. */
export type BucketColumns = { readonly tokens: number | null; readonly tokens_at: number };

/** The rate of a row. */
export function rateOf(row: RateColumns): RateLimit | null {
  if (row.rate_count === null) return null;
  return { count: row.rate_count, windowMs: row.rate_window_ms, burst: row.rate_burst };
}

/** The bucket of a row. */
export function bucketOf({ tokens, tokens_at }: BucketColumns): Bucket {
  return tokens === null ? null : { tokens, at: tokens_at };
}
