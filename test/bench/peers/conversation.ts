// What the bench and the processes of a peer say to each other. Questions are asked one at a time and
// answered in order; progress is told in between.

import type { PeerName, Purpose } from './peer.ts';

/** How a process is told what it is; its first argument, as JSON. */
export interface PeerProcessTask {
  readonly name: PeerName;
  readonly url: string;
  readonly purpose: Purpose;
  readonly inputBytes: number;
  /** Jobs of one call at most; the peer's own `batchMax` may be less. */
  readonly callJobsMax: number;
}

/** What a process can be asked. */
export type Request =
  | { readonly do: 'prepare' | 'openProducer' | 'openWorker' | 'closeWorker' | 'drain' }
  /** Stores jobs with these numbers, in batches or (`one`) one by itself. */
  | { readonly do: 'insert'; readonly from: number; readonly count: number; readonly one: boolean };

/** When something began and ended, in nanoseconds of the machine's monotonic clock. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** What a process that runs jobs has done since its worker was opened. */
export interface Progress {
  /** Jobs started. */
  readonly handled: number;
  /** Sum of their numbers: shows that it was each job once. */
  readonly sum: number;
  /** Start of the first, and of the last. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What a process says. */
export type Answer =
  | ({ readonly kind: 'done' } & Span)
  | ({ readonly kind: 'progress' } & Progress);

/** The clock of all processes: one per machine, so that what two of them read can be compared. */
export function nanoseconds(): number {
  return Number(process.hrtime.bigint());
}
