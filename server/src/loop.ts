/**
 * The one loop of all roles: run, wait, run again; sooner when nudged.
 *
 * States: idle → (waiting ⇄ running) → stopped. Runs of one loop never overlap. A nudge during a run makes another run
 * follow at once. An outage of the database is logged when it begins and when it ends, and is survived; any other error
 * is logged each time, and the loop goes on after its interval.
 */
import type { Logger } from 'pino';
import type { Time, Timer } from './rules/time.ts';
import { StoreUnavailable } from './store/errors.ts';
import { systemTime } from './time.ts';

/** What one run did. */
export type LoopReport = {
  /** How many things it changed; 0 keeps the log quiet. */
  readonly did: number;
  /** Run again no later than in so many milliseconds; 0: at once. Not given: after the interval. */
  readonly nextInMs?: number;
};

/** What a loop is made of. */
export type LoopOptions = {
  /** For logs: what the loop does to a task, as in `promotion`. */
  readonly name: string;
  readonly intervalMs: number;
  /** Share of the interval by which chance may shorten it, so that replicas do not march in step. Default 0.2. */
  readonly jitter?: number;
  /** Two runs begin at least so far apart, whatever nudges come. Default 0. */
  readonly restMs?: number;
  readonly logger: Logger;
  readonly runOnce: () => Promise<LoopReport>;
  /** Default: the time and the chance of this process. */
  readonly time?: Time;
};

/** A running loop. */
export type Loop = {
  /** The first run comes at once. */
  start(): void;
  /** Waits for the run under way; no run follows. */
  stop(): Promise<void>;
  /** Runs as soon as possible; harmless at any time, however often. */
  nudge(): void;
  /** Runs no later than in so many milliseconds. */
  nudgeIn(delayMs: number): void;
  /** One run, by hand: for tests. Errors reach the caller. */
  runOnce(): Promise<LoopReport>;
};

/** Makes a loop; it runs when started. */
export function createLoop(options: LoopOptions): Loop {
  const { name, intervalMs, jitter = 0.2, restMs = 0, time = systemTime } = options;
  const logger = options.logger.child({ loop: name });
  let phase: 'idle' | 'waiting' | 'running' | 'stopped' = 'idle';
  let timer: Timer | undefined;
  let wakeAt = Number.POSITIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> = Promise.resolve();
  let outage = false;

  function wakeIn(delayMs: number): void {
    if (phase === 'idle' || phase === 'stopped') return;
    const at = Math.max(time.now() + delayMs, begunAt + restMs);
    if (at >= wakeAt) return;
    wakeAt = at;
    if (phase === 'waiting') arm();
  }

  function arm(): void {
    timer?.cancel();
    timer = time.after(Math.max(0, wakeAt - time.now()), begin);
  }

  function begin(): void {
    phase = 'running';
    wakeAt = Number.POSITIVE_INFINITY;
    begunAt = time.now();
    running = run().then((report) => {
      if (phase === 'stopped') return;
      phase = 'waiting';
      wakeIn(
        Math.min(
          report.nextInMs ?? Number.POSITIVE_INFINITY,
          intervalMs * (1 - jitter * time.random()),
        ),
      );
      arm();
    });
  }

  async function run(): Promise<LoopReport> {
    try {
      const report = await options.runOnce();
      if (outage) logger.info('the database answers again');
      outage = false;
      if (report.did > 0) logger.debug({ did: report.did }, 'looked and did');
      return report;
    } catch (error) {
      if (!(error instanceof StoreUnavailable))
        logger.error({ err: error }, 'a run failed; the loop goes on');
      else if (!outage)
        logger.warn({ err: error }, 'the database cannot be reached; the loop goes on trying');
      outage ||= error instanceof StoreUnavailable;
      return { did: 0, nextInMs: Math.min(intervalMs, 1000) };
    }
  }

  return {
    start() {
      if (phase !== 'idle') return;
      phase = 'waiting';
      wakeIn(0);
    },
    async stop() {
      phase = 'stopped';
      timer?.cancel();
      await running;
    },
    nudge: () => wakeIn(0),
    nudgeIn: wakeIn,
    runOnce: options.runOnce,
  };
}
