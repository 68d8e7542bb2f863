// One attempt as its executor sees it. Most handlers neither report nor look at their signal:
// what serves them for that is made when first asked for.

import type { AttemptSink, Execution } from '../executors/executor.ts';
import type { Limits } from '../link/wire.ts';
import type { Assigned, PayloadBytes } from './lease.ts';
import { ReportSink, type SinkEnvironment } from './sink.ts';
import type { Stop } from './stop.ts';

/** What executions of an agent share. */
export interface ExecutionEnvironment extends SinkEnvironment {
  /** What the coordinator asks for at this moment. */
  limits(): Limits;
}

/** An attempt that has begun. */
export class AttemptExecution implements Execution {
  readonly assigned: Assigned;
  /** The agent's clock when it began. */
  readonly beganAt: number;
  /** As the sender's codec was given it, once it has been opened. */
  input: PayloadBytes | undefined;
  /** As the codec was given it, once it has been opened. */
  checkpoint: PayloadBytes | undefined;
  readonly #stop: Stop;
  readonly #environment: ExecutionEnvironment;
  readonly #limits: Limits;
  #sink: ReportSink | undefined;

  constructor(assigned: Assigned, stop: Stop, environment: ExecutionEnvironment) {
    this.assigned = assigned;
    this.beganAt = environment.clock.now();
    this.#stop = stop;
    this.#environment = environment;
    this.#limits = environment.limits();
  }

  get deadline(): Date | undefined {
    const { attemptTimeoutMs, deadlineAt = Number.POSITIVE_INFINITY } = this.assigned;
    if (attemptTimeoutMs === undefined && deadlineAt === Number.POSITIVE_INFINITY) return undefined;
    const { clock } = this.#environment;
    const byTimeout = this.beganAt + (attemptTimeoutMs ?? Number.POSITIVE_INFINITY);
    return new Date(clock.calendar() + Math.min(byTimeout, deadlineAt) - clock.now());
  }

  get payloadBytesMax(): number {
    return this.#limits.payloadBytesMax;
  }

  get logLinesMax(): number {
    return this.#limits.logLinesMax;
  }

  get sink(): AttemptSink {
    this.#sink ??= new ReportSink(this.assigned.ref, this.#stop, this.#environment);
    return this.#sink;
  }

  /** Settles when every checkpoint that was given so far has passed the codec. Undefined: none was given. */
  get sealing(): Promise<void> | undefined {
    return this.#sink?.sealing;
  }

  signal(): AbortSignal {
    return this.#stop.signal;
  }
}
