// Why and when an attempt is stopped before its handler ends by itself.
//
//   runs ──ask(cause)──▶ asked (signal aborted) ──its grace──▶ outlived
//     └───────────────────────┴──── settle (the handler has ended) ────▶ settled
//
// The first cause stands, except that a lapsed lease overrides every other: it has no outcome.

import { MusterError, type MusterReason } from '@muster/sdk';
import type { Clock, Timer } from '../link/clock.ts';

/** Why an attempt is stopped. */
export type StopCause = 'cancelled' | 'timeout' | 'deadline' | 'draining' | 'lapsed';

/** What bounds one attempt. */
export interface StopTimes {
  /** Longest run from now. Undefined: none. */
  readonly attemptTimeoutMs: number | undefined;
  /** Moment of our clock at which the task must have ended. Undefined: none. */
  readonly deadlineAt: number | undefined;
  /** How long the handler may take to end once asked. */
  readonly cancelGraceMs: number;
}

/** Who hears of a stop. */
export interface StopHooks {
  /** The handler is to stop. */
  asked(cause: StopCause): void;
  /** Its grace is over and it has not. */
  outlived(): void;
}

const signalReasons: Record<StopCause, readonly [MusterReason, string]> = {
  cancelled: ['TASK_CANCELLED', 'The task is asked to stop.'],
  timeout: ['ATTEMPT_TIMEOUT', 'The attempt has run for its whole timeout.'],
  deadline: ['DEADLINE_PASSED', 'The deadline of the task has passed.'],
  draining: ['AGENT_DRAINING', 'The agent leaves; the attempt is handed back.'],
  lapsed: ['LEASE_LAPSED', 'The lease is void: nothing that this attempt writes will be kept.'],
};

/** What a handler's signal is aborted with. */
export function signalReason(cause: StopCause, said = ''): MusterError {
  const [reason, message] = signalReasons[cause];
  return new MusterError(reason, said === '' ? message : `${message} (${said})`);
}

/** Stops one attempt. */
export class Stop {
  readonly #clock: Clock;
  readonly #times: StopTimes;
  #timeoutTimer: Timer | undefined;
  #deadlineTimer: Timer | undefined;
  #graceTimer: Timer | undefined;
  #controller: AbortController | undefined;
  #abortReason: MusterError | undefined;
  #settled = false;
  #cause: StopCause | undefined;
  #hooks: StopHooks | undefined;

  constructor(clock: Clock, times: StopTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  /** Why; undefined while nobody asked. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  /** Whether the attempt is over: nothing of it may be told any more. */
  get settled(): boolean {
    return this.#settled;
  }

  /** For the handler. Made when first asked for: most handlers never look. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#abortReason && !this.#controller.signal.aborted) {
      this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** The handler goes on: its timeout, which began at `beganAt`, and its deadline are watched from now on. */
  watch(beganAt: number, hooks: StopHooks): void {
    this.#hooks = hooks;
    const { attemptTimeoutMs, deadlineAt } = this.#times;
    if (attemptTimeoutMs !== undefined)
      this.#timeoutTimer = this.#askAt(beganAt + attemptTimeoutMs, 'timeout');
    if (deadlineAt !== undefined) this.#deadlineTimer = this.#askAt(deadlineAt, 'deadline');
    if (this.#cause) hooks.asked(this.#cause);
  }

  /** Asks the handler to stop. `graceMs` may shorten its grace; `said` is for people. */
  ask(cause: StopCause, said = '', graceMs = Number.POSITIVE_INFINITY): void {
    if (cause === 'lapsed') this.#cause = cause;
    if (this.#settled) return;
    if (this.#abortReason) return;
    this.#cause = cause;
    this.#abortReason = signalReason(cause, said);
    this.#graceTimer = this.#clock.after(Math.min(graceMs, this.#times.cancelGraceMs), () => {
      this.settle();
      this.#hooks?.outlived();
    });
    if (this.#controller) this.#controller.abort(this.#abortReason);
    this.#hooks?.asked(cause);
  }

  /** The handler has ended, or its grace: nothing more happens. */
  settle(): void {
    this.#settled = true;
    this.#timeoutTimer?.cancel();
    this.#deadlineTimer?.cancel();
    this.#graceTimer?.cancel();
  }

  #askAt(moment: number, cause: StopCause): Timer {
    return this.#clock.after(moment - this.#clock.now(), () => this.ask(cause));
  }
}
