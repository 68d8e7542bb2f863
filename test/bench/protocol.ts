// What the bench says to its client process and hears from it: one JSON object a line.

import type { Percentiles } from './result.ts';

/** Submits no-op tasks as fast as they are taken. */
export interface SubmitOrder {
  readonly order: 'submit';
  readonly handler: string;
  readonly tasks: number;
  /** Tasks of one call; 1: single submits, which the SDK gathers. */
  readonly callTasks: number;
  /** Calls under way at a time. */
  readonly inFlight: number;
  readonly inputBytes: number;
  /** Stop after so long, however many tasks are left. */
  readonly forMs?: number;
}

/** Submits tasks and waits for their results. */
export interface LatencyOrder {
  readonly order: 'latency';
  readonly tasks: number;
  /** Submits per second, at random moments; 0: one after the other. */
  readonly perSecond: number;
  readonly inputBytes: number;
}

/** What the client is told. */
export type Order = SubmitOrder | LatencyOrder;

/** What became of a `SubmitOrder`. */
export interface Submitted {
  readonly submitted: number;
  /** Calls that were refused for good, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Calendar time in milliseconds. */
  readonly beganAt: number;
  readonly endedAt: number;
}

/** What became of a `LatencyOrder`. */
export interface Latencies {
  readonly toStart: Percentiles;
  readonly toResult: Percentiles;
  /** Tasks that were submitted more than 10 ms after their moment: the client itself was late. */
  readonly late: number;
}

/** Calendar time in milliseconds with fractions, comparable between processes of one machine. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
