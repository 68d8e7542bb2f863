// What a scenario answers: the figures of one measurement, with what they are measured against.

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Tasks per second that Postgres alone allows with the product's tables, in the same run. */
export interface Floors {
  /** Insert RUNNING, record the outcome. */
  readonly twoWrites: number;
  /** Insert READY, claim, record the outcome. */
  readonly threeWrites: number;
}

/** Tasks per second of other systems in the same run, or why there is no figure. */
export interface Peers {
  readonly graphileWorker?: number | string;
  readonly pgBoss?: number | string;
  readonly bullmq?: number | string;
}

/** Where the figures come from. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly database: string;
}

/** Transactions of the measured part, by what they are for. */
export interface Transactions {
  /** Inserts, claims, outcomes and hand-backs of tasks. */
  readonly hotPath: number;
  /** Signs of life, timers, looks for what was missed. */
  readonly maintenance: number;
  /** The bench's own. */
  readonly bench: number;
  readonly hotPathPer100Tasks: number;
}

/** One measurement; the keys of the JSON. */
export interface Result {
  readonly scenario: string;
  /** Which measurement of the scenario. */
  readonly variant: string;
  readonly database: 'postgres' | 'pglite';
  readonly tasks: number;
  readonly tasksPerSecond?: number;
  readonly latencyMs?: Percentiles;
  readonly floors?: Floors;
  readonly peers?: Peers;
  /** This system divided by floors and peers; for latencies too, so that below 1 is faster. */
  readonly ratios?: Readonly<Record<string, number>>;
  /** Statements of the coordinator, all kinds together. */
  readonly statements?: number;
  readonly transactions?: Transactions;
  /** Rows of tasks inserted, updated and deleted, by Postgres' own count, per task. */
  readonly rowWritesPerTask?: number;
  /** Largest resident memory of the coordinator. */
  readonly memoryMb?: number;
  /** What else the scenario measures, by name with unit. */
  readonly facts?: Readonly<Record<string, number | string>>;
}

/** A measurement with where it was made. */
export type MeasuredResult = Result & { readonly machine: Machine; readonly commit: string };

/** Keys of the JSON that are there even where they do not apply: then they are null. */
const keys = [
  ...['scenario', 'variant', 'database', 'tasks', 'tasksPerSecond', 'latencyMs', 'floors', 'peers'],
  ...['ratios', 'statements', 'transactions', 'rowWritesPerTask', 'memoryMb', 'facts'],
] as const;

/** The same with every key, for JSON. */
export function withEveryKey(result: MeasuredResult): Record<string, unknown> {
  return { ...Object.fromEntries(keys.map((key) => [key, null])), ...result };
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** The percentiles of some milliseconds. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
    return round(sorted[Math.max(0, index)] ?? Number.NaN, 2);
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** Rounds for people. */
export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}
