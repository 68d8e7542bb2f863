// How an agent leaves without failing anybody's work:
//
//   take nothing more ─▶ hand back what has not begun ─▶ let the rest finish (grace)
//     ─▶ interrupt what still runs ─▶ wait for acknowledgements (bounded) ─▶ leave
//
// Without a stream it goes on dialling meanwhile; what cannot be told within the bounds is
// found out by the coordinator when it loses the session.

import type { Clock } from './link/clock.ts';

/** What a drain acts upon. */
export interface Drained {
  /** Declines from now on, and says so. */
  takeNoMore(reason: string): void;
  /** Gives back what has not begun. */
  releaseWaiting(): void;
  /** Asks everything that runs to stop. */
  interruptRunning(): void;
  /** Attempts whose outcome is not known. */
  runningCount(): number;
  /** Outcomes without an answer. */
  unacknowledgedCount(): number;
  /** Calls back whenever one of the counts may have changed; returns how to stop that. */
  onChange(changed: () => void): () => void;
  /** Ends the session. */
  leave(reason: string): Promise<void>;
}

/** Bounds of a drain, in milliseconds. */
export interface DrainBounds {
  /** How long what runs may take to end by itself. */
  readonly graceMs: number;
  /** How long interrupted attempts may take to give their outcome. */
  readonly interruptMs: number;
  /** How long the last outcomes may take to be acknowledged. */
  readonly acknowledgeMs: number;
}

/** Drains; resolves when the session is over. */
export async function drain(
  drained: Drained,
  clock: Clock,
  bounds: DrainBounds,
  reason: string,
): Promise<void> {
  drained.takeNoMore(reason);
  drained.releaseWaiting();
  const nothingRuns = () => drained.runningCount() === 0;
  if (!(await until(nothingRuns, drained, clock, bounds.graceMs))) {
    drained.interruptRunning();
    await until(nothingRuns, drained, clock, bounds.interruptMs);
  }
  const nothingOpen = () => drained.unacknowledgedCount() === 0;
  await until(nothingOpen, drained, clock, bounds.acknowledgeMs);
  await drained.leave(reason);
}

/** Waits until `holds`; false if that took longer than `ms`. */
function until(
  holds: () => boolean,
  { onChange }: Pick<Drained, 'onChange'>,
  clock: Clock,
  ms: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (holds()) {
      resolve(true);
      return;
    }
    const end = (held: boolean) => {
      timer.cancel();
      stop();
      resolve(held);
    };
    const timer = clock.after(ms, () => end(false));
    const stop = onChange(() => {
      if (holds()) end(true);
    });
  });
}
