// Where the words of one attempt go while it runs: into the reports of the agent, until its
// outcome is known. Nothing of an attempt may follow that.

import type { LogLevel } from '@muster/proto';
import { failureOf, type PayloadCoder } from '@muster/sdk/internal';
import type { AttemptSink } from '../executors/executor.ts';
import type { Clock } from '../link/clock.ts';
import type { LeaseRef, PayloadBytes } from './lease.ts';
import type { Reports } from './reports.ts';
import type { Stop } from './stop.ts';

/** What the sinks of an agent share. */
export interface SinkEnvironment {
  readonly clock: Clock;
  readonly coder: PayloadCoder;
  readonly reports: Reports;
  /** Something was reported: it should be sent. */
  reported(): void;
}

/** The sink of one attempt. */
export class ReportSink implements AttemptSink {
  readonly #ref: LeaseRef;
  readonly #stop: Stop;
  readonly #environment: SinkEnvironment;
  #sealing: Promise<void> | undefined;

  constructor(ref: LeaseRef, stop: Stop, environment: SinkEnvironment) {
    this.#ref = ref;
    this.#stop = stop;
    this.#environment = environment;
  }

  /** Settles when every checkpoint that was given so far has passed the codec. Undefined: none was given. */
  get sealing(): Promise<void> | undefined {
    return this.#sealing;
  }

  progress(completed: number, total: number, message: string): void {
    if (!this.#isOpen) return;
    this.#environment.reports.progress(this.#ref, { completed, total, message });
    this.#environment.reported();
  }

  log(level: LogLevel, message: string, at: number): void {
    if (!this.#isOpen) return;
    this.#environment.reports.log(this.#ref, { at, level, message });
    this.#environment.reported();
  }

  linesDropped(count: number): void {
    if (this.#isOpen) this.#environment.reports.linesDropped(this.#ref, count);
  }

  checkpoint(payload: PayloadBytes): void {
    if (!this.#isOpen) return;
    this.#sealing = this.#seal(this.#sealing, payload);
  }

  get #isOpen(): boolean {
    return !this.#stop.settled && this.#stop.cause !== 'lapsed';
  }

  /** After the checkpoint before it: a codec may take long over one and not over the next. */
  async #seal(before: Promise<void> | undefined, payload: PayloadBytes): Promise<void> {
    const { reports, coder, clock } = this.#environment;
    await before;
    try {
      reports.checkpoint(this.#ref, await coder.seal(payload, 'Checkpoint'));
    } catch (thrown) {
      const { message } = failureOf(thrown);
      reports.log(this.#ref, { at: clock.calendar(), level: 'LOG_LEVEL_ERROR', message });
    }
    this.#environment.reported();
  }
}
