// Time and chance, passed in so that a test can own them. `now` is monotonic and belongs to
// this process alone: it is never compared with another machine's clock.

/** A timer that can be taken back; harmless once it has fired. */
export interface Timer {
  cancel(): void;
}

/** Everything the agent knows about time. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Runs `action` once, `ms` from now. Any length is allowed. */
  after(ms: number, action: () => void): Timer;
  /** Runs `action` once, after what has already arrived was read. */
  soon(action: () => void): void;
  /** The calendar's time in milliseconds; shown to people, never reckoned with. */
  calendar(): number;
}

/** Chance: a number from 0 up to, not including, 1. */
export type Random = () => number;

/** Node fires a timer at once whose delay does not fit in 31 bits. */
const timerMsMax = 2 ** 31 - 1;

/** The time of this process. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    let handle: NodeJS.Timeout;
    const wait = (left: number) => {
      const step = Math.min(left, timerMsMax);
      handle = setTimeout(() => (left > step ? wait(left - step) : action()), step);
    };
    wait(Math.max(0, ms));
    return { cancel: () => clearTimeout(handle) };
  },
  soon: (action) => void setImmediate(action),
  calendar: () => Date.now(),
};
