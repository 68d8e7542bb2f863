/**
 * Limits: how many tasks may run at once, and how many may be handed over in a time.
 *
 * A rate is a token bucket: it holds `burst` tokens at most, gains `count` in each window, evenly, and a hand-over takes one. So
 * in any span of time no more are handed over than the bucket holds and the span brings.
 */

/** A rate of hand-overs. */
export type RateLimit = {
  /** Tokens of one window: 1 to 1,000,000. */
  readonly count: number;
  /** 1 s to 1 day. */
  readonly windowMs: number;
  /** Tokens that an idle bucket holds at most: 1 to 1,000,000. */
  readonly burst: number;
};

/** What a handler's tasks are under. */
export type HandlerLimits = {
  /** Running at once, all in all; null: no limit. */
  readonly concurrency: number | null;
  readonly rate: RateLimit | null;
  /** The same of each key. */
  readonly keyConcurrency: number | null;
  readonly keyRate: RateLimit | null;
  /** Keys take turns, even if nothing else is limited. */
  readonly fair: boolean;
  /** A task counts as one priority higher for each such time since it was due; null: it does not. */
  readonly priorityAgeingMs: number | null;
  /** Names of shared limits. */
  readonly names: readonly string[];
};

/** A handler without limits: its tasks wait in no lane. */
export const noLimits: HandlerLimits = Object.freeze({
  concurrency: null,
  rate: null,
  keyConcurrency: null,
  keyRate: null,
  fair: false,
  priorityAgeingMs: null,
  names: [],
});

/** True if tasks of the handler wait in lanes. */
export function isLimited(limits: HandlerLimits): boolean {
  const { concurrency, rate, keyConcurrency, keyRate, priorityAgeingMs, fair, names } = limits;
  const bounds = [concurrency, rate, keyConcurrency, keyRate, priorityAgeingMs];
  return fair || names.length > 0 || bounds.some((bound) => bound !== null);
}

/** The tokens of a bucket at a time; null: a bucket that nobody has touched, which is full. */
export type Bucket = { readonly tokens: number; readonly at: number } | null;

/** Tokens at `now`, whole and broken ones. */
export function tokensAt(rate: RateLimit, bucket: Bucket, now: number): number {
  if (bucket === null) return rate.burst;
  const gained = (Math.max(0, now - bucket.at) * rate.count) / rate.windowMs;
  return Math.min(rate.burst, bucket.tokens + gained);
}

/** Hand-overs that a bucket allows at `now`. */
export function wholeTokensAt(rate: RateLimit, bucket: Bucket, now: number): number {
  // Tokens are added up in floating point: what was to be whole at a time must be whole then.
  return Math.floor(tokensAt(rate, bucket, now) + 1e-9);
}

/** The bucket after so many hand-overs at `now`. */
export function spent(rate: RateLimit, bucket: Bucket, now: number, handOvers: number): Bucket {
  // A clock that went back gives nothing a second time.
  const at = bucket === null ? now : Math.max(now, bucket.at);
  return { tokens: tokensAt(rate, bucket, now) - handOvers, at };
}

/** When a bucket holds so many tokens, if nobody takes any; at most `burst` are ever there. */
export function timeOfTokens(rate: RateLimit, bucket: Bucket, tokens: number): number {
  if (bucket === null) return Number.NEGATIVE_INFINITY;
  const missing = Math.min(tokens, rate.burst) - bucket.tokens;
  return bucket.at + Math.ceil((Math.max(0, missing) * rate.windowMs) / rate.count);
}
