/**
 * What agents got wrong, and what came too late, counted by kind. No SDK configured: counting costs nothing.
 */
import { metrics } from '@opentelemetry/api';

/** Kinds of things that should be rare. */
export type CountedKind =
  | 'outcome_stale'
  | 'outcome_refused'
  | 'outcome_not_held'
  | 'lease_not_held'
  | 'malformed'
  | 'violation'
  | 'declined'
  | 'revoked'
  | 'overdue'
  | 'silent'
  | 'slow_reader'
  | 'log_lines_dropped';

/** Counts. */
export type Counters = {
  count(kind: CountedKind, by?: number): void;
  /** So many so far. */
  total(kind: CountedKind): number;
};

/** Counters of one dispatch role; also a metric, `muster.dispatch.incidents` by `kind`. */
export function createCounters(): Counters {
  const counter = metrics.getMeter('muster').createCounter('muster.dispatch.incidents', {
    description: 'Things that agents got wrong or that came too late, by kind',
  });
  const totals = new Map<CountedKind, number>();
  return {
    count(kind, by = 1) {
      totals.set(kind, (totals.get(kind) ?? 0) + by);
      counter.add(by, { kind });
    },
    total: (kind) => totals.get(kind) ?? 0,
  };
}
