// What a scenario is: one measurement with a name, run on a database server that it is given.

import type { DatabaseServer } from './database/server.ts';
import type { Result } from './result.ts';

/** How much is measured; each has an option of the command. */
export interface Extent {
  readonly tasks: number;
  /** Length of what is measured by time. */
  readonly seconds: number;
  /** Agents that are connected, where that is what is measured. */
  readonly agents: number;
  /** Tasks that wait behind the measured ones. */
  readonly behind: number;
  /** Schedules that are stored, where that is what is measured. */
  readonly schedules: number;
}

/** What a scenario is given. */
export interface ScenarioContext extends Extent {
  readonly server: DatabaseServer;
  /** `host:port` of a NATS that coordinators use for wakeups; empty: none. */
  readonly nats: string;
  readonly inputBytes: number;
  /** Only measurements whose variant contains this; empty: all. */
  readonly variant: string;
}

/** One measurement. */
export interface Scenario {
  readonly name: string;
  /** One line for the table. */
  readonly about: string;
  /** What is measured unless the command says otherwise; what does not apply is left out. */
  readonly extent: Partial<Extent>;
  /** Where it can run; the first is where it runs by default. */
  readonly engines: readonly ('postgres' | 'pglite')[];
  /**
   * What is measured beside it: floors and peers that are given jobs while they work (`rates`), that work off a line of
   * jobs (`line`), the latency of peers, what they do `eachMinute`, or nothing.
   */
  readonly beside: 'rates' | 'line' | 'latency' | 'eachMinute' | 'nothing';
  run(context: ScenarioContext): Promise<Result[]>;
}

/** Measures the variants that are wanted, one after the other. */
export async function eachVariant<Variant extends { readonly variant: string }>(
  { variant }: ScenarioContext,
  variants: readonly Variant[],
  measure: (variant: Variant) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const each of variants)
    if (each.variant.includes(variant)) results.push(...(await measure(each)));
  return results;
}
