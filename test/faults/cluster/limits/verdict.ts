// The verdict on limits: replays what the database has written down, commit by commit.

import type { Bound, RateBound } from './bounds.ts';
import type { Step } from './ledger.ts';

/** What was seen of one limit on leases. */
export interface BoundSeen {
  readonly bound: Bound;
  /** Leases at once, at most. */
  readonly most: number;
  /** Keys, or 1 if it does not go by keys. */
  readonly lines: number;
  /** Of them, those that were full while something waited, so that it was the limit that held it back. */
  readonly fullLines: number;
  /** Commits after which one of them was. */
  readonly fullCommits: number;
}

/** What was seen of one rate. */
export interface RateSeen {
  readonly handOvers: number;
  /** Of all windows the most that were handed over beyond what the rate brings in it; at most the burst is allowed. */
  readonly most: number;
}

/** What the ledger shows. */
export interface LedgerVerdict {
  readonly faults: readonly string[];
  readonly seen: readonly BoundSeen[];
  readonly rate: RateSeen;
  readonly commits: number;
}

const finished: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);
/** Times are whole milliseconds, and buckets are floating point. */
const slack = 1e-6;

/** Holds the steps to the limits, and each task to one end. */
export function judgeLedger(
  steps: readonly Step[],
  bounds: readonly Bound[],
  rate: RateBound,
): LedgerVerdict {
  const replayed = bounds.map((bound) => replay(steps, bound));
  const rated = judgeRate(steps, rate);
  return {
    faults: [...replayed.flatMap(({ faults }) => faults), ...rated.faults, ...lifeFaults(steps)],
    seen: replayed.map(({ seen }) => seen),
    rate: rated.seen,
    commits: new Set(steps.map(({ transaction }) => transaction)).size,
  };
}

/** Leases and waiting tasks under one limit, or of one of its keys. */
interface Line {
  running: number;
  waiting: number;
  most: number;
  fullCommits: number;
}

/** What a commit leaves is looked at, not what it does on the way. */
function replay(all: readonly Step[], bound: Bound): { faults: string[]; seen: BoundSeen } {
  const steps = all.filter(({ handler }) => bound.handlers.includes(handler));
  const lines = new Map<string, Line>();
  const faults: string[] = [];
  let touched = new Set<string>();
  for (const [at, step] of steps.entries()) {
    const name = bound.eachKey ? (step.key ?? '') : '';
    const line = lines.get(name) ?? { running: 0, waiting: 0, most: 0, fullCommits: 0 };
    lines.set(name, line);
    line.running += change(step, 'RUNNING');
    line.waiting += change(step, 'WAITING');
    touched.add(name);
    if (steps[at + 1]?.transaction === step.transaction) continue;
    for (const each of touched) {
      const left = lines.get(each);
      if (left === undefined) continue;
      if (left.running > Math.max(bound.max, left.most))
        faults.push(
          `${bound.name} ${each}: ${left.running} leases at once under a limit of ${bound.max}, since transaction ${step.transaction} made task ${step.taskId} ${step.after}`,
        );
      left.most = Math.max(left.most, left.running);
      if (left.running >= bound.max && left.waiting > 0) left.fullCommits += 1;
    }
    touched = new Set();
  }
  const found = [...lines.values()];
  const seen = {
    bound,
    most: Math.max(0, ...found.map(({ most }) => most)),
    lines: found.length,
    fullLines: found.filter(({ fullCommits }) => fullCommits > 0).length,
    fullCommits: found.reduce((sum, { fullCommits }) => sum + fullCommits, 0),
  };
  return { faults, seen };
}

function change({ before, after }: Step, state: string): number {
  return Number(after === state) - Number(before === state);
}

/**
 * In a window from one hand-over to another there may be as many as the burst and what the rate brings meanwhile. For each
 * hand-over only the window is looked at in which that is tightest, so that all are.
 */
function judgeRate(all: readonly Step[], { handler, count, burst }: RateBound) {
  const times = all
    .flatMap((step) =>
      step.handler === handler && step.after === 'RUNNING' ? (step.leasedAt ?? []) : [],
    )
    .sort((a, b) => a - b);
  const faults: string[] = [];
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, time] of times.entries()) {
    const ahead = at - (time * count) / 1_000;
    least = Math.min(least, ahead);
    const over = ahead - least + 1;
    if (over > burst + slack && over > most + slack)
      faults.push(
        `${handler}: up to ${new Date(time).toISOString()} ${over.toFixed(3)} were handed over beyond ${count} in a second, with a burst of ${burst}`,
      );
    most = Math.max(most, over);
  }
  return { faults, seen: { handOvers: times.length, most } };
}

/** Each task begins once, goes on from where it was, and ends once. */
function lifeFaults(steps: readonly Step[]): string[] {
  const faults: string[] = [];
  for (const [taskId, own] of Map.groupBy(steps, (step) => step.taskId)) {
    for (const [at, { before, after }] of own.entries()) {
      const stood = own[at - 1]?.after ?? null;
      if (before !== stood) faults.push(`${taskId} was ${stood}, and became ${after} as ${before}`);
    }
    const ended = own.filter(({ after }) => finished.has(after));
    const last = own.at(-1)?.after ?? '';
    if (ended.length !== 1 || !finished.has(last))
      faults.push(`${taskId} (${own[0]?.handler}) ended ${ended.length} times, and is ${last}`);
  }
  return faults;
}

/** What was never reached, so that nothing was shown; of keys, half must have been. */
export function unreached({ seen, rate }: LedgerVerdict, { burst }: RateBound): readonly string[] {
  return [
    ...seen.flatMap(({ bound, most, lines, fullLines }) =>
      most >= bound.max && fullLines > 0 && fullLines * 2 >= lines ? [] : [bound.name],
    ),
    // One more at the wrong moment would have been too many.
    ...(rate.most > burst - 1 ? [] : ['rate']),
  ];
}

/** One line of a report. */
export function textOf({ bound, most, lines, fullLines, fullCommits }: BoundSeen): string {
  const which = bound.eachKey ? `, ${fullLines} of ${lines} keys` : '';
  return `${bound.name.padEnd(8)} at most ${most} of ${bound.max} leases; full while others waited after ${fullCommits} commits${which}`;
}
