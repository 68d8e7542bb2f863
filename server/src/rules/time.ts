/**
 * Time and chance, as everything in the coordinator is given them, so that a simulation can own both and a seed replays.
 *
 * `now` is monotonic and belongs to this process alone: it is never compared with another machine's clock.
 */

/** A timer that can be taken back; harmless once it has fired. */
export type Timer = { cancel(): void };

/** All that a coordinator knows of time and chance. */
export type Time = {
  /** Milliseconds since some moment; never goes back. */
  readonly now: () => number;
  /** The calendar's time in milliseconds since 1970: for ids and for people. */
  readonly calendar: () => number;
  /** Runs `action` once, `ms` from now. `background`: it holds up no process that has nothing else to do. */
  readonly after: (ms: number, action: () => void, background?: 'background') => Timer;
  /** Runs `action` once, at the end of this turn of the event loop. */
  readonly soon: (action: () => void) => void;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** So many random bytes, as good as keys need them. */
  readonly bytes: (count: number) => Buffer;
};

/** Settles after so many milliseconds. */
export function sleep(
  time: Pick<Time, 'after'>,
  ms: number,
  background?: 'background',
): Promise<void> {
  return new Promise((resolve) => {
    time.after(ms, resolve, background);
  });
}
