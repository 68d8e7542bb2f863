/**
 * Which of the times in line may have a task now, by the overlap policy.
 *
 * The line has the times that wait since earlier turns, and then those that have just become due, each in order. What a backfill
 * asked for waits behind all others, and is neither skipped nor replaced: it was asked for one by one.
 */
import type { OverlapPolicy } from './schedule.ts';

/** The reason that the cancelled tasks of an overlap are given. */
export const replacedReason = 'A later time of its schedule replaces it.';

/** A time that asks for a task. */
export type TimeInLine = {
  readonly nominalAt: number;
  readonly dueAt: number;
  readonly backfill: boolean;
  /** What it becomes when it gets its task. */
  readonly asked: 'FIRED' | 'CAUGHT_UP' | 'BACKFILLED';
  /** It has no record yet. */
  readonly fresh: boolean;
};

/** What becomes of the line. */
export type Admission = {
  readonly fire: readonly TimeInLine[];
  readonly skip: readonly TimeInLine[];
  readonly wait: readonly TimeInLine[];
  /** The unfinished tasks are to end, because a newer time waits for it. */
  readonly cancel: boolean;
};

/** Decides over a line while `running` tasks of the schedule are unfinished. */
export function admit(
  line: readonly TimeInLine[],
  running: number,
  policy: OverlapPolicy,
): Admission {
  const own = ownOf(line);
  const filled = line.filter(({ backfill }) => backfill);
  const { fire, skip, wait, cancel } = admitOwn(own, running, policy);
  // There is room only if none of the others waits.
  const behind = roomOf(policy, running + fire.length);
  return {
    fire: [...fire, ...filled.slice(0, behind)],
    skip,
    wait: [...wait, ...filled.slice(behind)],
    cancel,
  };
}

/** Without what a backfill asked for, which does not count as fires of the schedule's own. */
export function ownOf(times: readonly TimeInLine[]): readonly TimeInLine[] {
  return times.filter(({ backfill }) => !backfill);
}

function roomOf({ runningMax }: OverlapPolicy, running: number): number {
  return runningMax === null ? Number.POSITIVE_INFINITY : Math.max(0, runningMax - running);
}

function admitOwn(line: readonly TimeInLine[], running: number, policy: OverlapPolicy): Admission {
  const room = roomOf(policy, running);
  const fire = line.slice(0, room);
  const late = line.slice(room);
  switch (policy.rule) {
    case 'ALLOW':
    case 'SKIP':
      return { fire, skip: late, wait: [], cancel: false };
    case 'BUFFER':
      return {
        fire,
        wait: late.slice(0, policy.bufferMax),
        skip: late.slice(policy.bufferMax),
        cancel: false,
      };
    case 'CANCEL': {
      const newest = line.slice(-1);
      const skip = line.slice(0, -1);
      return running === 0
        ? { fire: newest, skip, wait: [], cancel: false }
        : { fire: [], skip, wait: newest, cancel: newest.some(({ fresh }) => fresh) };
    }
  }
}
