// What runs a handler: in this process, or in a child that can be killed.

import type { LogLevel } from '@muster/proto';
import type { HandlerFailure, Soon } from '@muster/sdk/internal';
import type { Assigned, PayloadBytes } from '../attempt/lease.ts';
import type { StopCause } from '../attempt/stop.ts';

/** Where an attempt's words go while it runs. */
export interface AttemptSink {
  /** Units done, units in all (0: unknown), and a word for people. */
  progress(completed: number, total: number, message: string): void;
  /** What the next attempt should receive; no codec has touched it. */
  checkpoint(payload: PayloadBytes): void;
  /** One line; `at` is calendar time in milliseconds. */
  log(level: LogLevel, message: string, at: number): void;
  /** So many more lines were logged, over the limit, that need not be told one by one. */
  linesDropped(count: number): void;
}

/** One attempt to execute. Payloads are as the sender's codec was given them. */
export interface Execution {
  readonly assigned: Assigned;
  /** Undefined: no value. */
  readonly input: PayloadBytes | undefined;
  /** Undefined: nothing was saved. */
  readonly checkpoint: PayloadBytes | undefined;
  /** When this attempt will be stopped, on the calendar; for handlers to show. */
  readonly deadline: Date | undefined;
  /** Bytes of one payload, as the coordinator asked. */
  readonly payloadBytesMax: number;
  /** Log lines of one attempt, as the coordinator asked. */
  readonly logLinesMax: number;
  /** Aborted when the attempt is to stop. */
  signal(): AbortSignal;
  readonly sink: AttemptSink;
}

/** How a handler ended. */
export type Settled =
  | { readonly output: PayloadBytes | undefined }
  /** Its details have not been through a codec. */
  | { readonly failure: HandlerFailure };

/** A handler that runs. */
export interface Running {
  /** Never rejects. Without a promise: it has ended already. */
  readonly ended: Soon<Settled>;
  /** The attempt is to stop; the signal of the execution is aborted already. */
  stop(cause: StopCause): void;
  /** Its grace is over: ends it by force where that is possible. */
  kill(): void;
}

/** Nothing can stop it but itself. */
export function runningUntil(ended: Soon<Settled>): Running {
  return { ended, stop: nothing, kill: nothing };
}

function nothing(): void {}

/** Runs attempts of one handler. */
export interface Executor {
  execute(execution: Execution): Running;
  /** Ends what it keeps between attempts. */
  close(): Promise<void>;
}
