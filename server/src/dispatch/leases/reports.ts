/**
 * What running attempts report: progress, checkpoints and log lines, on their way into the store.
 *
 * A newer progress replaces an older one that still waits. Both kinds are written before the outcome of their lease, for
 * after it nothing of the lease is accepted. What waits is bounded; log lines beyond are dropped and counted.
 */
import type { LeaseRef__Output, LogReport__Output, ProgressReport__Output } from '@muster/proto';
import type { Logger } from 'pino';
import type { LogLine } from '../../rules/task.ts';
import type { ProgressWrite, Store } from '../../store/store.ts';
import type { Wakeups } from '../../wakeups/wakeups.ts';
import { payloadFault, readLogLine, readPayload, readProgress } from '../../wire/agent-messages.ts';
import type { Counters } from '../counters.ts';
import { isPassing, type Pace } from '../pace.ts';
import { findLease, type OpenLease, type Session } from '../session/session.ts';

/** Takes reports. Items of leases that the session does not hold are ignored: they may have ended a moment ago. */
export type Reports = {
  /** Answers how many items were malformed. */
  progress(session: Session, reports: readonly ProgressReport__Output[]): number;
  logLines(session: Session, reports: readonly LogReport__Output[]): void;
  /** Settles when everything reported so far is stored or dropped. */
  idle(): Promise<void>;
};

type LogWrite = { readonly lease: OpenLease; readonly lines: readonly LogLine[] };

/** Log lines of all sessions together that may wait for the database. */
const waitingLinesMax = 50_000;
const batchMax = 500;

/** What reports are made of. */
export type ReportsOptions = {
  readonly store: Store;
  readonly wakeups: Wakeups;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly pace: Pace;
  readonly payloadBytesMax: number;
  readonly logLinesMax: number;
};

/** Makes the way of reports. */
export function createReports(options: ReportsOptions): Reports {
  const progress = createProgressWay(options);
  const logs = createLogWay(options);
  return {
    progress: progress.take,
    logLines: logs.take,
    async idle() {
      await Promise.all([progress.idle(), logs.idle()]);
    },
  };
}

function createProgressWay(options: ReportsOptions) {
  const { store, wakeups, payloadBytesMax } = options;
  const newest = new Map<OpenLease, ProgressWrite>();
  const lane = createLane(options, takeBatch, async (batch: readonly ProgressWrite[]) => {
    const written = await store.leases.writeProgress(batch);
    // Who watches reads it now, and not at the next safety poll.
    if (written.length > 0)
      wakeups.publish('moved', {
        tasks: written.map(({ taskId }) => ({ taskId, finished: false })),
      });
  });

  function takeBatch() {
    const batch = [...newest].slice(0, batchMax);
    for (const [lease] of batch) newest.delete(lease);
    const done = () => settle(batch.map(([lease]) => lease));
    return { items: batch.map(([, write]) => write), done };
  }

  function note(lease: OpenLease, report: ProgressReport__Output, fits: boolean): void {
    const older = newest.get(lease);
    if (older === undefined) lease.reportsPending += 1;
    const checkpoint = report.checkpoint !== null && fits ? readPayload(report.checkpoint) : null;
    newest.set(lease, {
      taskId: lease.taskId,
      leaseEpoch: lease.leaseEpoch,
      progress: readProgress(report) ?? older?.progress ?? null,
      checkpoint: checkpoint ?? older?.checkpoint ?? null,
    });
    lane.begin();
  }

  return {
    idle: lane.idle,
    take(session: Session, reports: readonly ProgressReport__Output[]): number {
      let malformed = 0;
      for (const report of reports) {
        const lease = reporting(session, report.lease);
        const { checkpoint } = report;
        const fits = checkpoint === null || payloadFault(checkpoint, payloadBytesMax) === null;
        if (!fits) malformed += 1;
        if (lease !== null) note(lease, report, fits);
      }
      return malformed;
    },
  };
}

function createLogWay(options: ReportsOptions) {
  const { store, counters, logLinesMax } = options;
  // One line more than is kept: agents count in it what they dropped.
  const linesMax = logLinesMax + 1;
  const logs: LogWrite[] = [];
  let waitingLines = 0;
  const lane = createLane(
    options,
    takeBatch,
    (batch: Parameters<Store['leases']['appendLogLines']>[0]) =>
      store.leases.appendLogLines(batch, linesMax),
  );

  function takeBatch() {
    const batch = logs.splice(0, batchMax);
    for (const { lines } of batch) waitingLines -= lines.length;
    const items = batch.map(({ lease: { taskId, leaseEpoch }, lines }) => ({
      ...{ taskId, leaseEpoch, lines },
    }));
    return { items, done: () => settle(batch.map(({ lease }) => lease)) };
  }

  function note(lease: OpenLease, lines: LogReport__Output['lines']): void {
    const room = Math.min(linesMax - lease.logLines, waitingLinesMax - waitingLines);
    const taken = lines.slice(0, Math.max(0, room));
    if (taken.length < lines.length)
      counters.count('log_lines_dropped', lines.length - taken.length);
    if (taken.length === 0) return;
    lease.logLines += taken.length;
    lease.reportsPending += 1;
    waitingLines += taken.length;
    logs.push({ lease, lines: taken.map(readLogLine) });
    lane.begin();
  }

  return {
    idle: lane.idle,
    take(session: Session, reports: readonly LogReport__Output[]): void {
      for (const report of reports) {
        const lease = reporting(session, report.lease);
        if (lease !== null) note(lease, report.lines);
      }
    },
  };
}

/** The lease that a report is about, if it has not ended. */
function reporting(session: Session, ref: LeaseRef__Output | null): OpenLease | null {
  const lease = ref === null ? null : findLease(session, ref);
  return lease === null || lease.stage === 'ENDED' ? null : lease;
}

/** The reports of these leases are stored or dropped. */
function settle(leases: readonly OpenLease[]): void {
  for (const lease of leases) {
    lease.reportsPending -= 1;
    if (lease.reportsPending > 0) continue;
    const whenReported = lease.whenReported;
    lease.whenReported = null;
    whenReported?.();
  }
}

/** One batch at a time; tried while the database is away, dropped if it refuses. */
function createLane<Item>(
  { pace, logger }: { readonly pace: Pace; readonly logger: Logger },
  take: () => { readonly items: readonly Item[]; readonly done: () => void },
  write: (items: readonly Item[]) => Promise<void>,
) {
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    await Promise.resolve();
    for (;;) {
      const { items, done } = take();
      if (items.length === 0) return;
      await attempt(items);
      done();
    }
  }

  async function attempt(items: readonly Item[]): Promise<void> {
    for (;;) {
      try {
        return await write(items);
      } catch (error) {
        if (!isPassing(error))
          return logger.error({ err: error, items: items.length }, 'reports were dropped');
        if (pace.stopped()) return;
        await pace.wait(250);
      }
    }
  }

  return {
    begin() {
      running ??= run().finally(() => {
        running = null;
      });
    },
    async idle() {
      while (running !== null) await running;
    },
  };
}
