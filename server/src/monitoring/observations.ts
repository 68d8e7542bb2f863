/**
 * For how long a value has been seen unchanged, on the watcher's own clock.
 */

/** Values that are watched. */
export type Observations<Key, Value> = {
  /** Notes the value and answers for how many milliseconds it has been the same; 0 when it is new. */
  unchangedFor(key: Key, value: Value, now: number): number;
  keepOnly(keys: ReadonlySet<Key>): void;
  /** All observations begin anew. */
  clear(): void;
};

/** Nothing was seen yet. */
export function createObservations<Key, Value>(): Observations<Key, Value> {
  const seen = new Map<Key, { readonly value: Value; readonly since: number }>();
  return {
    unchangedFor(key, value, now) {
      const before = seen.get(key);
      if (before !== undefined && before.value === value) return now - before.since;
      seen.set(key, { value, since: now });
      return 0;
    },
    keepOnly(keys) {
      for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
    },
    clear: () => seen.clear(),
  };
}
