// Which agents could reach which coordinators, and when, as far as faults had to do with it. A lost attempt must be
// excused by it: nobody else loses a session.

/** A stretch of time in which some agents could not reach some coordinators. Milliseconds of the calendar. */
export interface Hit {
  readonly from: number;
  readonly to: number;
  /** Numbers of an agent and of a coordinator; undefined: of all of them. */
  readonly agent?: number | undefined;
  readonly coordinator?: number | undefined;
  /** Only this life of the agent, such as `agent-2.1`. */
  readonly agentId?: string | undefined;
}

/** How many there are, and the limits that excuse. */
export interface Reach {
  readonly coordinators: number;
  /** An agent that reached nobody for so long may be lost. */
  readonly aloneMs: number;
  /** So may one that, for so long, reached but one, which it tries last. */
  readonly almostAloneMs: number;
  /** Between the end of such a stretch and the loss. */
  readonly afterMs: number;
}

/** Of the default settings: lost 7 s after it was last heard, dials of 2, 4 and 8 s, a sweep every second. */
export const defaultReach = { aloneMs: 4_000, almostAloneMs: 5_500, afterMs: 9_000 } as const;

/** Whether the hits explain that the session of an agent, such as `agent-2.1`, was lost at a moment. */
export function isExcused(
  hits: readonly Hit[],
  agentId: string,
  lostAt: number,
  reach: Reach,
): boolean {
  const number = Number(/^agent-(\d+)\./.exec(agentId)?.[1]);
  const known = hits.filter(
    (hit) =>
      (hit.agent === undefined || hit.agent === number) &&
      (hit.agentId === undefined || hit.agentId === agentId),
  );
  const before = known.filter(({ from }) => from < lostAt);
  const moments = before.flatMap(({ from, to }) => [from, Math.min(to, lostAt)]);
  const bounds = [...new Set(moments)].sort((a, b) => a - b);
  const longest = (reachedMost: number): number => {
    let since: number | undefined;
    let length = 0;
    for (const [at, begin] of bounds.entries()) {
      const end = bounds[at + 1];
      if (end === undefined || reached(before, begin, reach.coordinators) > reachedMost) {
        since = undefined;
        continue;
      }
      since ??= begin;
      if (end > lostAt - reach.afterMs) length = Math.max(length, end - since);
    }
    return length;
  };
  return longest(0) >= reach.aloneMs || longest(1) >= reach.almostAloneMs;
}

/** How many coordinators no hit covers at the moment. */
function reached(hits: readonly Hit[], at: number, coordinators: number): number {
  const now = hits.filter(({ from, to }) => from <= at && at < to);
  if (now.some(({ coordinator }) => coordinator === undefined)) return 0;
  return coordinators - new Set(now.map(({ coordinator }) => coordinator)).size;
}
