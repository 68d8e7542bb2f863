// What handlers say while they run: progress, checkpoints and log lines. Of progress and
// checkpoints only the newest is kept; of log lines the first `logLinesMax - 1`, then one
// more or a count of what was dropped. An attempt is reported at most once per interval,
// and once more when it ends, before its outcome.

import type { LogLevel, LogLine, LogReport, Progress, ProgressReport } from '@muster/proto';
import { fitText, msToWire } from '@muster/sdk/internal';
import type { LeaseRef, PayloadBytes } from './lease.ts';
import { LeaseMap } from './lease-map.ts';

/** A line as a handler logged it; `at` is calendar time in milliseconds. */
export interface LoggedLine {
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
}

/** Everything that is due now. */
export interface DueReports {
  readonly progress: ProgressReport[];
  readonly logs: LogReport[];
}

interface Entry {
  readonly ref: LeaseRef;
  readonly logLinesMax: number;
  progress: Progress | undefined;
  checkpoint: PayloadBytes | undefined;
  lines: LogLine[];
  linesLogged: number;
  /** The line at the limit: sent only if it turns out to be the last. */
  lineHeldBack: LogLine | undefined;
  reportedAt: number;
  finished: boolean;
}

const logLineBytesMax = 4096;
const progressMessageBytesMax = 1024;

/** The reports of all attempts. */
export class Reports {
  readonly #entries = new LeaseMap<Entry>();
  readonly #pending = new Set<Entry>();
  #intervalMs = 200;
  #logLinesMax = 200;

  /** Limits from a Welcome; log lines of attempts that have begun to log keep theirs. */
  limit(limits: { readonly progressIntervalMs: number; readonly logLinesMax: number }): void {
    this.#intervalMs = limits.progressIntervalMs;
    this.#logLinesMax = Math.max(1, limits.logLinesMax);
  }

  /** Newest progress. */
  progress(ref: LeaseRef, progress: Progress): void {
    const message = fitText(progress.message ?? '', progressMessageBytesMax);
    const entry = this.#entry(ref);
    entry.progress = { completed: progress.completed ?? 0, total: progress.total ?? 0, message };
    this.#pending.add(entry);
  }

  /** Newest checkpoint. */
  checkpoint(ref: LeaseRef, checkpoint: PayloadBytes): void {
    const entry = this.#entry(ref);
    entry.checkpoint = checkpoint;
    this.#pending.add(entry);
  }

  /** One more line. */
  log(ref: LeaseRef, line: LoggedLine): void {
    const entry = this.#entry(ref);
    entry.linesLogged += 1;
    if (entry.linesLogged > entry.logLinesMax) return;
    const logLine = {
      logTime: msToWire(line.at),
      level: line.level,
      message: fitText(line.message, logLineBytesMax),
    };
    if (entry.linesLogged === entry.logLinesMax) {
      entry.lineHeldBack = logLine;
      return;
    }
    entry.lines.push(logLine);
    this.#pending.add(entry);
  }

  /** So many lines were logged over the limit. */
  linesDropped(ref: LeaseRef, count: number): void {
    this.#entry(ref).linesLogged += count;
  }

  /** The attempt has ended: what is left is due at once. */
  finish(ref: LeaseRef): void {
    const entry = this.#entries.get(ref);
    if (!entry) return;
    entry.finished = true;
    if (entry.lineHeldBack) {
      entry.lines.push(lastLine(entry, entry.lineHeldBack));
      this.#pending.add(entry);
    }
    if (!this.#pending.has(entry)) this.#entries.delete(ref);
  }

  /** The lease is void. */
  forget(ref: LeaseRef): void {
    const entry = this.#entries.get(ref);
    if (!entry) return;
    this.#entries.delete(ref);
    this.#pending.delete(entry);
  }

  /** Everything is void. */
  clear(): void {
    this.#entries.clear();
    this.#pending.clear();
  }

  /** Takes out what may be sent now. */
  takeDue(now: number): DueReports {
    const due: DueReports = { progress: [], logs: [] };
    for (const entry of this.#pending) {
      if (!entry.finished && now - entry.reportedAt < this.#intervalMs) continue;
      this.#pending.delete(entry);
      if (entry.finished) this.#entries.delete(entry.ref);
      entry.reportedAt = now;
      if (entry.progress || entry.checkpoint) due.progress.push(takeProgress(entry));
      if (entry.lines.length > 0) due.logs.push({ lease: entry.ref, lines: entry.lines });
      entry.lines = [];
    }
    return due;
  }

  /** Milliseconds until something is due; undefined if nothing waits. */
  nextDueIn(now: number): number | undefined {
    let next: number | undefined;
    for (const { finished, reportedAt } of this.#pending) {
      const wait = finished ? 0 : Math.max(0, reportedAt + this.#intervalMs - now);
      next = next === undefined ? wait : Math.min(next, wait);
    }
    return next;
  }

  #entry(ref: LeaseRef): Entry {
    let entry = this.#entries.get(ref);
    if (!entry) {
      entry = {
        ref,
        logLinesMax: this.#logLinesMax,
        progress: undefined,
        checkpoint: undefined,
        lines: [],
        linesLogged: 0,
        lineHeldBack: undefined,
        reportedAt: Number.NEGATIVE_INFINITY,
        finished: false,
      };
      this.#entries.set(entry);
    }
    return entry;
  }
}

function takeProgress(entry: Entry): ProgressReport {
  const report: ProgressReport = { lease: entry.ref };
  if (entry.progress) report.progress = entry.progress;
  if (entry.checkpoint) report.checkpoint = { ...entry.checkpoint };
  entry.progress = undefined;
  entry.checkpoint = undefined;
  return report;
}

function lastLine(entry: Entry, heldBack: LogLine): LogLine {
  const dropped = entry.linesLogged - entry.logLinesMax + 1;
  if (dropped === 1) return heldBack;
  const message = `${dropped} more lines were dropped: an attempt keeps at most ${entry.logLinesMax}.`;
  return { ...heldBack, level: 'LOG_LEVEL_WARN', message };
}
