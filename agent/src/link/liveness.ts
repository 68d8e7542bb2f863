// Signs of life on one stream, both ways. Two questions, two answers:
//
//   Is the stream alive?    Something was *received* within the silence limit, else it is dropped.
//   May an attempt begin?   A heartbeat that was *sent* within the silence limit has been
//                           acknowledged: then the coordinator knows us to be alive since. What
//                           waited in a buffer while we stood still (a blocked event loop, SIGSTOP)
//                           proves nothing about now, so receiving it is not enough.

import type { Clock, Timer } from './clock.ts';

/** What a Welcome asks for, and what to do. */
export interface LivenessOptions {
  readonly heartbeatIntervalMs: number;
  readonly silenceTimeoutMs: number;
  /** When the Hello was sent that this Welcome answers. */
  readonly helloSentAt: number;
  /** Sends a heartbeat. */
  beat(sequence: number): void;
  /** The stream counts as broken. */
  silent(): void;
}

/** Watches one stream; `stop` ends it. */
export class Liveness {
  readonly #clock: Clock;
  readonly #options: LivenessOptions;
  readonly #sentAt = new Map<number, number>();
  #timer: Timer | undefined;
  #sequence = 0;
  #heardAt: number;
  #knownAliveAt: number;
  #stopped = false;

  constructor(clock: Clock, options: LivenessOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#heardAt = clock.now();
    this.#knownAliveAt = options.helloSentAt;
    this.#next();
  }

  /** Something arrived. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** The coordinator has heard the heartbeat of this number. */
  acknowledged(sequence: number): void {
    const sentAt = this.#sentAt.get(sequence);
    if (sentAt === undefined) return;
    for (const earlier of this.#sentAt.keys()) {
      if (earlier <= sequence) this.#sentAt.delete(earlier);
    }
    this.#knownAliveAt = Math.max(this.#knownAliveAt, sentAt);
  }

  /** Whether the coordinator is known to count on us: an attempt may begin. */
  get fresh(): boolean {
    const age = this.#clock.now() - this.#knownAliveAt;
    return !this.#stopped && age <= this.#options.silenceTimeoutMs;
  }

  /** Nothing more is sent or noticed. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #next(): void {
    this.#timer = this.#clock.after(this.#options.heartbeatIntervalMs, () => this.#tick());
  }

  #tick(): void {
    if (this.#isSilent()) {
      // After a stall, what arrived meanwhile is read before anything is concluded.
      this.#clock.soon(() => this.#afterReading());
      return;
    }
    this.#beat();
  }

  #afterReading(): void {
    if (this.#stopped) return;
    if (this.#isSilent()) this.#options.silent();
    else this.#beat();
  }

  #beat(): void {
    this.#sequence += 1;
    this.#sentAt.set(this.#sequence, this.#clock.now());
    this.#options.beat(this.#sequence);
    if (!this.#stopped) this.#next();
  }

  #isSilent(): boolean {
    return this.#clock.now() - this.#heardAt >= this.#options.silenceTimeoutMs;
  }
}
