// What the bench says to the processes that it started and hears from them: one JSON object a line.

import type { HandlerLimits } from '@muster/sdk';
import type { Percentiles } from './result.ts';

/** Submits tasks as fast as they are taken, or at a rate. */
export interface SubmitOrder {
  readonly order: 'submit';
  readonly handler: string;
  readonly tasks: number;
  /** Tasks of one call; 1: single submits, which the SDK gathers. */
  readonly callTasks: number;
  /** Calls under way at a time; not a limit if there is a rate. */
  readonly inFlight: number;
  readonly inputBytes: number;
  /** Keys of the tasks: one of its own for each, or these in turn. Default: none. */
  readonly keys?: 'each' | readonly string[];
  /** Stop after so long, however many tasks are left. */
  readonly forMs?: number;
  /** Tasks per second, whether earlier calls were answered or not. Default: as fast as calls return. */
  readonly perSecond?: number;
}

/** Submits tasks and waits for their results. */
export interface LatencyOrder {
  readonly order: 'latency';
  readonly tasks: number;
  /** Submits per second, at random moments; 0: one after the other. */
  readonly perSecond: number;
  readonly inputBytes: number;
  /** Keys of the tasks in turn. Default: none. */
  readonly keys?: readonly string[];
  /** Stop after so long, however many tasks are left. */
  readonly forMs: number;
}

/** Waits until every task has ended, and counts them all. */
export interface SettleOrder {
  readonly order: 'settle';
}

/** When schedules ask for tasks; moments are calendar time in milliseconds. */
export interface OrderedTimes {
  readonly cron?: string;
  /** A time each second from `from` until before `until`. */
  readonly eachSecond?: { readonly from: number; readonly until: number };
  readonly at?: number;
}

/** Applies schedules of `bench.timed`, named by a prefix and a number. */
export interface ApplyOrder {
  readonly order: 'apply';
  readonly prefix: string;
  readonly schedules: number;
  readonly times: OrderedTimes;
}

/** Submits tasks of `bench.timed` at random moments. */
export interface DelayOrder {
  readonly order: 'delay';
  readonly tasks: number;
  readonly perSecond: number;
  readonly forMs: number;
  /** Each is delayed by chance, evenly between the two; both 0: not at all. */
  readonly delayMs: { readonly least: number; readonly most: number };
  /** So many attempts of each fail. */
  readonly failures: number;
}

/** Sets the limits of a handler. */
export interface LimitOrder {
  readonly order: 'limit';
  readonly handler: string;
  readonly limits: HandlerLimits;
}

/** What the client is told. */
export type Order = SubmitOrder | LatencyOrder | SettleOrder | ApplyOrder | DelayOrder | LimitOrder;

/** What became of a `SubmitOrder`. Times are calendar time in milliseconds. */
export interface Submitted {
  /** Tasks that were acknowledged. */
  readonly submitted: number;
  /** Tasks of calls that were refused for good, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Tasks of calls that were refused with RESOURCE_EXHAUSTED: none of them is stored. */
  readonly exhausted: number;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** What became of a `LatencyOrder`. */
export interface Latencies {
  readonly tasks: number;
  readonly toStart: Percentiles;
  readonly toResult: Percentiles;
  /** Tasks that were submitted more than 10 ms after their moment: the client itself was late. */
  readonly late: number;
}

/** What became of a `SettleOrder`. */
export interface Settled {
  /** When the last task ended: calendar time in milliseconds, by the coordinator's database. */
  readonly endedAt: number;
  /** Tasks by the name of their state. */
  readonly states: Readonly<Record<string, number>>;
}

/** What became of an `ApplyOrder`. */
export interface Applied {
  readonly created: number;
  /** All calls together, one after the other. */
  readonly tookMs: number;
}

/** What became of a `DelayOrder`. */
export interface Delayed {
  readonly submitted: number;
}

/** What a coordinator process can be asked, one word a line; it answers with an `InsideView`. */
export type CoordinatorQuestion =
  /** How it is. */
  | 'look'
  /** The same after a garbage collection. */
  | 'collect'
  /** The same, and its event loop is watched anew from now on. */
  | 'reset';

/** A coordinator's view of itself. */
export interface InsideView {
  readonly residentBytes: number;
  /** Used heap, and what buffers hold outside it. */
  readonly heapBytes: number;
  readonly externalBytes: number;
  /** How much later than asked for its event loop came round, in milliseconds. */
  readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/**
 * What a process of agents is told, one word a line. It answers `agents ready`, `agents gone`, `timers set` and, to `take`,
 * with the `Noted` since the last one. `timers FROM MOMENTS EACH` sets so many timers to each of so many whole seconds.
 */
export type AgentsWord = 'join' | 'leave' | 'take' | `timers ${number} ${number} ${number}`;

/**
 * A start of `bench.timed`: the idempotency key of the task or else its id, the number of the attempt, the nominal time (0:
 * none) and the moment of the start, both calendar time in milliseconds.
 */
export type TimedStart = readonly [
  key: string,
  attempt: number,
  nominalAt: number,
  startedAt: number,
];

/** What a process of agents has noted. */
export interface Noted {
  readonly starts: readonly TimedStart[];
  /** How late each timer was, in milliseconds. */
  readonly timers: readonly number[];
}

/** Milliseconds of the machine's monotonic clock, which all its processes share. */
export function preciseNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
